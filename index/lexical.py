"""BM25 over English stems and Chinese character bigrams in one vocabulary.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", in the variant of
Lucene (bm25s's default). The home of bm25s.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer

# English function words; question words carry no topic either.
STOPWORDS = frozenset(
    """a an the and or but nor of to in on at by for from with without into onto over under about as is are was were be
    been being am do does did done has have had having it its he she they them his her their we us our you your i me
    my this that these those there here what which who whom whose when where why how so than then too very can could
    may might must shall should will would not no s t""".split()
)
STOP_BIGRAMS = frozenset("什么 哪里 哪些 哪个 多少 怎么 如何 是谁 请问 是否 有没 没有 为什 是什 在哪 几个".split())
RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")


def terms(text: str) -> list[str]:
    """Return the index terms of a text: stems, numbers without separators, Han bigrams (simplified)."""
    found: list[str] = []
    for run in RUN.findall(fold(text)):
        if HAN.match(run):
            found.extend(bigrams(run))
        elif run[0].isdigit():
            found.append(re.sub(r"[.,](?=\d{3}(?!\d))", "", run))
        else:
            word = re.sub(r"['’]s?$", "", run)
            if word not in STOPWORDS:
                found.append(stem(word))
    return found


def fold(text: str) -> str:
    """Return the text in one form: full width and ligatures folded, lower case, simplified characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _to_simplified().convert(folded) if HAN.search(folded) else folded


def bigrams(run: str) -> list[str]:
    """Return overlapping pairs of characters; a single character stands for itself."""
    pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return [pair for pair in pairs if pair not in STOP_BIGRAMS]


@cache
def stem(word: str) -> str:
    """Return the Snowball stem of a lower-case English word."""
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


class LexicalIndex:
    """BM25 scores of passages, by passage id."""

    def __init__(self, ids: Sequence[str], bm25: Any | None) -> None:
        self.ids = list(ids)
        self._bm25 = bm25  # None where no passage has a term
        self._position = {id: position for position, id in enumerate(self.ids)}

    @classmethod
    def build(cls, passages: Sequence[tuple[str, Sequence[str]]]) -> "LexicalIndex":
        """Build from (id, terms) of each passage."""
        if not any(tokens for _, tokens in passages):
            return cls([id for id, _ in passages], None)
        bm25 = bm25s.BM25()
        bm25.index([list(tokens) for _, tokens in passages], show_progress=False)
        return cls([id for id, _ in passages], bm25)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what `save` wrote."""
        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        files = folder / "bm25"
        return cls(ids, bm25s.BM25.load(str(files), mmap=False) if files.is_dir() else None)

    def save(self, folder: Path) -> None:
        """Write the index to a new folder."""
        folder.mkdir(parents=True)
        (folder / "ids.json").write_text(json.dumps(self.ids), encoding="utf-8")
        if self._bm25 is not None:
            self._bm25.save(str(folder / "bm25"), show_progress=False)

    def search(
        self, query_terms: Sequence[str], count: int, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return up to `count` (id, BM25 score), best first, of all passages or only `among` some.

        A passage without a query term is no hit.
        """
        scores = self._scores(query_terms)
        if among is not None:
            scores = np.where([id in among for id in self.ids], scores, 0.0)
        order = np.lexsort((np.arange(len(scores)), -scores))[:count]
        return [(self.ids[i], float(scores[i])) for i in order if scores[i] > 0]

    def ceiling(self, query_terms: Sequence[str]) -> float:
        """Return the score that no passage can exceed: the sum of the terms' idf."""
        return sum(self.idf(term) for term in query_terms)

    def idf(self, term: str) -> float:
        """Return how telling a term is: ln((N + 1) / (n + 0.5)), n = passages that hold it; 0 for an empty index."""
        return float(np.log((len(self.ids) + 1) / (self.frequency(term) + 0.5))) if self.ids else 0.0

    def frequency(self, term: str) -> int:
        """Return in how many passages a term stands."""
        number = self._vocabulary().get(term)
        if number is None or self._bm25 is None:
            return 0
        columns = self._bm25.scores["indptr"]
        return int(columns[number + 1] - columns[number])

    def vocabulary(self) -> set[str]:
        """Return every term that some passage holds."""
        return set(self._vocabulary())

    def _vocabulary(self) -> dict[str, int]:
        return self._bm25.vocab_dict if self._bm25 is not None else {}

    def _scores(self, query_terms: Sequence[str]) -> np.ndarray:
        known = [term for term in query_terms if term in self._vocabulary()]
        if not known or self._bm25 is None:
            return np.zeros(len(self.ids), dtype=np.float32)
        scores: np.ndarray = self._bm25.get_scores(known)
        return scores
