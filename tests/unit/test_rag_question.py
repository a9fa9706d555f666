"""What a question is taken to ask."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kind import Kind, kind_of
from rag.question import LONGEST, UNASKABLE, clean_text, understand


@pytest.mark.parametrize("text", ["", "  \n\t", "\x00\x07", "\u200b"])
def test_a_blank_question_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the question is empty"):
        understand(text)


def test_a_question_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match=r"has 100,000 characters; shorten it to 2,000"):
        understand("a" * 100_000)


def test_a_refusal_says_the_same_in_each_language() -> None:
    for reason, told in UNASKABLE.items():
        assert {language: text.count("{") for language, text in told.items()} == dict.fromkeys(
            ("en", "zh"), told["en"].count("{")
        ), reason


@given(st.text(max_size=LONGEST))
def test_clean_text_is_one_line_without_control_characters(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert clean.isprintable()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many members does the WIC have?", "number"),
        ("When was it founded?", "when"),
        ("Where is the head office?", "where"),
        ("Who chaired the seminar?", "who"),
        ("Which types of membership are there?", "list"),
        ("What is the Wuzhen Summit?", "definition"),
        ("Why does it matter?", "other"),
        ("总部在哪里？", "where"),
        ("有多少会员？", "number"),
        ("谁主持了会议？", "who"),
    ],
)
def test_kind_of_question(question: str, kind: Kind) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize("text", ["Hello!", "thanks a lot", "你好", "谢谢！"])
def test_small_talk_gets_a_reply_of_its_own(text: str) -> None:
    assert understand(text).small_talk


def test_a_question_that_begins_politely_is_no_small_talk() -> None:
    assert not understand("Hello, where is the WIC?").small_talk


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Hi all, when was it founded? Many thanks", "when was it founded?"),
        ("Good morning! Who chairs the WIC? Thank you so much!", "Who chairs the WIC?"),
        ("请问一下，乌镇峰会在哪里？谢谢", "乌镇峰会在哪里？"),
        ("您好，请问秘书长是谁", "秘书长是谁"),
        ("Dear Dr. Wu, who chairs the WIC?", "who chairs the WIC?"),
        ("您好！请问一下：秘书长是谁？多谢您", "秘书长是谁？"),
        ("Hello", "Hello"),
        ("谢谢", "谢谢"),
        ("请问下一届峰会在哪里举办", "下一届峰会在哪里举办"),
        ("请问下午的分论坛由谁主持", "下午的分论坛由谁主持"),
    ],
)
def test_courtesies_around_a_question_are_not_searched(text: str, bare: str) -> None:
    assert (understand(text).standalone, understand(text).text) == (bare, text)


@pytest.mark.parametrize(
    "text",
    [
        "Who said thanks to the hosts?",
        "At the closing, thanks were given to whom",
        "Hi what is the WIC, and when was it founded?",
        "Hi-tech exhibits: which were shown in 2024?",
        "Good morning session of 2024: who spoke?",
        "请教授做主旨演讲的是哪届大会",
        "谁是秘书长？谢谢，另外总部在哪里",
        "会议上，感谢信由谁宣读",
        "你好吗？",
    ],
)
def test_what_only_looks_like_a_courtesy_is_searched(text: str) -> None:
    assert understand(text).standalone == text


def test_a_courtesy_does_not_make_a_question_clear() -> None:
    assert understand("Hi team, when was it founded? Many thanks").unclear == "it"


@pytest.mark.parametrize("text", ["!!!!", "...", "？", "😀", "$$$ ###"])
def test_a_question_without_words_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=f"the question “{re.escape(text)}” has no words; write what you want to know"):
        understand(text)
