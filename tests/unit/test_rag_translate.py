"""Chinese questions get the English words that documents use."""

import pytest

from rag.translate import english_words, uncovered


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("乌镇峰会的主题是什么？", "Wuzhen Summit theme"),
        ("世界互联网大会總部", "World Internet Conference WIC headquarters"),
        ("任贤良是谁？", "Xianliang"),
        ("Where is the WIC?", ""),
        ("2025年第十二届乌镇峰会", "2025 twelfth session edition Wuzhen Summit"),
        ("第3届", "third session edition"),
    ],
)
def test_english_words(question: str, words: str) -> None:
    assert english_words(question, {"xianliang", "wuzhen"}) == words


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("高咨委有哪些成员？", ["高咨委"]),  # the glossary knows 成员, the rest asks or is a name
        ("第十二届乌镇峰会的主题是什么？", []),
        ("Where is the WIC?", []),
    ],
)
def test_han_characters_that_no_term_covers_stay(question: str, runs: list[str]) -> None:
    assert uncovered(question) == runs
