"""How sure a measured value is: 95 % intervals by the percentile bootstrap over questions.

Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13. The same numbers give the same interval.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Reduce = Callable[[np.ndarray], np.ndarray]  # (..., questions, columns) -> (...)

RESAMPLES = 1000
SEED = 7
TAIL = 0.025  # on either side
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with its 95 % interval."""

    value: float
    low: float
    high: float
    questions: int  # that the measure applies to


def estimate(rows: np.ndarray, reduce: Reduce) -> Estimate:
    """Return the value of a measure over (questions, columns) with its interval; at least one question."""
    drawn = reduce(rows[resampled(len(rows))])
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL])
    value, low, high = (round(float(number), DIGITS) for number in (reduce(rows), low, high))
    return Estimate(value, low, high, questions=len(rows))


def resampled(count: int) -> np.ndarray:
    """Return (RESAMPLES, count) indices drawn with replacement, always the same ones for a count."""
    return np.random.default_rng(SEED).integers(0, count, (RESAMPLES, count))
