"""Fit the decision whether the documents answer a question.

On the dev halves of the golden questions, on the training questions that no model learned from, and on those about
something else altogether; how much confidence that means, and how much is enough, is then fitted on what is asked as
people ask, the golden ones and the fresh ones (Platt 1999, "Probabilistic outputs for support vector machines").
"""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from eval.golden import Case, load
from eval.training import FOLDER, FRESH, is_held_out, unlike
from rag.chatbot import Chatbot
from rag.decide import MODEL, logistic
from rag.follow_up import Turn

Row = tuple[Case, Mapping[str, float]]  # a question and what the decision on it rests on

FEATURES = {
    "read": ("read", "hopeful", "second", "margin", "leaning"),
    "plain": ("similarity", "coverage", "unknown", "unmet", "typed", "numbers"),
}
UNRELATED = frozenset({"off_topic", "injection"})
GIVEN = {"leaning": 2.0}  # weights that are not fitted: many of these questions have sisters among the known ones
RELATED = ("nearest", "unknown", "margin", "coverage", "alike")  # what tells a question about something else altogether
FALSE_DECLINES = 0.02  # share of plain answerable questions that this may decline; names and years decline some more


def features_of(chatbot: Chatbot, case: Case) -> Mapping[str, float]:
    """Return the features that the decision on a case rests on."""
    question = chatbot.understand(case.question, [Turn(t["question"], t.get("answer", "")) for t in case.history])
    return chatbot.find(question).decision.features


def fit(plain: Sequence[Row], harder: Sequence[Row] = ()) -> dict[str, object]:
    """Return the models: with the reader, and without one; `plain` rows are asked as people ask."""
    models = {}
    rows = [*plain, *harder]
    for name, columns in FEATURES.items():
        alike = [(case, values) for case, values in rows if set(columns) <= values.keys()]
        given = {name: weight for name, weight in GIVEN.items() if name in columns}
        weights = _fit([v for _, v in alike], [c.answerable for c, _ in alike], columns, given)
        asked = [row for row in plain if set(columns) <= row[1].keys()]
        weights = _calibrated(weights, asked)
        answerable = [logistic(weights, values) for case, values in asked if case.answerable]
        threshold = round(float(np.quantile(answerable, FALSE_DECLINES)), 4)
        related = [case.answerable or case.category not in UNRELATED for case, _ in alike]
        gate = _fit([v for _, v in alike], related, RELATED, balanced=True)
        models[name] = {"threshold": threshold, "weights": weights, "related": gate}
    return {
        "fitted_on": {"questions": len(rows), "answerable": sum(case.answerable for case, _ in rows)},
        "models": models,
    }


def _fit(
    values: Sequence[Mapping[str, float]],
    labels: Sequence[bool],
    columns: Sequence[str],
    given: Mapping[str, float] = MappingProxyType({}),
    balanced: bool = False,
) -> dict[str, float]:
    """Return the weights, in the features' own scale: those of a ridge logistic regression beside those given."""
    if len(set(labels)) < 2:
        raise ValueError(f"all {len(labels)} questions of a kind are alike; the golden set needs both kinds to fit on")
    free = [name for name in columns if name not in given]
    matrix = np.array([[v[name] for name in free] for v in values])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    scaled = np.column_stack([(matrix - mean) / scale, np.ones(len(matrix))])
    offset = np.array([sum(weight * v[name] for name, weight in given.items()) for v in values])
    sign = np.where(labels, 1.0, -1.0)
    counts = {s: len(sign) / 2 / (sign == s).sum() for s in (1.0, -1.0)}
    importance = np.array([counts[s] if balanced else 1.0 for s in sign])

    def loss(weights: np.ndarray) -> float:
        losses = np.logaddexp(0, -sign * (scaled @ weights + offset))
        return float((importance * losses).sum() + (weights[:-1] ** 2).sum() / 2)

    found = minimize(loss, np.zeros(len(free) + 1)).x
    weights = found[:-1] / scale
    fitted = {"bias": float(found[-1] - (weights * mean).sum()), **dict(zip(free, map(float, weights), strict=True))}
    return {name: round({**fitted, **given}[name], 5) for name in ("bias", *columns)}


def _calibrated(weights: dict[str, float], rows: Sequence[Row]) -> dict[str, float]:
    """Return the same decision with other confidences: a line over the log odds, fitted on the rows."""
    odds = np.array([[sum(weight * values[name] for name, weight in weights.items())] for _, values in rows])
    line = LogisticRegression(C=1e6).fit(odds, [case.answerable for case, _ in rows])
    slope, shift = float(line.coef_[0][0]), float(line.intercept_[0])
    if slope <= 0:
        raise ValueError("on the golden questions the decision is no better than chance; train the reader first")
    return {name: round(weight * slope + (shift if name == "bias" else 0.0), 5) for name, weight in weights.items()}


def calibrate(chatbot: Chatbot, cases: Sequence[Case]) -> dict[str, object]:
    """Fit on the dev halves and on what no model learned from, write the result beside the code that reads it."""
    golden = [case for case in cases if case.split == "dev"]
    held = unlearned(cases)
    plain = [*golden, *(case for case in held if case.set == FRESH)]
    harder = [case for case in held if case.set != FRESH]
    fitted = fit(*([(case, features_of(chatbot, case)) for case in chosen] for chosen in (plain, harder)))
    MODEL.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return fitted


def unlearned(cases: Sequence[Case]) -> list[Case]:
    """Return the training questions that no model learned from and that resemble none of the cases."""
    learned_from = load(sorted(FOLDER.glob("*.jsonl")))
    kept = [case for case in learned_from if is_held_out(case)]
    return unlike(kept, [case.question for case in cases])
