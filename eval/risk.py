"""Risk and coverage: how wrong an answering machine is, if it answers only what it is surest of.

El-Yaniv & Wiener 2010, "On the Foundations of Noise-free Selective Classification"; the area is that of
Geifman, Uziel & El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers".
"""

from collections.abc import Sequence

import numpy as np


def risks(confidences: Sequence[float], right: Sequence[bool]) -> np.ndarray:
    """Return the share that is wrong among the 1, 2, ... n surest: (n,). Equally sure ones are wrong alike."""
    confidence, wrong = np.asarray(confidences, np.float64), 1.0 - np.asarray(right, np.float64)
    if not len(confidence):
        return np.empty(0)
    _, level = np.unique(-confidence, return_inverse=True)
    expected = (np.bincount(level, wrong) / np.bincount(level))[np.sort(level)]
    shares: np.ndarray = np.cumsum(expected) / np.arange(1, len(expected) + 1)
    return shares


def area(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the area under the curve of risk over coverage, 0..1: the mean of the risks; 0 is best."""
    found = risks(confidences, right)
    return float(found.mean()) if len(found) else 0.0


def curve(confidences: Sequence[float], right: Sequence[bool], steps: int = 10) -> list[tuple[float, float]]:
    """Return (coverage, risk) at equal steps of coverage up to 1."""
    found = risks(confidences, right)
    places = [max(1, round(len(found) * step / steps)) for step in range(1, steps + 1)] if len(found) else []
    return [(place / len(found), float(found[place - 1])) for place in places]
