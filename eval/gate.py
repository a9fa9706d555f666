"""The gate: each threshold of thresholds.toml against the measures of a run."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import BY_NAME, Measure
from eval.run import AXES, Result, grouped
from eval.verdict import ANSWERED

FILE = Path(__file__).with_name("thresholds.toml")
SHOWN = 3  # worst questions of a measure that fails
FEWEST = {"calibration_error": 50}  # questions below which a measure says nothing: of one it is how far it is from sure


@dataclass(frozen=True, slots=True)
class Threshold:
    """What one measure must reach over some of the questions."""

    axis: str  # "all", or what the questions are grouped by
    name: str  # of the group; "" for all
    measure: Measure
    value: float


@dataclass(frozen=True, slots=True)
class Check:
    """A threshold with what a half of a run reached."""

    threshold: Threshold
    half: str
    value: float
    worst: tuple[Result, ...]  # the questions that weigh most on it

    @property
    def passed(self) -> bool:
        """Whether the threshold is reached."""
        limit = self.threshold.value
        return self.value >= limit if self.threshold.measure.better == "more" else self.value <= limit

    def __str__(self) -> str:
        t = self.threshold
        group = f"{t.axis} {t.name}".strip()
        limit = "at least" if t.measure.better == "more" else "at most"
        return f"{t.measure.name} of {self.half} half, {group}: {self.value}, must be {limit} {t.value}"


def thresholds(path: Path = FILE) -> list[Threshold]:
    """Return the thresholds of a file; ValueError names the file, what it does not know, and what there is."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; the shipped thresholds are in {FILE}")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return [Threshold(*parsed) for axis, table in tables.items() for parsed in _parsed(axis, table)]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _parsed(axis: str, table: object) -> Iterator[tuple[str, str, Measure, float]]:
    if axis not in (known := ("all", *AXES)):
        raise ValueError(f"[{axis}] is none of {', '.join(known)}")
    if not isinstance(table, dict):
        raise ValueError(f"{axis} = {table!r} stands in no table; write it below [all]")
    for name, limits in {"": table}.items() if axis == "all" else table.items():
        if not isinstance(limits, dict):
            raise ValueError(f"[{axis}] {name}: write a table [{axis}.NAME]")
        for measure, value in limits.items():
            if measure not in BY_NAME:
                raise ValueError(f"{measure!r} is no measure; the measures are {', '.join(BY_NAME)}")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{measure} = {value!r} is no number")
            yield axis, name, BY_NAME[measure], float(value)


def gate(results: Sequence[Result], limits: Sequence[Threshold]) -> list[Check]:
    """Return a check of each threshold in each half that has questions for it, and enough of them."""
    halves = grouped(results, lambda r: [r.case.split])
    groups: Mapping[str, Mapping[str, Mapping[str, list[Result]]]] = {
        half: {"all": {"": group}} | {axis: grouped(group, key) for axis, key in AXES.items()}
        for half, group in halves.items()
    }
    checks = []
    for half, axes in groups.items():
        for limit in limits:
            chosen = axes[limit.axis].get(limit.name, [])
            if len(chosen) < FEWEST.get(limit.measure.name, 1):
                continue
            if measured := limit.measure.estimate(chosen):
                worst = limit.measure.worst(chosen, SHOWN)
                checks.append(Check(limit, half, measured.value, tuple(worst)))
    return checks


def unmet(results: Sequence[Result], limits: Sequence[Threshold]) -> list[str]:
    """Return the tables of thresholds for which a run has no question, as "[set.NAME]", each once."""
    asked = {axis: grouped(results, key) for axis, key in AXES.items()}
    return list(dict.fromkeys(f"[{t.axis}.{t.name}]" for t in limits if t.name and t.name not in asked[t.axis]))


def explain(check: Check) -> str:
    """Return a failed check with its worst questions, for a terminal."""
    lines = [f"BELOW THE GATE: {check}"]
    lines += [f"    {r.case.id}: {r.case.question}\n        {r.verdict.reason or _why(r)}" for r in check.worst]
    return "\n".join(lines)


def _why(result: Result) -> str:
    unshown = [s.text for s in result.statements if not s.shown and result.answer.state in ANSWERED]
    if not all(result.verbatim):
        return "a quote does not stand at its offsets"
    if unshown:
        return f"its citations do not show {unshown[0]!r}"
    return f"{result.answer.state}, confidence {result.answer.confidence:.2f}, {result.seconds} s"
