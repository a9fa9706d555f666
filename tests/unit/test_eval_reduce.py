import numpy as np
import pytest

from eval.interval import estimate, resampled
from eval.reduce import aurc, calibration_error, f1, mean, quantile, risks


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_the_middle_of_four_values_lies_between_the_two_nearest() -> None:
    assert quantile(0.5)(column(4, 1, 2, 3)) == 2.5


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    rows = np.array([[1, 1], [1, 1], [1, 0], [0, 1], [0, 1], [0, 0]], dtype=float)  # 2 right of 3 declined, of 4
    precision, recall = 2 / 3, 2 / 4
    assert f1(rows) == pytest.approx(2 * precision * recall / (precision + recall))


def test_f1_of_nothing_declined_and_nothing_to_decline_is_zero() -> None:
    assert f1(np.zeros((3, 2))) == 0


def test_risk_grows_as_less_confident_answers_are_let_in() -> None:
    rows = np.array([[0.9, 0], [0.5, 1], [0.7, 0], [0.6, 1]])  # confidence, wrong
    assert risks(rows).tolist() == [0 / 1, 0 / 2, 1 / 3, 2 / 4]
    assert aurc(rows) == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_confidence_turned_upside_down_costs_area() -> None:
    rows = np.array([[0.1, 0], [0.5, 1], [0.3, 0], [0.4, 1]])
    assert aurc(rows) == pytest.approx((1 / 1 + 2 / 2 + 2 / 3 + 2 / 4) / 4)


def test_of_equal_confidence_the_wrong_come_first() -> None:
    assert risks(np.array([[0.5, 0], [0.5, 1]])).tolist() == [1, 1 / 2]


def test_calibration_error_weighs_each_bin_by_its_questions() -> None:
    rows = np.array([[0.95, 1], [0.95, 0], [0.05, 0], [1.0, 1]])  # bin 9: three of mean .967, 2 of 3 true; bin 0: .05
    assert calibration_error(rows) == pytest.approx(3 / 4 * abs(2.9 / 3 - 2 / 3) + 1 / 4 * 0.05)


@pytest.mark.parametrize("reduce", [mean, quantile(0.95)])
def test_resampled_rows_are_reduced_all_at_once(reduce: object) -> None:
    assert callable(reduce)
    stacked = np.stack([column(1, 2), column(3, 5)])
    assert reduce(stacked).tolist() == [float(reduce(column(1, 2))), float(reduce(column(3, 5)))]


def test_pairs_resampled_together_are_reduced_all_at_once() -> None:
    rows = np.array([[[0.9, 0], [0.5, 1]], [[0.9, 1], [0.5, 1]]])
    for reduce in (f1, aurc, calibration_error):
        assert reduce(rows).tolist() == pytest.approx([float(reduce(rows[0])), float(reduce(rows[1]))])


def test_the_interval_of_equal_values_is_that_value() -> None:
    assert vars_of(estimate(column(1, 1, 1), mean)) == (1.0, 1.0, 1.0, 3)


def test_half_of_a_hundred_questions_has_an_interval_of_about_a_fifth() -> None:
    found = estimate(column(*[0, 1] * 50), mean)
    assert found.value == 0.5
    assert found.low == pytest.approx(0.4, abs=0.02)  # the standard error is .05
    assert found.high == pytest.approx(0.6, abs=0.02)


def test_the_same_questions_are_drawn_every_time() -> None:
    assert (resampled(5) == resampled(5)).all()
    assert resampled(5).max() == 4


def vars_of(found: object) -> tuple[float, ...]:
    return tuple(getattr(found, name) for name in ("value", "low", "high", "questions"))
