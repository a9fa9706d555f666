"""Passages for a question: dense and lexical hits, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.document import Document
from corpus.split import Passage
from index.lexical import LexicalIndex, terms
from index.store import Store
from rag.question import Question
from rag.scope import EVERYWHERE, Scope

DEPTH = 50  # passages taken from each half
CLOSENESS = 5.0  # weight of a cosine beside the share of the question's words; chosen by `eval fusion`


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
    store: Store, question: Question, vector: Sequence[float], count: int = 20, scope: Scope = EVERYWHERE
) -> list[Hit]:
    """Return up to `count` passages of the scope, best first; `vector` is the question's embedding."""
    inside = scope.among(store.catalog) if scope else None
    if inside is not None and not inside:
        return []
    dense = store.vectors.search(vector, DEPTH, inside)
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


def by_word(store: Store, question: Question, inside: frozenset[str] | None) -> list[tuple[str, float]]:
    """Return (id, share of the question's words, 0..1) of up to DEPTH passages, each language in its own words."""
    found: list[tuple[str, float]] = []
    languages = {"zh" if document.language == "zh" else "en" for document in store.catalog}
    for language in sorted(languages):
        alike = [d.id for d in store.catalog if (d.language == "zh") == (language == "zh")]
        among = None
        if inside is not None or len(languages) > 1:
            among = store.records.passages_of(id for id in alike if inside is None or id in inside)
        asked = terms(question.words(language))
        found += shares(store.lexical.search(asked, DEPTH, among), whole(store.lexical, asked))
    return sorted(found, key=lambda item: -item[1])[:DEPTH]


def shares(lexical: Sequence[tuple[str, float]], whole: float) -> list[tuple[str, float]]:
    """Return (id, share 0..1) for BM25 scores: of the score that stands for all of the question."""
    return [(id, score / whole) for id, score in lexical]


def whole(index: LexicalIndex, asked: Sequence[str]) -> float:
    """Return the BM25 score that stands for all of a question: the idf of its terms, which no passage can exceed.

    It grows where the documents know less than half of that, as of a question in another language, which is thereby
    left to the vectors.
    """
    ceiling, known = index.ceiling(asked), index.ceiling([term for term in asked if index.frequency(term)])
    return ceiling / min(1.0, 2 * known / ceiling) if known else 1.0


def fuse(
    dense: Sequence[tuple[str, float]], lexical: Sequence[tuple[str, float]], closeness: float = CLOSENESS
) -> list[tuple[str, float]]:
    """Return (id, score 0..1), best first, from the cosines and the shares of words of what each half found.

    A convex combination (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval"). What the
    dense half did not find counts as its last hit; what the lexical half did not find, as 0.
    """
    near, held = dict(dense), dict(lexical)
    farthest = min(near.values(), default=0.0)
    scores = {id: (closeness * near.get(id, farthest) + held.get(id, 0.0)) / (closeness + 1) for id in near | held}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _rank(ranking: Sequence[tuple[str, float]], id: str) -> int | None:
    return next((rank for rank, (found, _) in enumerate(ranking, 1) if found == id), None)
