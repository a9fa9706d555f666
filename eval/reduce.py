"""How the questions of a run add up to one number: means, quantiles, F1, risk against coverage, calibration."""

import numpy as np

from eval.interval import Reduce

BINS = 10


def mean(rows: np.ndarray) -> np.ndarray:
    """Return the mean of the first column."""
    value: np.ndarray = rows[..., 0].mean(axis=-1)
    return value


def quantile(share: float) -> Reduce:
    """Return a function that gives this quantile of the first column, between the two nearest values."""
    return lambda rows: np.asarray(np.quantile(rows[..., 0], share, axis=-1))


def f1(rows: np.ndarray) -> np.ndarray:
    """Return 2 TP / (predicted + actual) of columns (predicted, actual), the harmonic mean; 0 where both are 0.

    van Rijsbergen 1979, "Information Retrieval", chapter 7.
    """
    predicted, actual = rows[..., 0], rows[..., 1]
    both = (predicted * actual).sum(axis=-1)
    total = (predicted + actual).sum(axis=-1)
    return np.asarray(2 * both / np.maximum(total, 1))


def risks(rows: np.ndarray) -> np.ndarray:
    """Return the share of wrong answers among the 1, 2, ... n most confident, of columns (confidence, wrong).

    El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification". Of equal confidence, the
    wrong ones come first.
    """
    order = np.lexsort((-rows[..., 1], -rows[..., 0]), axis=-1)
    wrong = np.take_along_axis(rows[..., 1], order, axis=-1)
    return np.asarray(wrong.cumsum(axis=-1) / np.arange(1, wrong.shape[-1] + 1))


def aurc(rows: np.ndarray) -> np.ndarray:
    """Return the area under the risk-coverage curve: the mean of the risks (Geifman, Uziel and El-Yaniv 2019)."""
    value: np.ndarray = risks(rows).mean(axis=-1)
    return value


def calibration_error(rows: np.ndarray) -> np.ndarray:
    """Return the expected calibration error of columns (confidence, outcome), over ten bins of equal width.

    Guo et al. 2017, "On Calibration of Modern Neural Networks": mean |confidence - outcome| of the bins, by size.
    """
    bins = np.minimum((rows[..., 0] * BINS).astype(int), BINS - 1)
    gap = rows[..., 0] - rows[..., 1]
    sums = [np.abs(np.where(bins == number, gap, 0.0).sum(axis=-1)) for number in range(BINS)]
    return np.asarray(np.sum(sums, axis=0) / rows.shape[-2])
