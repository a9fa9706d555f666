"""python -m eval fusion DIR[:SPLIT]... [--json]: ways to fuse the two halves of the search, side by side.

Every way is measured by nDCG@10 on each set in BEIR layout, on two halves of its questions by the hash of their ids:
the first is for choosing, the second for reporting. Then each set is measured with one half of the search made useless:

    few words    the lexical half knows no word of a question but the least telling one, as with a question in another
                 language that shares a number or a name with the documents
    no meaning   the dense half is asked "?" in place of each question
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

from ir_measures import Qrel, ScoredDoc, nDCG

from eval.beir import Collection, Found, Ranking, found_by, nearest, read
from eval.embedded import Embedded, of_settings
from index.lexical import LexicalIndex, terms
from rag.retrieve import DEPTH, fuse, shares

Fuse = Callable[[Found], Ranking]
Scores = dict[str, float]

MEASURE = nDCG @ 10
MEANINGLESS = "?"
UNKNOWN = "\0"  # no term begins so


def ranked(scores: Scores) -> Ranking:
    """Return ids and scores, best first, equal ones in order of id."""
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def reciprocal(k: int, dense: float = 0.5) -> Fuse:
    """Reciprocal rank fusion (Cormack et al. 2009) of the halves that found something, `dense` the first's weight."""

    def fused(found: Found) -> Ranking:
        scores: Scores = {}
        for weight, half in ((dense, found.dense), (1 - dense, found.lexical)):
            for rank, (id, _) in enumerate(half, 1):
                scores[id] = scores.get(id, 0.0) + weight / (k + rank)
        return ranked(scores)

    return fused


def stretched(dense: float) -> Fuse:
    """Convex combination of scores between the lowest and the highest found (Bruch et al. 2023), 0 where not found."""

    def fused(found: Found) -> Ranking:
        near, shares = (
            _between(found.dense, min((s for _, s in found.dense), default=0.0)),
            _between(found.lexical, 0.0),
        )
        return ranked({id: dense * near.get(id, 0.0) + (1 - dense) * shares.get(id, 0.0) for id in near | shares})

    return fused


def _between(ranking: Ranking, low: float) -> Scores:
    high = max((score for _, score in ranking), default=1.0)
    return {id: (score - low) / (high - low or 1.0) for id, score in ranking}


def known(found: Found) -> float:
    """Return the share of the question's words that the best lexical hit holds, by idf and BM25's damping: 0..1."""
    return found.lexical[0][1] / found.ceiling if found.lexical else 0.0


def adaptive(k: int) -> Fuse:
    """Reciprocal rank fusion in which the lexical half weighs as much as its best hit holds of the question."""
    return lambda found: reciprocal(k, dense=1 / (1 + known(found)))(found)


def of_ceiling(closeness: float) -> Fuse:
    """Cosine and share of the BM25 score that no passage can exceed."""
    return lambda found: fuse(found.dense, shares(found.lexical, found.ceiling or 1.0), closeness)


def of_whole(closeness: float) -> Fuse:
    """The product's own way, with another weight."""
    return lambda found: fuse(found.dense, shares(found.lexical, found.whole), closeness)


def of_raw(closeness: float) -> Fuse:
    """Cosine and BM25 score as it is."""
    return lambda found: fuse(found.dense, found.lexical, closeness)


TRIES: dict[str, Fuse] = {
    "dense": lambda found: found.dense,
    "lexical": lambda found: found.lexical,
    **{f"reciprocal ranks, K {k}": reciprocal(k) for k in (60, 20, 10, 5, 1)},
    **{f"reciprocal ranks, K 10, dense {w}": reciprocal(10, w) for w in (0.4, 0.6, 0.7)},
    **{f"reciprocal ranks, K {k}, adaptive": adaptive(k) for k in (60, 10)},
    **{f"lowest to highest, dense {w}": stretched(w) for w in (0.3, 0.4, 0.5, 0.6, 0.7)},
    **{f"raw BM25, closeness {c}": of_raw(c) for c in (60.0, 80.0, 100.0, 150.0)},
    **{f"share of ceiling, closeness {c}": of_ceiling(c) for c in (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)},
    **{f"share of whole, closeness {c}": of_whole(c) for c in (3.0, 4.0, 5.0, 6.0, 8.0)},
}


