"""Do the documents answer the question at all? A logistic regression on what was found, fitted by `eval calibrate`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from index.lexical import terms
from index.store import Store
from rag.question import Question
from rag.reader import Reader, read_as
from rag.score import Candidate, term_weights

MODEL = Path(__file__).with_name("decision.json")
RELATED = 0.5  # probability from which a question counts as one about the documents' subjects
READ = 1  # candidates that the reader reads; of more, the best distractor wins (golden dev: AUROC .83 of 1, .75 of 8)
BESIDE = 1  # sentences on each side of a candidate that it reads too


@dataclass(frozen=True, slots=True)
class Decision:
    """How likely an answer is, and whether that is enough."""

    confidence: float  # probability 0..1
    answerable: bool
    related: bool  # the question is about something the documents speak of
    features: Mapping[str, float] = field(default_factory=dict)  # what it rests on, by name


def decide(store: Store, question: Question, ranked: Sequence[Candidate], reader: Reader | None) -> Decision:
    """Return the decision for the candidates, best first."""
    if not ranked:
        return Decision(0.0, False, False)
    values = features(store, question, ranked, reader)
    model = _models()[name_of(values)]
    related = logistic(model["related"], values) >= RELATED
    confidence = logistic(model["weights"], values) if related else 0.0
    return Decision(round(confidence, 4), related and confidence >= model["threshold"], related, values)


def name_of(values: Mapping[str, float]) -> str:
    """Return which of the fitted models decides: by language, and by whether the reader has read."""
    return ("cross" if values["cross"] else "same") + ("-read" if "read" in values else "")


def features(store: Store, question: Question, ranked: Sequence[Candidate], reader: Reader | None) -> dict[str, float]:
    """Return what the decision rests on, by name; `read` and `located` only where there is a reader."""
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
        "margin": best.similarity - sum(c.similarity for c in ranked[:20]) / len(ranked[:20]),
        "cross": float(question.language != best.hit.document.language),
        **(_as_read(reader, question, ranked) if reader else {}),
    }


def _as_read(reader: Reader, question: Question, ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return what the reader thinks of the best candidates, each with its neighbours: the most hopeful values."""
    reading = reader.read(question.in_english, [read_as(c, BESIDE) for c in ranked[:READ]])
    odds = np.clip(reading.probability, 1e-6, 1 - 1e-6)
    return {"read": float(np.log(odds / (1 - odds)).max()), "located": float(reading.located.max())}


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
def _models() -> dict[str, dict[str, Any]]:
    models: dict[str, dict[str, Any]] = json.loads(MODEL.read_text(encoding="utf-8"))["models"]
    return models
