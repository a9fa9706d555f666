"""Chinese questions get the English words that documents use."""

import pytest

from rag.translate import english_words


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("乌镇峰会的主题是什么？", "Wuzhen Summit theme"),
        ("世界互联网大会總部", "World Internet Conference WIC headquarters"),
        ("任贤良是谁？", "Xianliang"),
        ("Where is the WIC?", ""),
    ],
)
def test_english_words(question: str, words: str) -> None:
    assert english_words(question, {"xianliang", "wuzhen"}) == words