class Searched:
    """A set with both halves of its search, which can be asked otherwise than in its own words."""

    def __init__(self, collection: Collection, embedded: Embedded) -> None:
        self._collection = collection
        self._ids = list(collection.passages)
        self._lexical = LexicalIndex.build([(id, terms(text)) for id, text in collection.passages.items()])
        self._similarities = (
            embedded.queries(list(collection.questions.values()))
            @ (matrix := embedded.documents(list(collection.passages.values()))).T
        )
        self._meaningless = nearest(self._ids, matrix @ embedded.queries([MEANINGLESS])[0])

    def found(self) -> dict[str, Found]:
        """Return what each half finds."""
        return {
            id: found_by(self._lexical, asked, nearest(self._ids, row))
            for (id, asked), row in zip(self._asked().items(), self._similarities, strict=True)
        }

    def few_words(self, found: Mapping[str, Found]) -> dict[str, Found]:
        """Return the same with a lexical half that knows one word of each question at most."""
        return {id: found_by(self._lexical, self._least(asked), found[id].dense) for id, asked in self._asked().items()}

    def no_meaning(self, found: Mapping[str, Found]) -> dict[str, Found]:
        """Return the same with a dense half that finds the same for every question."""
        return {id: replace(f, dense=self._meaningless) for id, f in found.items()}

    def _asked(self) -> dict[str, list[str]]:
        return {id: terms(question) for id, question in self._collection.questions.items()}

    def _least(self, asked: Sequence[str]) -> list[str]:
        """Return the terms with all but the least telling known one made unknown."""
        held = [term for term in asked if self._lexical.frequency(term)]
        least = min(held, key=lambda term: (self._lexical.idf(term), term), default="")
        return [term if term == least else f"{UNKNOWN}{term}" for term in asked]


def halves(found: Mapping[str, Found]) -> tuple[list[str], list[str]]:
    """Return the questions for choosing and those for reporting."""
    first = [id for id in found if int(hashlib.sha256(id.encode()).hexdigest(), 16) % 2 == 0]
    return first, [id for id in found if id not in set(first)]


def measured(way: Fuse, found: Mapping[str, Found], asked: Sequence[str], collection: Collection) -> float:
    """Return the mean nDCG@10 of a way to fuse over some questions."""
    qrels = [Qrel(q, d, degree) for q in asked for d, degree in collection.relevant[q].items()]
    run = [ScoredDoc(q, d, -float(rank)) for q in asked for rank, (d, _) in enumerate(way(found[q])[:DEPTH])]
    by_question = {metric.query_id: metric.value for metric in MEASURE.iter_calc(qrels, run)}
    return round(mean(by_question.get(q, 0.0) for q in asked), 4)


def table_of(searched: Searched, collection: Collection) -> dict[str, dict[str, float]]:
    """Return nDCG@10 of each way: for choosing, for reporting, and over all questions with a useless half."""
    found = searched.found()
    choosing, reporting = halves(found)
    few, blank = searched.few_words(found), searched.no_meaning(found)
    return {
        name: {
            "choosing": measured(way, found, choosing, collection),
            "reporting": measured(way, found, reporting, collection),
            "few words": measured(way, few, list(few), collection),
            "no meaning": measured(way, blank, list(blank), collection),
        }
        for name, way in TRIES.items()
    }


def main(arguments: list[str]) -> int:
    """Print how each way to fuse does on each set."""
    parser = argparse.ArgumentParser(prog="python -m eval fusion", description="Compare ways to fuse the two halves.")
    parser.add_argument("sets", nargs="+", metavar="DIR[:SPLIT]", help="set in BEIR layout (default split: test)")
    parser.add_argument("--threads", type=int, default=2, help="that embed (default: 2)")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args(arguments)
    embedded = of_settings(options.threads)
    tables = {}
    for given in options.sets:
        folder, _, split = given.partition(":")
        collection = read(Path(folder), split or "test")
        tables[Path(folder).name] = table_of(Searched(collection, embedded), collection)
    sys.stdout.write(json.dumps(tables, indent=2) + "\n" if options.json else as_text(tables))
    return 0


def as_text(tables: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the tables, a column a set, a line a way."""
    blocks = []
    for column in ("choosing", "reporting", "few words", "no meaning"):
        lines = [f"{column:34}" + "".join(f"{name:>11}" for name in tables)]
        lines += [f"{way:34}" + "".join(f"{t[way][column]:11.4f}" for t in tables.values()) for way in TRIES]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
