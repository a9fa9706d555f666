"""The shipped golden questions, as a gate: the share of right answers never falls below what was reached."""

import pytest

from eval.golden import load
from eval.run import Result, run, summary
from rag.chatbot import Chatbot

AT_LEAST = {"answerable_right": 0.75, "verbatim": 1.0}


@pytest.fixture(scope="module")
def results(chatbot: Chatbot) -> list[Result]:
    return run(chatbot, load())


@pytest.mark.parametrize("measure", list(AT_LEAST))
def test_measure_is_at_least_what_was_reached(results: list[Result], measure: str) -> None:
    value = summary(results)[measure]
    assert isinstance(value, float)
    assert value >= AT_LEAST[measure]


def test_every_brief_is_asked_about(chatbot: Chatbot) -> None:
    asked = {evidence.document for case in load() for evidence in case.evidence}
    assert asked == set(chatbot.store.records.hashes())


def test_every_piece_of_evidence_stands_in_its_brief(chatbot: Chatbot) -> None:
    for case in load():
        for evidence in case.evidence:
            document = chatbot.store.records.document(evidence.document)
            assert document is not None
            assert evidence.quote in document.text, (case.id, evidence.quote)
