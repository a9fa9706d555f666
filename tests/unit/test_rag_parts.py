"""Two questions in one are told apart, and one question stays whole."""

import pytest

from rag.parts import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the MoU about, and when was it signed?", ["What is the MoU about?", "when was it signed?"]),
        ("Who spoke there? How many people came?", ["Who spoke there?", "How many people came?"]),
        (
            "When was the CMTT founded, by whom, and what are its aims?",
            ["When was the CMTT founded?", "by whom (the CMTT founded)?", "what are its aims?"],
        ),
        ("Among the awards, which came first?", ["Among the awards, which came first?"]),
        ("When and where was the seminar held?", ["When and where was the seminar held?"]),
        ("Which countries and regions took part?", ["Which countries and regions took part?"]),
        ("Where is the WIC?", ["Where is the WIC?"]),
        ("谁主持了会议？有多少人参加？", ["谁主持了会议？有多少人参加？"]),
    ],
)
def test_parts(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts
