import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from eval.golden import Case, split_of
from eval.metrics import BY_NAME, measure
from eval.run import Result, as_dict, evaluate, result_from, summary
from rag.cite import Answer
from rag.follow_up import Turn
from tests.answers import (
    DOCUMENT,
    FIRST,
    SECOND,
    answered,
    broken,
    case,
    citation,
    declined,
    passage,
    texts,
    unanswerable,
)


def ask_each(answers: Mapping[str, Answer], cases: Sequence[Case]) -> list[Result]:
    """Results of cases whose answers are known by their ids; one without an answer crashes."""

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        return answers[question]

    return evaluate(ask, texts, [replace(asked, question=asked.id) for asked in cases])


@pytest.fixture
def results() -> list[Result]:
    """Three answerable questions, one declined and one crashed; three others, one answered."""
    cases = [case("a"), case("b"), case("c"), unanswerable("d"), unanswerable("e"), unanswerable("f")]
    answers = {"a": answered(), "b": declined(), "d": declined(), "e": declined(), "f": answered(confidence=0.6)}
    return ask_each(answers, cases)


@pytest.mark.parametrize(
    ("name", "value", "questions"),
    [
        ("right", 3 / 6, 6),
        ("answerable_right", 1 / 3, 3),
        ("facts", 1 / 3, 3),
        ("falsely_declined", 1 / 3, 3),
        ("refusal_recall", 2 / 3, 3),
        ("refusal_precision", 2 / 3, 3),
        ("refusal_f1", 2 / 3, 6),
        ("recall_at_1", 2 / 3, 3),  # what was found counts though the answer was declined
        ("evidence_cited", 1 / 3, 3),
        ("citation_recall", 2 / 3, 3),  # a crash has none
        ("citation_precision", 2 / 3, 3),
        ("verbatim", 2 / 3, 3),
        ("rules", 5 / 6, 6),
        ("crashed", 1 / 6, 6),
        ("aurc", (0 / 1 + 1 / 2) / 2, 2),
        ("calibration_error", (abs(0.9 - 1) + abs(3 * 0.2 - 1) + 0.6) / 5, 5),
    ],
)
def test_a_run_is_measured(results: list[Result], name: str, value: float, questions: int) -> None:
    found = measure(results)[name]
    assert found.value == pytest.approx(value, abs=5e-5)
    assert found.questions == questions
    assert found.low <= found.high


def test_without_unanswerable_questions_refusals_have_no_f1() -> None:
    found = measure(ask_each({"a": declined(), "b": answered()}, [case("a"), case("b")]))
    assert {"refusal_recall", "refusal_f1"} & found.keys() == set()
    assert found["refusal_precision"].value == 0


def test_a_crash_counts_as_failed_and_the_run_goes_on(results: list[Result]) -> None:
    crashed = next(r for r in results if r.case.id == "c")
    assert crashed.answer.state == "error"
    assert crashed.verdict.reason == "crashes: KeyError: 'c'"
    assert len(results) == 6


def test_the_questions_that_weigh_most_come_first(results: list[Result]) -> None:
    assert [r.case.id for r in BY_NAME["right"].worst(results)] == ["c", "f", "b"]
    assert [r.case.id for r in BY_NAME["falsely_declined"].worst(results)] == ["b"]
    assert [r.case.id for r in BY_NAME["aurc"].worst(results)] == ["f"]
    assert BY_NAME["calibration_error"].worst(results)[0].case.id == "b"


def test_a_quote_that_does_not_stand_at_its_offsets_is_not_verbatim() -> None:
    moved = answered(f"{FIRST} [1]", replace(citation(1), start=1, end=len(FIRST) + 1))
    elsewhere = answered(f"{FIRST} [1]", citation(1, document_id="other.md"))
    assert measure(ask_each({"a": moved, "b": elsewhere}, [case("a"), case("b")]))["verbatim"].value == 0


def test_a_broken_answer_is_measured_and_not_a_crash_of_the_suite() -> None:
    found = measure(ask_each({"a": broken(f"{FIRST} [7]"), "b": broken("")}, [case("a"), case("b")]))
    assert (found["rules"].value, found["citation_recall"].value, found["crashed"].value) == (0, 0, 0)


def test_evidence_is_traced_to_the_passage_and_the_citation() -> None:
    first, second = len(FIRST), len(FIRST) + 1 + len(SECOND)
    answer = answered(
        f"{SECOND} [1] {FIRST} [2]",
        citation(1, SECOND),
        citation(2),
        retrieved=(passage(first + 1, second), passage(0, first)),
    )
    (result,) = ask_each({"a": answer}, [case("a")])
    (traced,) = result.evidence
    assert (traced.rank, traced.cited) == (2, (2,))


def test_the_summary_has_each_half_by_set_category_language_document_and_state(results: list[Result]) -> None:
    made = summary([replace(r, case=replace(r.case, split="test" if r.case.id > "d" else "dev")) for r in results])
    assert list(made) == ["dev", "test"]
    assert made["dev"]["all"]["questions"] == 4
    assert made["test"]["category"]["near_miss"]["measures"]["refusal_recall"]["value"] == 0.5
    assert list(made["dev"]["document"]) == [DOCUMENT]
    assert list(made["dev"]["state"]) == ["answered", "error", "not_in_corpus"]
    assert "seconds_p95" in made["dev"]["all"]["timing"]


def test_two_runs_differ_in_seconds_alone(results: list[Result]) -> None:
    slower = [replace(r, seconds=r.seconds + 1) for r in results]
    one, two = summary(results)["dev"]["all"], summary(slower)["dev"]["all"]
    assert one["measures"] == two["measures"]
    assert one["timing"] != two["timing"]


def test_a_result_is_read_back_as_it_was_written(results: list[Result]) -> None:
    for result in results:
        result = replace(result, case=replace(result.case, split=split_of(result.case.id)))
        row = json.loads(json.dumps(as_dict(result)))
        assert json.loads(json.dumps(as_dict(result_from(row)))) == row
