"""Sentences of both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Li spoke for China Telecom International Co. Ltd. in Beijing.",
        "The U.S. and the E.U. compare laws.",
        "J. Smith arrived at 5 p.m. on Monday.",
        "It cost 3.5 million.",
        "Among others (e.g. Intel, Cisco etc.) were there.",
        "他说：“人工智能很重要”",
    ],
)
def test_stays_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One ends. Two begins.", ["One ends.", "Two begins."]),
        ("Is it so? Yes! Good.", ["Is it so?", "Yes!", "Good."]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("总部在北京。大会每年举行！", ["总部在北京。", "大会每年举行！"]),
        ("“很好。”他说。", ["“很好。”", "他说。"]),
        ("Held in 2024. 140 members came.", ["Held in 2024.", "140 members came."]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_is_cut_between_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB1 .!?。！”\n", max_size=60))
def test_sentences_hold_every_character_that_is_not_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
