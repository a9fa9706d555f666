"""Plots of a run as SVG that stands inside a page: colours come from its style sheet, numbers from the measures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from eval.interval import Estimate
from eval.reduce import BINS, risks

WIDTH, HEIGHT = 420, 280
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 40
ROW = 22  # height of a bar with its label
LABEL = 130  # width of the labels of bars
VALUE = 84  # width of the numbers behind them


@dataclass(frozen=True, slots=True)
class Frame:
    """Axes from 0 to `right` and `top` in the usual plot."""

    right: float
    top: float

    def x(self, value: float) -> float:
        """Return the place of a value on the axis below."""
        return round(LEFT + value / self.right * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the place of a value on the axis at the left."""
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """Return points as the `d` of a line."""
        return "M" + " L".join(f"{self.x(x)},{self.y(y)}" for x, y in points)


def bars(rows: Sequence[tuple[str, Estimate]], title: str) -> Markup:
    """Return a bar for each named share, with its interval as a whisker and the number of questions."""
    width = WIDTH - LABEL - VALUE
    parts = []
    for number, (name, found) in enumerate(rows):
        middle = number * ROW + ROW / 2
        low, end, high = (round(LABEL + share * width, 1) for share in (found.low, found.value, found.high))
        parts.append(
            f'<text x="{LABEL - 8}" y="{middle + 4}" class="label end">{escape(name.replace("_", " "))}</text>'
            f'<rect x="{LABEL}" y="{middle - 6}" width="{width}" height="12" class="ground"/>'
            f'<rect x="{LABEL}" y="{middle - 6}" width="{round(end - LABEL, 1)}" height="12" class="bar"/>'
            f'<path d="M{low},{middle} H{high} M{low},{middle - 4} v8 M{high},{middle - 4} v8" class="whisker"/>'
            f'<text x="{LABEL + width + 8}" y="{middle + 4}" class="label">'
            f"{found.value:.0%} of {found.questions}</text>"
        )
    return _svg("".join(parts), title, max(1, len(rows)) * ROW)


def risk_coverage(rows: np.ndarray, title: str) -> Markup:
    """Return the share of wrong answers as ever less confident ones are let in; rows of (confidence, wrong)."""
    curve = risks(rows)
    frame = Frame(1.0, max(0.1, float(np.ceil(curve.max() * 10) / 10)))
    points = [((i + 1) / len(curve), float(risk)) for i, risk in enumerate(curve)]
    line = f'<path d="{frame.path(points)}" class="line"/>'
    return _framed(frame, line, "share of the answers, most confident first", "share wrong", title)


def reliability(rows: np.ndarray, title: str) -> Markup:
    """Return how often the documents answer, by the confidence that they do; rows of (confidence, answerable)."""
    frame = Frame(1.0, 1.0)
    parts = [f'<path d="{frame.path([(0, 0), (1, 1)])}" class="guide"/>']
    bins = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    for number in sorted(set(bins.tolist())):
        chosen = rows[bins == number]
        confidence, share = chosen.mean(axis=0)
        radius = round(3 + 9 * float(np.sqrt(len(chosen) / len(rows))), 1)
        parts.append(
            f'<circle cx="{frame.x(confidence)}" cy="{frame.y(share)}" r="{radius}" class="dot">'
            f"<title>{len(chosen)} questions: confidence {confidence:.2f}, {share:.2f} answerable</title></circle>"
        )
    return _framed(frame, "".join(parts), "confidence (a dot's area: questions)", "share answerable", title)


def latency(seconds: Sequence[float], title: str) -> Markup:
    """Return the share of questions answered within a time, with p50 and p95 marked."""
    ordered = sorted(seconds)
    right = max(float(np.quantile(ordered, 0.99)) * 1.1, 1e-3)
    frame = Frame(right, 1.0)
    points = [(s, (i + 1) / len(ordered)) for i, s in enumerate(ordered) if s <= right]
    parts = [f'<path d="{frame.path([(0, 0), *points])}" class="line"/>']
    for share in (0.5, 0.95):
        at = float(np.quantile(ordered, share))
        x = frame.x(at)
        parts.append(
            f'<path d="M{x},{frame.y(0)} V{frame.y(share)}" class="guide"/>'
            f'<text x="{x - 4}" y="{frame.y(share) - 6}" class="label end">p{share * 100:.0f} {at:.3f} s</text>'
        )
    return _framed(frame, "".join(parts), "seconds", "share answered", title)


def _framed(frame: Frame, inside: str, below: str, beside: str, title: str) -> Markup:
    ticks = []
    for step in range(5):
        x, y = frame.right * step / 4, frame.top * step / 4
        ticks.append(
            f'<path d="M{LEFT},{frame.y(y)} H{WIDTH - RIGHT}" class="grid"/>'
            f'<text x="{LEFT - 6}" y="{frame.y(y) + 4}" class="label end">{y:.3g}</text>'
            f'<text x="{frame.x(x)}" y="{HEIGHT - BOTTOM + 16}" class="label middle">{x:.2g}</text>'
        )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    names = (
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" class="label middle">{escape(below)}</text>'
        f'<text x="10" y="{middle}" transform="rotate(-90 10 {middle})" class="label middle">{escape(beside)}</text>'
    )
    return _svg("".join(ticks) + inside + names, title, HEIGHT)


def _svg(inside: str, title: str, height: float) -> Markup:
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" class="plot">{inside}</svg>'
    )
