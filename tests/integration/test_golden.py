"""The shipped golden questions, as a gate: the share of right answers never falls below what was reached."""

import pytest

from eval.golden import FOLDER, load
from eval.run import Result, ask_all, summary
from rag.chatbot import Chatbot

# What the two files reach less about three points, so that a chance answer does not fail the gate.
CORE = {"right": 0.80, "unanswerable_declined": 1.0, "verbatim": 1.0}
HARD = {"right": 0.50, "verbatim": 1.0}


@pytest.fixture(scope="module")
def core(chatbot: Chatbot) -> list[Result]:
    return ask_all(chatbot, load([FOLDER / "core.jsonl"]))


@pytest.fixture(scope="module")
def hard(chatbot: Chatbot) -> list[Result]:
    return ask_all(chatbot, load([FOLDER / "hard.jsonl"]))


@pytest.mark.parametrize("half", ["dev", "test"])
@pytest.mark.parametrize("measure", list(CORE))
def test_what_people_ask_most_is_answered_right(core: list[Result], half: str, measure: str) -> None:
    value = summary([result for result in core if result.case.split == half])[measure]
    assert isinstance(value, float)
    assert value >= CORE[measure]


@pytest.mark.parametrize("measure", list(HARD))
def test_hard_questions_do_not_get_worse(hard: list[Result], measure: str) -> None:
    value = summary(hard)[measure]
    assert isinstance(value, float)
    assert value >= HARD[measure]


def test_every_brief_is_asked_about(chatbot: Chatbot) -> None:
    asked = {evidence.document for case in load() for evidence in case.evidence}
    assert asked == set(chatbot.store.records.hashes())


def test_every_piece_of_evidence_stands_in_its_brief(chatbot: Chatbot) -> None:
    for case in load():
        for evidence in case.evidence:
            document = chatbot.store.records.document(evidence.document)
            assert document is not None
            assert evidence.quote in document.text, (case.id, evidence.quote)
