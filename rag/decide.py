"""Do the documents answer the question at all? A logistic regression on what was found, fitted by `eval calibrate`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from index.store import Store
from rag.question import Question
from rag.score import Candidate, term_weights

MODEL = Path(__file__).with_name("decision.json")


@dataclass(frozen=True, slots=True)
class Decision:
    """How likely an answer is, and whether that is enough."""

    confidence: float  # probability 0..1
    answerable: bool
    related: bool  # the question is about something the documents speak of


def decide(store: Store, question: Question, ranked: Sequence[Candidate]) -> Decision:
    """Return the decision for the candidates, best first."""
    if not ranked:
        return Decision(0.0, False, False)
    values = features(store, question, ranked)
    model = _model()["cross" if values["cross"] else "same"]
    confidence = logistic(model["weights"], values)
    related = logistic(model["related"], values) >= 0.5
    return Decision(round(confidence, 4), confidence >= model["threshold"], related)


def features(store: Store, question: Question, ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return what the decision rests on, by name."""
    best = ranked[0]
    weights = term_weights(store, question)
    unknown = [term for term in weights if not store.lexical.frequency(term)]
    total = sum(weights.values())
    return {
        "bias": 1.0,
        "similarity": best.similarity,
        "nearest": max(c.similarity for c in ranked),
        "coverage": best.coverage,
        "unknown": sum(weights[t] for t in unknown) / total if total else 0.0,
        "typed": best.typed,
        "agreement": float(best.hit.dense_rank == 1) + float(best.hit.lexical_rank == 1),
        "margin": best.similarity - _mean([c.similarity for c in ranked[:20]]),
        "cross": float(question.language != best.hit.document.language),
    }


def logistic(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Return the probability that the weighted features stand for."""
    total = sum(weight * values[name] for name, weight in weights.items())
    return 1 / (1 + exp(-max(-50.0, min(50.0, total))))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@cache
def _model() -> dict[str, dict[str, dict[str, float]]]:
    model: dict[str, dict[str, dict[str, float]]] = json.loads(MODEL.read_text(encoding="utf-8"))["models"]
    return model
