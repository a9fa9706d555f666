"""A run for people: report.html, one file that asks nobody for anything, and summary.md for a review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.compare import Comparison
from eval.gate import Check, Unjudged
from eval.interval import Estimate
from eval.llm_judge import Opinion
from eval.metrics import BY_NAME, MEASURES, Measure
from eval.plot import bars, latency, reliability, risk_coverage
from eval.plural import counted
from eval.record import Record
from eval.run import AXES, Result, grouped
from eval.verdict import missing_facts, words
from rag.cite import MARK

TEMPLATES = Path(__file__).with_name("templates")
HEADLINE = ("right", "answerable_right", "refusal_recall", "falsely_declined", "citation_recall", "seconds_p95")
SHOWN = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"}  # control characters as pictures
SHOWN |= {127: "\u2421"} | dict.fromkeys([*range(128, 133), *range(134, 160), *range(0xD800, 0xE000)], "\ufffd")
LISTED = 100  # wrong answers in summary.md


@dataclass(frozen=True, slots=True)
class Extras:
    """What stands in a report beside the run itself."""

    checks: Sequence[Check] = ()
    unjudged: Sequence[Unjudged] = ()
    comparison: Comparison | None = None
    opinions: Sequence[Opinion] = ()
    agreement: Mapping[str, Any] | None = None


def html(run: Record, extras: Extras) -> str:
    """Return the report as one HTML page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = share
    environment.filters["parts"] = parts
    opinions = {opinion.id: opinion for opinion in extras.opinions}
    results = sorted(run.results, key=lambda r: (r.verdict.right, r.case.id))
    page = environment.get_template("report.html").render(
        config=run.config,
        halves=[_half(name, group) for name, group in grouped(run.results, lambda r: [r.case.split]).items()],
        measures=MEASURES,
        by_name=BY_NAME,
        headline=HEADLINE,
        axes=list(AXES),
        summary=run.summary,
        results=results,
        choices=_choices(run.results),
        outcome=outcome,
        missing=lambda r: missing_facts(r.answer, r.case),
        words=words,
        opinions=opinions,
        extras=extras,
        verdict=verdict(extras.checks),
        counted=counted,
    )
    return page.translate(SHOWN)


def share(value: float, measure: Measure) -> str:
    """Return a measured value as people read it: seconds, words, or a share of 1."""
    if measure.timing:
        return f"{value:.3f} s"
    return f"{value:.0f}" if measure.name.startswith("words") else f"{value:.3f}"


def parts(answer: str) -> list[tuple[str, str]]:
    """Return an answer as (text, number of the mark behind it); "" where no mark follows."""
    pieces = MARK.split(answer)
    return list(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def outcome(result: Result) -> str:
    """Return "right", "wrong" or "crashed"."""
    return "right" if result.verdict.right else "crashed" if result.answer.state == "error" else "wrong"


def _half(name: str, results: Sequence[Result]) -> dict[str, Any]:
    return {"name": name, "questions": len(results), "plots": plots(results)}


def plots(results: Sequence[Result]) -> list[tuple[str, Markup]]:
    """Return (title, SVG) of each plot that the results allow."""
    right = BY_NAME["right"]
    named = [(name, right.estimate(group)) for name, group in grouped(results, AXES["category"]).items()]
    found = [("Right answers by category, with 95 % intervals", bars(_known(named), "Right answers by category"))]
    if len(rows := _rows("aurc", results)):
        found.append(("Risk against coverage", risk_coverage(rows, "Share wrong by share answered")))
    if len(rows := _rows("calibration_error", results)):
        found.append(("Reliability of the confidence", reliability(rows, "Share answerable by confidence")))
    return [*found, ("Seconds a question", latency([r.seconds for r in results], "Share answered by seconds"))]


def _known(named: Sequence[tuple[str, Estimate | None]]) -> list[tuple[str, Estimate]]:
    return [(name, value) for name, value in named if value is not None]


def _rows(measure: str, results: Sequence[Result]) -> np.ndarray:
    return np.array([row for r in results if (row := BY_NAME[measure].row(r)) is not None], dtype=float)


def _choices(results: Sequence[Result]) -> dict[str, list[str]]:
    """Return what the questions can be filtered by, with the values of each."""
    values: dict[str, set[str]] = {
        "outcome": {outcome(r) for r in results},
        "category": {r.case.category for r in results},
        "language": {r.case.language for r in results},
        "half": {r.case.split for r in results},
        "set": {r.case.set for r in results},
        "state": {r.answer.state for r in results},
    }
    return {name: sorted(found) for name, found in values.items()}


def verdict(checks: Sequence[Check]) -> str:
    """Return what the gate says, in a sentence."""
    if not checks:
        return "No threshold applies."
    missed = sum(not check.passed for check in checks)
    if missed and len(checks) > 1:
        return f"{counted(missed, 'threshold')} of {len(checks)} {'is' if missed == 1 else 'are'} missed."
    if missed:
        return "The one threshold is missed."
    return f"All {len(checks)} thresholds are reached." if len(checks) > 1 else "The one threshold is reached."


def markdown(run: Record, extras: Extras) -> str:
    """Return the run as Markdown: the gate, the measures, and the wrong answers."""
    missed = [check for check in extras.checks if not check.passed]
    lines = [
        "# Evaluation",
        "",
        f"**{verdict(extras.checks)}**" if missed else verdict(extras.checks),
    ]
    lines += [f"- {check}" for check in (*missed, *extras.unjudged)]
    about = ", ".join(
        f"{name} `{run.config.get(name, '')}`" for name in ("created", "commit", "corpus_version", "model")
    )
    lines += ["", about, ""]
    if extras.comparison:
        lines += [f"Against the baseline: {extras.comparison.verdict}", ""]
    if extras.agreement:
        found = extras.agreement
        lines += [
            f"Judge {found['model']}: agrees on {found['agree']} of {found['judged']}, kappa {found['kappa']}",
            "",
        ]
    for half, axes in run.summary.items():
        lines += [f"## {half} half: {counted(axes['all']['questions'], 'question')}", "", *_measures(axes["all"]), ""]
        for axis in ("set", "category", "language"):
            lines += [f"| right, by {axis} | | 95 % | questions |", "|---|---|---|---|"]
            lines += [_row(name, group["measures"]["right"]) for name, group in axes[axis].items()]
            lines.append("")
    wrong = [r for r in run.results if not r.verdict.right]
    lines += [f"## Wrong: {len(wrong)}", ""]
    lines += [f"- `{r.case.id}` {r.case.question} ({r.verdict.reason})" for r in wrong[:LISTED]]
    return (
        "\n".join([*lines, f"- and {len(wrong) - LISTED} more" if len(wrong) > LISTED else ""])
        .translate(SHOWN)
        .rstrip()
        + "\n"
    )


def _measures(group: Mapping[str, Any]) -> list[str]:
    rows = (_row(name, found) for name, found in (group["measures"] | group["timing"]).items())
    return ["| measure | | 95 % | questions |", "|---|---|---|---|", *rows]


def _row(name: str, found: Mapping[str, Any]) -> str:
    return f"| {name} | {found['value']} | {found['low']} to {found['high']} | {found['questions']} |"


def write(run: Record, extras: Extras, folder: Path) -> None:
    """Write report.html and summary.md to the folder of a run."""
    (folder / "report.html").write_text(html(run, extras), encoding="utf-8")
    (folder / "summary.md").write_text(markdown(run, extras), encoding="utf-8")
