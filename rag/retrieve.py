"""Passages for a question: dense and lexical hits, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.document import Document
from corpus.split import Passage
from index.lexical import terms
from index.store import Store
from rag.question import Question
from rag.scope import EVERYWHERE, Scope

DEPTH = 50  # passages taken from each half
K = 60  # Cormack et al. 2009, "Reciprocal Rank Fusion": damps the first ranks


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with what each half of the search thought of it."""

    document: Document
    passage: Passage
    sentence_vectors: np.ndarray  # (sentences, dimensions), normalised
    score: float  # fused, 0..1
    dense_rank: int | None  # 1-based; None: not among the nearest DEPTH
    lexical_rank: int | None  # 1-based; None: it shares no term with the question


def retrieve(
    store: Store, question: Question, vector: Sequence[float], count: int = 10, scope: Scope = EVERYWHERE
) -> list[Hit]:
    """Return up to `count` passages of the scope, best first; `vector` is the question's embedding."""
    inside = scope.among(store.catalog) if scope else None
    if inside is not None and not inside:
        return []
    dense = [id for id, _ in store.vectors.search(vector, DEPTH, inside)]
    lexical = by_word(store, question, inside)
    fused = fuse(dense, lexical)[:count]
    found = store.records.passages([id for id, _ in fused])
    documents = {id: store.records.document(id) for id in {e.passage.document_id for e in found.values()}}
    hits = []
    for id, score in fused:
        embedded = found[id]
        document = documents[embedded.passage.document_id]
        assert document is not None  # a passage is deleted with its document
        ranks = (_rank(dense, id), _rank(lexical, id))
        hits.append(Hit(document, embedded.passage, embedded.sentence_vectors, score, *ranks))
    return hits


def by_word(store: Store, question: Question, inside: frozenset[str] | None) -> list[str]:
    """Return the ids of up to DEPTH passages by BM25, each language asked in its own words."""
    found: list[tuple[str, float]] = []
    languages = {"zh" if document.language == "zh" else "en" for document in store.catalog}
    for language in sorted(languages):
        alike = [d.id for d in store.catalog if (d.language == "zh") == (language == "zh")]
        among = None
        if inside is not None or len(languages) > 1:
            among = store.records.passages_of(id for id in alike if inside is None or id in inside)
        found += store.lexical.search(terms(question.words(language)), DEPTH, among)
    return [id for id, _ in sorted(found, key=lambda item: -item[1])[:DEPTH]]


def fuse(*rankings: Sequence[str]) -> list[tuple[str, float]]:
    """Return (id, score) by reciprocal rank fusion: the mean of (K + 1) / (K + rank), over rankings with hits.

    A ranking without hits has no say, so that a question in another language is left to the other half.
    """
    voices = [ranking for ranking in rankings if ranking]
    scores: dict[str, float] = {}
    for ranking in voices:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + (K + 1) / (K + rank) / len(voices)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _rank(ranking: Sequence[str], id: str) -> int | None:
    return ranking.index(id) + 1 if id in ranking else None
