"""Fit the decision whether the documents answer a question, on the dev half of the golden questions."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from eval.golden import Case
from rag.chatbot import Chatbot
from rag.decide import MODEL
from rag.follow_up import Turn

FEATURES = {
    "same": ("similarity", "coverage", "unknown", "unmet", "typed", "numbers"),
    "cross": ("similarity", "coverage", "numbers"),
    "same-read": ("read", "unmet", "unknown"),
    "cross-read": ("read", "similarity"),
}
UNRELATED = frozenset({"off_topic", "injection"})
RELATED = ("similarity", "unknown", "margin")  # what tells a question about something else altogether
FALSE_DECLINES = 0.05  # share of answerable questions that may be declined, on the questions fitted


def features_of(chatbot: Chatbot, case: Case) -> Mapping[str, float]:
    """Return the features that the decision on a case rests on."""
    question = chatbot.understand(case.question, [Turn(t["question"], t.get("answer", "")) for t in case.history])
    return chatbot.find(question).decision.features


def fit(rows: Sequence[tuple[Case, Mapping[str, float]]]) -> dict[str, object]:
    """Return the models: for documents in the question's language or another one, with and without the reader."""
    models = {}
    for name, columns in FEATURES.items():
        alike = [(case, values) for case, values in rows if bool(values["cross"]) == name.startswith("cross")]
        about = [(case, values) for case, values in alike if case.answerable or case.category not in UNRELATED]
        weights, threshold = _fit([v for _, v in about], [c.answerable for c, _ in about], columns)
        related = [case.answerable or case.category not in UNRELATED for case, _ in alike]
        gate, _ = _fit([v for _, v in alike], related, RELATED, class_weight="balanced")
        models[name] = {"threshold": threshold, "weights": weights, "related": gate}
    return {"fitted_on": {"split": "dev", "questions": len(rows)}, "models": models}


def _fit(
    values: Sequence[Mapping[str, float]],
    labels: Sequence[bool],
    columns: Sequence[str],
    class_weight: str | None = None,
) -> tuple[dict[str, float], float]:
    """Return the weights, in the features' own scale, and the threshold that declines few answerable questions."""
    if len(set(labels)) < 2:
        raise ValueError(f"all {len(labels)} questions of a kind are alike; the golden set needs both kinds to fit on")
    matrix = np.array([[v[name] for name in columns] for v in values])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    scaled, target = (matrix - mean) / scale, np.array(labels)
    folds = min(5, int(target.sum()), int((~target).sum()))
    model = LogisticRegression(C=1.0, max_iter=1000, class_weight=class_weight)
    held_out = cross_val_predict(model, scaled, target, cv=StratifiedKFold(folds), method="predict_proba")[:, 1]
    model.fit(scaled, target)
    weights = model.coef_[0] / scale
    named = {"bias": float(model.intercept_[0] - (weights * mean).sum())}
    named |= {name: float(weight) for name, weight in zip(columns, weights, strict=True)}
    return {name: round(weight, 5) for name, weight in named.items()}, round(
        float(np.quantile(held_out[target], FALSE_DECLINES)), 4
    )


def calibrate(chatbot: Chatbot, cases: Sequence[Case]) -> dict[str, object]:
    """Fit on the dev half, write the model beside the code that reads it, and return it."""
    fitted = fit([(case, features_of(chatbot, case)) for case in cases if case.split == "dev"])
    MODEL.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    return fitted
