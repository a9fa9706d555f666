"""What is measured of a run: each measure with its definition, where it applies, and how questions add up."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from eval.interval import Estimate, Reduce, estimate
from eval.reduce import aurc, calibration_error, f1, mean, quantile
from eval.retrieval import DEPTHS
from eval.statements import citation_precision, citation_recall
from eval.verdict import DECLINED, is_declined, missing_facts, words
from rag.cite import ANSWERED

if TYPE_CHECKING:
    from eval.run import Result

Row = tuple[float, ...]
Of = Callable[["Result"], Row | float | None]  # None where the measure does not apply to the question


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure: what it is, of which questions, how they add up, and which way is better."""

    name: str
    about: str
    of: Of
    reduce: Reduce = mean
    better: Literal["more", "less"] = "more"
    timing: bool = False  # differs from run to run
    applies: Callable[[np.ndarray], bool] = lambda rows: len(rows) > 0  # to (questions, columns)

    @property
    def most(self) -> float:
        """The largest value there can be; of a share 1."""
        return math.inf if self.timing or self.name.startswith("words") else 1.0

    def row(self, result: "Result") -> Row | None:
        """Return what the measure sees of one question; None if it does not apply."""
        seen = self.of(result)
        return seen if seen is None or isinstance(seen, tuple) else (float(seen),)

    def estimate(self, results: Iterable["Result"]) -> Estimate | None:
        """Return the value with its interval; None if the measure applies to no question."""
        rows = np.array([row for result in results if (row := self.row(result)) is not None], dtype=float)
        return estimate(rows, self.reduce) if self.applies(rows) else None

    def worst(self, results: Iterable["Result"], count: int = 3) -> list["Result"]:
        """Return the questions that weigh most on the measure, worst first; only those that fall short."""
        weighed = [(self._harm(row), result) for result in results if (row := self.row(result)) is not None]
        harmful = [(harm, result) for harm, result in weighed if harm > 0]
        return [result for _, result in sorted(harmful, key=_worst_first)[:count]]

    def _harm(self, row: Row) -> float:
        if len(row) == 2:
            return row[1] * (1 + row[0]) if self.reduce is aurc else abs(row[0] - row[1])
        return row[0] if self.better == "less" else 1 - row[0]


def _worst_first(pair: tuple[float, "Result"]) -> tuple[float, bool, float, str]:
    """Of equal harm a crash comes first, then what was said most confidently."""
    harm, result = pair
    return -harm, result.answer.state != "error", -result.answer.confidence, result.case.id


def _answered(result: "Result") -> bool:
    return result.answer.state in ANSWERED


def _given(value: Callable[["Result"], float | None]) -> Of:
    """Of the answers that were given; a crash in place of one has 0."""
    return lambda r: value(r) if _answered(r) else 0.0 if r.answer.state == "error" else None


def _answerable(value: Callable[["Result"], float | None]) -> Of:
    return lambda r: value(r) if r.case.answerable else None


def _proven(value: Callable[["Result"], float]) -> Of:
    return lambda r: value(r) if r.case.answerable and r.case.evidence else None


def _ranking(name: str) -> Of:
    return _proven(lambda r: r.retrieval[name])


def _facts(result: "Result") -> float | None:
    groups = len(result.case.facts)
    return 1 - len(missing_facts(result.answer, result.case)) / groups if groups else None


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _declined(result: "Result") -> bool:
    return is_declined(result.answer)


MEASURES: tuple[Measure, ...] = (
    Measure(
        "right",
        "share of right answers: all facts, nothing forbidden, concise, well cited, or rightly declined",
        lambda r: r.verdict.right,
    ),
    Measure(
        "answerable_right", "right, of the questions that the documents answer", _answerable(lambda r: r.verdict.right)
    ),
    Measure("facts", "share of the facts that stand in the answer", _answerable(_facts)),
    Measure(
        "falsely_declined",
        "declined, of the questions that the documents answer",
        _answerable(lambda r: r.answer.state in DECLINED),
        better="less",
    ),
    Measure(
        "refusal_recall",
        "declined, of the questions that the documents do not answer",
        lambda r: None if r.case.answerable else _declined(r),
    ),
    Measure(
        "refusal_precision",
        "not answerable, of the questions declined",
        lambda r: not r.case.answerable if _declined(r) else None,
    ),
    Measure(
        "refusal_f1",
        "harmonic mean of refusal precision and recall",
        lambda r: (_declined(r), not r.case.answerable),
        f1,
        applies=lambda rows: bool(rows.size and rows[:, 1].any()),  # else there is no recall
    ),
    *(
        Measure(
            f"recall_at_{k}",
            f"share of the evidence in the first {k} passages found" if k > 1 else "share of the evidence found first",
            _ranking(f"recall_at_{k}"),
        )
        for k in DEPTHS
    ),
    Measure("mrr", "1 / rank of the first passage with evidence", _ranking("mrr")),
    Measure("ndcg_at_10", "gain of the ranking against the best possible one", _ranking("ndcg_at_10")),
    Measure("evidence_cited", "share of the evidence that a citation quotes", _proven(lambda r: r.evidence_cited)),
    Measure(
        "citation_recall",
        "share of the sentences that their citations show (ALCE)",
        _given(lambda r: citation_recall(r.statements) or 0.0),
    ),
    Measure(
        "citation_precision",
        "share of the citations that are needed or enough (ALCE)",
        _given(lambda r: citation_precision(r.statements) or 0.0),
    ),
    Measure(
        "verbatim",
        "share of the quotes that stand at their offsets, letter by letter",
        _given(lambda r: _share(r.verbatim)),
    ),
    Measure(
        "supported",
        "share of the citations that the answer itself calls supported",
        _given(lambda r: _share([c.support == "supported" for c in r.answer.citations])),
    ),
    Measure(
        "rules", "share of answers that keep the rules of citing", lambda r: not r.broken and r.answer.state != "error"
    ),
    Measure("crashed", "share of questions that ended in an error", lambda r: r.answer.state == "error", better="less"),
    Measure(
        "aurc",
        "area under the risk-coverage curve of the answers given",
        lambda r: (r.answer.confidence, not r.verdict.right) if _answered(r) else None,
        aurc,
        better="less",
    ),
    Measure(
        "calibration_error",
        "confidence against whether the documents answer, in ten bins",
        lambda r: (r.answer.confidence, r.case.answerable) if _answered(r) or _declined(r) else None,
        calibration_error,
        better="less",
    ),
    Measure(
        "words_p50",
        "words of the middle answer",
        lambda r: words(r.answer) if _answered(r) else None,
        quantile(0.5),
        better="less",
    ),
    Measure(
        "seconds_p50", "seconds of the middle question", lambda r: r.seconds, quantile(0.5), better="less", timing=True
    ),
    Measure(
        "seconds_p95",
        "seconds that 95 of 100 questions stay under",
        lambda r: r.seconds,
        quantile(0.95),
        better="less",
        timing=True,
    ),
)

BY_NAME = {measure.name: measure for measure in MEASURES}


def measure(results: Sequence["Result"]) -> dict[str, Estimate]:
    """Return every measure that applies to some of the results, by name."""
    found = ((m.name, m.estimate(results)) for m in MEASURES)
    return {name: value for name, value in found if value is not None}
