"""The gate: each threshold of thresholds.toml against the measures of a run."""

import math
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.categories import categories
from eval.golden import LANGUAGES
from eval.metrics import BY_NAME, Measure
from eval.rows import read_text
from eval.run import AXES, Result, grouped
from rag.cite import ANSWERED

FILE = Path(__file__).with_name("thresholds.toml")
HUGE = 1e9
SHOWN = 3  # worst questions of a measure that fails
NAMES = {"category": tuple(categories()), "language": LANGUAGES}  # sets, documents and states differ from run to run
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


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A threshold that too few questions of a half were asked for."""

    threshold: Threshold
    half: str
    questions: int

    @property
    def reason(self) -> str:
        """Why nothing is said of it."""
        return f"not judged: fewer than {FEWEST[self.threshold.measure.name]} questions"

    def __str__(self) -> str:
        t = self.threshold
        return f"{t.measure.name} of {self.half} half, {f'{t.axis} {t.name}'.strip()}: {self.reason}"


def thresholds(path: Path = FILE) -> list[Threshold]:
    """Return the thresholds of a file; ValueError names the file, what it does not know, and what there is."""
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}; the shipped thresholds are in {FILE}")
    text = read_text(path)
    try:
        tables = tomllib.loads(text)
        found = [Threshold(*parsed) for axis, table in tables.items() for parsed in _parsed(axis, table)]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if not found:
        raise ValueError(f"{path} holds no threshold; write some as in {FILE}")
    return found


def _parsed(axis: str, table: object) -> Iterator[tuple[str, str, Measure, float]]:
    if axis not in (known := ("all", *AXES)):
        raise ValueError(f"[{axis}] is none of {', '.join(known)}")
    if not isinstance(table, dict):
        raise ValueError(f"{axis} = {table!r} stands in no table; write it below [all]")
    for name, limits in {"": table}.items() if axis == "all" else table.items():
        if not isinstance(limits, dict):
            raise ValueError(f"[{axis}] {name}: write a table [{axis}.NAME]")
        if name not in (there := NAMES.get(axis, (name,))) and axis != "all":
            raise ValueError(f"[{axis}.{name}]: there is no {axis} {name!r}, only {', '.join(there)}")
        for measure, value in limits.items():
            if measure not in BY_NAME:
                raise ValueError(f"{measure!r} is no measure; the measures are {', '.join(BY_NAME)}")
            yield axis, name, BY_NAME[measure], _limit(BY_NAME[measure], value)


def _limit(measure: Measure, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -HUGE < value < HUGE:  # nan is not
        raise ValueError(f"{measure.name} = {value!r} is no number to reach")
    if not 0 <= value <= measure.most:
        there = "0 or more" if math.isinf(measure.most) else f"from 0 to {measure.most:g}"
        raise ValueError(f"{measure.name} = {value!r} can never be measured; its values are {there}")
    return float(value)


def _by_half(results: Sequence[Result], limits: Sequence[Threshold]) -> Iterator[tuple[str, Threshold, list[Result]]]:
    """Yield each half, each threshold, and the questions of the half that it is for."""
    for half, group in grouped(results, lambda r: [r.case.split]).items():
        axes = {"all": {"": group}} | {axis: grouped(group, key) for axis, key in AXES.items()}
        for limit in limits:
            yield half, limit, axes[limit.axis].get(limit.name, [])


def gate(results: Sequence[Result], limits: Sequence[Threshold]) -> list[Check]:
    """Return a check of each threshold in each half that has questions for it, and enough of them."""
    checks = []
    for half, limit, chosen in _by_half(results, limits):
        if len(chosen) >= _fewest(limit) and (measured := limit.measure.estimate(chosen)):
            checks.append(Check(limit, half, measured.value, tuple(limit.measure.worst(chosen, SHOWN))))
    return checks


def unjudged(results: Sequence[Result], limits: Sequence[Threshold]) -> list[Unjudged]:
    """Return the thresholds that a half has some questions for, but too few to say anything."""
    each = _by_half(results, limits)
    return [Unjudged(limit, half, len(chosen)) for half, limit, chosen in each if 0 < len(chosen) < _fewest(limit)]


def _fewest(limit: Threshold) -> int:
    return FEWEST.get(limit.measure.name, 1)


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
