"""Do the documents answer the question at all? A logistic regression on what was found, fitted by `eval calibrate`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from index.lexical import terms
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
    return Decision(round(confidence, 4), related and confidence >= model["threshold"], related)


def features(store: Store, question: Question, ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return what the decision rests on, by name."""
    best, first = ranked[0], ranked[:3]
    weights = term_weights(store, question)
    total = sum(weights.values())
    unknown = sum(w for term, w in weights.items() if not store.lexical.frequency(term)) / total if total else 0.0
    numbers = [term for term in weights if term[0].isdigit()]
    around = {term for c in first for term in terms(surroundings(c))}
    return {
        "bias": 1.0,
        "similarity": best.similarity,
        "coverage": best.coverage,
        "unknown": unknown,
        "unmet": unknown * best.coverage,  # it speaks of the subject, and of something that no document mentions
        "typed": max(c.typed for c in first),
        "numbers": sum(n in around for n in numbers) / len(numbers) if numbers else 1.0,
        "agreement": float(best.hit.dense_rank == 1) + float(best.hit.lexical_rank == 1),
        "margin": best.similarity - sum(c.similarity for c in ranked[:20]) / len(ranked[:20]),
        "cross": float(question.language != best.hit.document.language),
    }


def surroundings(candidate: Candidate) -> str:
    """Return a sentence with all that it stands under: title, date, section and the list's introduction."""
    document, sentence = candidate.hit.document, candidate.sentence
    lead = document.text[slice(*sentence.lead)] if sentence.lead else ""
    return " ".join((document.title, document.date, *candidate.hit.passage.section, lead, candidate.text))


def logistic(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Return the probability that the weighted features stand for."""
    total = sum(weight * values[name] for name, weight in weights.items())
    return 1 / (1 + exp(-max(-50.0, min(50.0, total))))


@cache
def _model() -> dict[str, dict[str, Any]]:
    model: dict[str, dict[str, Any]] = json.loads(MODEL.read_text(encoding="utf-8"))["models"]
    return model
