"""The shipped golden questions, as a gate: no measure falls below its threshold in eval/thresholds.toml."""

import pytest

from eval.gate import explain, gate, thresholds
from eval.golden import load
from eval.run import Result, ask_all
from rag.chatbot import Chatbot


@pytest.fixture(scope="module")
def results(chatbot: Chatbot) -> list[Result]:
    return ask_all(chatbot, load())


def test_no_measure_falls_below_its_threshold(results: list[Result]) -> None:
    missed = [explain(check) for check in gate(results, thresholds()) if not check.passed]
    assert missed == [], "\n".join(missed)


def test_every_piece_of_evidence_stands_in_its_brief(results: list[Result]) -> None:
    lost = [
        (r.case.id, e.quote) for r in results for e, t in zip(r.case.evidence, r.evidence, strict=True) if not t.place
    ]
    assert lost == []
