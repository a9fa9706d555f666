"""A small run with every outcome, for the tests of its report."""

from eval.compare import compare
from eval.gate import Threshold, gate, unjudged
from eval.llm_judge import Opinion, agreement
from eval.metrics import BY_NAME
from eval.record import Record, record
from eval.report import Extras
from eval.run import assess
from rag.cite import Answer
from tests.answers import FIRST, SECOND, answered, case, citation, declined, texts, unanswerable

HOSTILE = '<script>alert("x")</script>'


def run() -> Record:
    """Two right answers, one wrong, one crash; one question is markup."""
    history = ({"question": "What is the summit?", "answer": "An event."},)
    two = answered(f"{FIRST} [1]\n- {SECOND} [2]", citation(1), citation(2, SECOND))
    results = [
        assess(case("right-1", history=history), two, 0.1, texts),
        assess(case("wrong-1", question=HOSTILE, note="Odd."), declined(), 0.2, texts),
        assess(case("crash-1", category="list"), Answer("q", "q", "en", "error", "KeyError: 1"), 0.3, texts),
        assess(unanswerable("miss-1", split="test", language="zh", question="谁付的钱？"), declined(), 0.1, texts),
    ]
    config = {
        "created": "2026-11-24T00:00:00+00:00",
        "commit": "abc",
        "corpus_version": "v1",
        "settings": {"key": "set"},
    }
    return record(config, results)


def extras(made: Record) -> Extras:
    """A missed threshold, a reached one, a baseline and a judge."""
    limits = [Threshold("all", "", BY_NAME["right"], 0.9), Threshold("all", "", BY_NAME["crashed"], 1.0)]
    limits.append(Threshold("all", "", BY_NAME["calibration_error"], 0.1))
    before = [assess(case("right-1"), declined(), 0.1, texts)]
    opinions = [
        Opinion("right-1", True, True, "Yes."),
        Opinion("wrong-1", False, True, "Fine."),
        Opinion("crash-1", False, None, "?"),
    ]
    return Extras(
        gate(made.results, limits),
        unjudged(made.results, limits),
        compare(before, made.results),
        opinions,
        {"model": "judge-1", **agreement(opinions)},
    )
