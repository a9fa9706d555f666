"""The fit of the decision: which questions it declines, and what its confidence means."""

import math
import random

import pytest

from eval.calibrate import FALSE_DECLINES, Row, fit
from eval.golden import Case
from rag.decide import logistic

NAMES = ("similarity", "coverage", "unknown", "unmet", "typed", "numbers", "nearest", "margin", "alike")


def rows(count: int, shift: float, seed: int, useful: float = 1.0) -> list[Row]:
    """Questions whose chance to be answerable grows with the log odds that were read, moved by `shift`."""
    chance = random.Random(seed)
    made: list[Row] = []
    for number in range(count):
        odds = chance.gauss(0, 3)
        answerable = chance.random() < 1 / (1 + math.exp(-useful * odds - shift))
        category = "single_fact" if answerable else chance.choice(["near_miss", "off_topic"])
        case = Case(str(number), "?", (), category, "en", "dev", answerable, (), (), ())
        known = {name: chance.random() for name in NAMES} | dict.fromkeys(
            ("read", "hopeful", "second", "leaning"), odds
        )
        made.append((case, {"bias": 1.0, **known}))
    return made


def confidences(fitted: object, asked: list[Row]) -> list[float]:
    """What the fitted model says of the questions."""
    model = fitted["models"]["read"]  # type: ignore[index]
    return [logistic(model["weights"], values) for _, values in asked]


def test_confidence_means_the_share_of_golden_questions_that_are_answerable() -> None:
    golden, training = rows(600, 2.0, 1), rows(600, -2.0, 2)
    said = confidences(fit(golden, training), golden)
    share = sum(case.answerable for case, _ in golden) / len(golden)
    assert sum(said) / len(said) == pytest.approx(share, abs=0.01)


def test_few_answerable_golden_questions_are_declined() -> None:
    golden, training = rows(600, 2.0, 1), rows(600, -2.0, 2)
    fitted = fit(golden, training)
    model = fitted["models"]["read"]  # type: ignore[index]
    said = zip(confidences(fitted, golden), golden, strict=True)
    kept = [confidence >= model["threshold"] for confidence, (case, _) in said if case.answerable]
    assert 1 - sum(kept) / len(kept) == pytest.approx(FALSE_DECLINES, abs=0.005)


def test_a_reader_that_is_wrong_on_the_golden_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="train the reader first"):
        fit(rows(300, 0.0, 1, useful=-1.0), rows(3000, 0.0, 2))
