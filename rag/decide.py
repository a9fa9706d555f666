"""Do the documents answer the question at all? A logistic regression on what was found, fitted by `eval calibrate`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

from index.lexical import HAN, terms
from index.store import Store
from rag.known import UNFAMILIAR, Recalled
from rag.question import Question
from rag.rank import UNREAD
from rag.score import Candidate, term_weights

MODEL = Path(__file__).with_name("decision.json")
RELATED = 0.5  # probability from which a question counts as one about the documents' subjects
NAMED = 0.25  # share of the question's terms at the best sentence from which it counts as one, too
ABOUT = 0.1  # that probability, from which it may be answered
HOPEFUL = 0.0  # log odds of the most hopeful sentence from which any question may
CHINESE = 4  # different characters from which a question is taken for Chinese, not for gibberish
SURE_IN_CHINESE = 0.5  # such log odds for a Chinese question of which no document holds a term
UNLIKELY = 0.2  # highest confidence where the question is not about the documents' subjects


@dataclass(frozen=True, slots=True)
class Decision:
    """How likely an answer is, and whether that is enough."""

    confidence: float  # probability 0..1
    answerable: bool
    related: bool  # the question is about something the documents speak of
    features: Mapping[str, float] = field(default_factory=dict)  # what it rests on, by name


def decide(store: Store, question: Question, ranked: Sequence[Candidate], recalled: Recalled = UNFAMILIAR) -> Decision:
    """Return the decision for the candidates, best first; `recalled` is what known questions tell of this one."""
    if not ranked:
        return Decision(0.0, False, False)
    values = {**features(store, question, ranked), "leaning": recalled.leaning, "alike": recalled.nearest}
    model = _models()[name_of(values)]
    confidence = logistic(model["weights"], values)
    # English documents need not hold the terms of a Chinese question
    in_other_words = values["chinese"] and values.get("hopeful", 0.0) >= SURE_IN_CHINESE
    if not values["known"] and not in_other_words:
        return Decision(round(min(confidence, UNLIKELY), 4), False, False, values)
    near = logistic(model["related"], values)
    about = near >= ABOUT or values.get("hopeful", 0.0) >= HOPEFUL
    named = near >= RELATED or values["coverage"] >= NAMED
    confidence = round(confidence if about else min(confidence, UNLIKELY), 4)
    return Decision(confidence, confidence >= model["threshold"], named, values)


def name_of(values: Mapping[str, float]) -> str:
    """Return which of the fitted models decides: by whether the reader has read."""
    return "read" if "read" in values else "plain"


def features(store: Store, question: Question, ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return what the decision rests on, by name; `read`, `hopeful`, `second` only where it was read."""
    best, first = ranked[0], ranked[:3]
    weights = term_weights(store, question)
    total = sum(weights.values())
    unknown = sum(w for term, w in weights.items() if not store.lexical.frequency(term)) / total if total else 0.0
    numbers = [term for term in weights if term[0].isdigit()]
    around = {term for c in first for term in terms(surroundings(c))}
    odds = [c.odds for c in ranked if c.odds is not None]
    hopeful = sorted(odds if len(odds) != 1 else [*odds, min(UNREAD, *odds)], reverse=True)
    similar = sorted((c.similarity for c in ranked), reverse=True)[:20]
    return {
        "bias": 1.0,
        "similarity": best.similarity,
        "coverage": best.coverage,
        "known": float(any(map(store.lexical.frequency, weights))),  # 0: no term of it is one of the documents
        "chinese": float(len(set(HAN.findall(question.standalone))) >= CHINESE),
        "unknown": unknown,
        "unmet": unknown * best.coverage,  # it speaks of the subject, and of something that no document mentions
        "typed": max(c.typed for c in first),
        "numbers": sum(n in around for n in numbers) / len(numbers) if numbers else 1.0,
        "nearest": similar[0],
        "margin": similar[0] - sum(similar) / len(similar),
        **({"read": odds[0], "hopeful": hopeful[0], "second": hopeful[1]} if odds else {}),
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
def _models() -> dict[str, dict[str, Any]]:
    models: dict[str, dict[str, Any]] = json.loads(MODEL.read_text(encoding="utf-8"))["models"]
    return models
