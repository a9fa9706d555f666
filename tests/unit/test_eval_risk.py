"""Risk and coverage, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.risk import area, curve, risks


def test_the_surest_are_answered_first() -> None:
    # By confidence: right, wrong, right, wrong. Wrong so far: 0/1, 1/2, 1/3, 2/4.
    assert risks([0.9, 0.8, 0.7, 0.6], [True, False, True, False]).tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert area([0.9, 0.8, 0.7, 0.6], [True, False, True, False]) == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_equally_sure_ones_are_wrong_alike() -> None:
    assert risks([0.5, 0.5], [True, False]).tolist() == [0.5, 0.5]
    assert area([0.5, 0.5], [False, True]) == area([0.5, 0.5], [True, False]) == 0.5


def test_the_curve_ends_with_all_answered() -> None:
    assert curve([0.9, 0.8, 0.7, 0.6], [True, False, True, False], steps=2) == [(0.5, 0.5), (1.0, 0.5)]


def test_nothing_asked_is_no_curve() -> None:
    assert (curve([], []), area([], [])) == ([], 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_at_full_coverage_the_risk_is_the_share_of_wrong_ones(answers: list[tuple[float, bool]]) -> None:
    confidences, right = zip(*answers, strict=True)
    assert risks(confidences, right)[-1] == pytest.approx(1 - sum(right) / len(right))
