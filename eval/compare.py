"""python -m eval compare: what got better and what got worse between two runs, question by question.

    python -m eval compare BEFORE AFTER

Right answers are compared by McNemar's exact test (McNemar 1947; binomial on the questions that changed), every other
measure by a paired bootstrap of the differences (Efron and Tibshirani 1993).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from eval.golden import Case
from eval.interval import Estimate, Reduce, estimate
from eval.metrics import MEASURES, Measure
from eval.plural import counted
from eval.record import Record, read
from eval.run import Result

CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose verdict is another one."""

    id: str
    question: str
    before: str  # why it was wrong; "" if it was right
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs, over the questions that it applies to in both."""

    measure: Measure
    before: float
    after: float
    change: Estimate  # after - before

    @property
    def verdict(self) -> str:
        """ "better", "worse" or "": an interval that holds 0 is no difference."""
        if self.change.low <= 0 <= self.change.high:
            return ""
        return "better" if (self.change.value > 0) == (self.measure.better == "more") else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of the same questions."""

    questions: int  # asked in both
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changed_cases: tuple[str, ...]  # ids of which something else is asked or wanted
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    p: float  # McNemar
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> str:
        """What the comparison comes to, in words."""
        count = (
            f"{len(self.better)} of {counted(self.questions, 'question')} became right, {len(self.worse)} became wrong"
        )
        chance = f"McNemar's exact p = {self.p:.3g}"
        if self.p >= CHANCE:
            return f"No difference beyond chance: {count} ({chance})."
        word = "Better" if len(self.better) > len(self.worse) else "Worse"
        return f"{word}: {count} ({chance})."


def mcnemar(better: int, worse: int) -> float:
    """Return the exact two-sided p of as uneven a split of the changed questions, if change were a coin toss."""
    return float(binomtest(better, better + worse).pvalue) if better + worse else 1.0


def compare(before: Sequence[Result], after: Sequence[Result]) -> Comparison:
    """Return what changed between two runs, on the questions of both; ValueError if there are none."""
    one, two = ({result.case.id: result for result in results} for results in (before, after))
    pairs = [(one[id], two[id]) for id in sorted(one.keys() & two.keys())]
    if not pairs:
        raise ValueError("the runs have no question in common; compare runs of the same golden files")
    turned = [Change(b.case.id, b.case.question, a.verdict.reason, b.verdict.reason) for a, b in pairs if _turned(a, b)]
    better, worse = ([c for c in turned if bool(c.after) == is_wrong] for is_wrong in (False, True))
    return Comparison(
        questions=len(pairs),
        only_before=tuple(sorted(one.keys() - two.keys())),
        only_after=tuple(sorted(two.keys() - one.keys())),
        changed_cases=tuple(b.case.id for a, b in pairs if _asked_and_wanted(a.case) != _asked_and_wanted(b.case)),
        better=tuple(better),
        worse=tuple(worse),
        p=mcnemar(len(better), len(worse)),
        differences=tuple(d for measure in MEASURES if (d := _difference(measure, pairs))),
    )


def _asked_and_wanted(case: Case) -> tuple[object, ...]:
    return case.question, case.history, case.answerable, case.facts, case.evidence, case.forbidden


def _turned(before: Result, after: Result) -> bool:
    return before.verdict.right != after.verdict.right


def _difference(measure: Measure, pairs: Sequence[tuple[Result, Result]]) -> Difference | None:
    rows = [(a, b) for one, two in pairs if (a := measure.row(one)) is not None and (b := measure.row(two)) is not None]
    if not rows:
        return None
    stacked = np.array([[*a, *b] for a, b in rows], dtype=float)
    width = stacked.shape[1] // 2
    if not (measure.applies(stacked[:, :width]) and measure.applies(stacked[:, width:])):
        return None
    change = estimate(stacked, _paired(measure.reduce, width))
    before, after = (float(measure.reduce(part)) for part in (stacked[:, :width], stacked[:, width:]))
    return Difference(measure, round(before, 4), round(after, 4), change)


def _paired(reduce: Reduce, width: int) -> Reduce:
    return lambda rows: reduce(rows[..., width:]) - reduce(rows[..., :width])


def markdown(found: Comparison, names: tuple[str, str]) -> str:
    """Return the comparison as text that reads in a terminal and as Markdown."""
    lines = [f"# {names[0]} -> {names[1]}", "", found.verdict, ""]
    for title, ids in (("only before", found.only_before), ("only after", found.only_after)):
        lines += (
            [f"{counted(len(ids), 'question')} {title}: {', '.join(ids[:10])}{', ...' if len(ids) > 10 else ''}", ""]
            if ids
            else []
        )
    if found.changed_cases:
        lines += [f"Questions that were themselves changed: {', '.join(found.changed_cases)}", ""]
    lines += ["| measure | before | after | change, 95 % | verdict |", "|---|---|---|---|---|"]
    for d in found.differences:
        interval = f"{d.change.value:+.4f} ({d.change.low:+.4f} to {d.change.high:+.4f})"
        lines.append(f"| {d.measure.name} | {d.before} | {d.after} | {interval} | {d.verdict} |")
    for title, changes in (("Became wrong", found.worse), ("Became right", found.better)):
        lines += ["", f"## {title}: {len(changes)}", ""]
        lines += [f"- `{c.id}` {c.question} ({c.after or c.before})" for c in changes]
    return "\n".join(lines).rstrip() + "\n"


def as_dict(found: Comparison) -> dict[str, Any]:
    """Return the JSON form of a comparison."""
    differences = {
        d.measure.name: {"before": d.before, "after": d.after, "change": asdict(d.change), "verdict": d.verdict}
        for d in found.differences
    }
    changes = {name: [asdict(change) for change in getattr(found, name)] for name in ("better", "worse")}
    kept = {name: getattr(found, name) for name in ("questions", "only_before", "only_after", "changed_cases", "p")}
    return {"verdict": found.verdict, **kept, **changes, "differences": differences}


def warnings(before: Record, after: Record) -> list[str]:
    """Return what makes the runs hard to compare."""
    named = {"corpus_version": "documents", "model": "embedding model", "golden": "golden files", "machine": "machine"}
    differing = [what for name, what in named.items() if before.config.get(name) != after.config.get(name)]
    return [f"the runs differ in their {what}" for what in differing]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparison of two run folders."""
    parser = argparse.ArgumentParser(prog="python -m eval compare", description="Compare two runs.")
    parser.add_argument("before", type=Path, metavar="BEFORE", help="folder that `python -m eval run --out` wrote")
    parser.add_argument("after", type=Path, metavar="AFTER")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    before, after = read(options.before), read(options.after)
    found = compare(before.results, after.results)
    for warning in warnings(before, after):
        sys.stderr.write(f"{warning}\n")
    text = markdown(found, (str(options.before), str(options.after)))
    sys.stdout.write(json.dumps(as_dict(found), ensure_ascii=False, indent=2) + "\n" if options.json else text)
    return 0
