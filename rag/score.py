"""How well a sentence answers a question: a few features, each 0..1 or near it, and their weighted sum."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.split import Sentence
from index.lexical import HAN, terms
from index.store import Store
from rag.edition import edition_years, years
from rag.known import UNFAMILIAR, Recalled
from rag.question import Question
from rag.retrieve import Hit
from rag.typed import of_deputies, typed_as


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with its features."""

    hit: Hit
    sentence: Sentence
    similarity: float  # cosine of question and sentence in its context
    coverage: float  # share of the question's terms, by idf, that stand in the sentence; its context counts half
    typed: float  # 0..1: it holds what the question asks for (a date, a number of the right thing, a name, a place)
    prior: float  # fused score of its passage
    years: frozenset[str]  # that it speaks of: its own, or those of what it stands under
    score: float
    odds: float | None = None  # log odds that it answers, where it was read with the question
    unread: float | None = None  # the score as it was before some candidates were read; None where none was

    @property
    def text(self) -> str:
        """The sentence."""
        return self.hit.document.text[self.sentence.start : self.sentence.end]


SIMILARITY, COVERAGE, TYPE, PRIOR = 15.0, 0.7, 0.3, 8.0  # chosen on the dev half of the golden questions
OTHER_YEAR = 2.0  # taken from a sentence that speaks of other years than the question
DEPUTY = 2.0  # taken from a sentence that speaks only of the deputy of the office that is asked for
KNOWN = 3.0  # for each 1 of cosine by which a sentence answers a known question that is like this one
IN_CONTEXT = 0.5  # weight of a question's term that stands in title, section or the list's introduction only


def candidates(
    store: Store,
    question: Question,
    vector: Sequence[float],
    hits: Sequence[Hit],
    recalled: Recalled = UNFAMILIAR,
) -> list[Candidate]:
    """Return every sentence of the hits, best first; `recalled` is what questions that resemble this one tell."""
    weights = {language: term_weights(store, question, language) for language in ("en", "zh")}
    query = np.asarray(vector, dtype=np.float32)
    found = [
        _candidate(
            question,
            weights["zh" if hit.document.language == "zh" else "en"],
            hit,
            sentence,
            float(similarity),
            recalled,
        )
        for hit in hits
        for sentence, similarity in zip(hit.passage.sentences, hit.sentence_vectors @ query, strict=True)
    ]
    return sorted(found, key=lambda c: (-c.score, c.hit.document.id, c.sentence.start))


def term_weights(store: Store, question: Question, language: str = "en") -> dict[str, float]:
    """Return how telling each term of a question is, in documents of a language.

    Its Chinese counts only where the documents hold it.
    """
    asked = dict.fromkeys(terms(question.words(language)))
    return {t: store.lexical.idf(t) for t in asked if not HAN.match(t) or store.lexical.frequency(t)}


def _candidate(
    question: Question,
    weights: dict[str, float],
    hit: Hit,
    sentence: Sentence,
    similarity: float,
    recalled: Recalled,
) -> Candidate:
    text = hit.document.text[sentence.start : sentence.end]
    lead = hit.document.text[slice(*sentence.lead)] if sentence.lead else ""
    covered = coverage(weights, _terms(text), _terms(" ".join((hit.document.title, *hit.passage.section, lead))))
    typed = typed_as(question, sentence, text)
    spoken = years_of(hit, text, lead)
    score = SIMILARITY * similarity + COVERAGE * covered + TYPE * typed + PRIOR * hit.score
    if question.years and spoken and not question.years & spoken:
        score -= OTHER_YEAR
    if of_deputies(question, text):
        score -= DEPUTY
    score += KNOWN * recalled.likeness(text)
    return Candidate(hit, sentence, similarity, covered, typed, hit.score, spoken, score)


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def years_of(hit: Hit, text: str, lead: str) -> frozenset[str]:
    """Return the years that a sentence names, or else what introduces it, its section, title or edition."""
    layers = (text, lead, " ".join(hit.passage.section), hit.document.title)
    return next(filter(None, map(years, layers)), frozenset()) or edition_years(hit.document)


def coverage(weights: dict[str, float], inside: Collection[str], around: Collection[str]) -> float:
    """Return the share 0..1 of the terms' weight that is found: fully inside, partly around; 0 without terms."""
    total = sum(weights.values())
    if not total:
        return 0.0
    found = sum(w if term in inside else IN_CONTEXT * w if term in around else 0.0 for term, w in weights.items())
    return found / total
