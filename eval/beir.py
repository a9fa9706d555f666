"""python -m eval beir DIR [--split test] [--json]: how well each half of the search, and both together, find passages.

DIR holds a set in the layout of BEIR (Thakur et al. 2021): corpus.jsonl with "_id", "title" and "text", queries.jsonl
with "_id" and "text", qrels/<split>.tsv with query-id, corpus-id and score below a heading. An entry of the corpus is
one passage, embedded and indexed as the product does it; the measures are those of ir_measures.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.embedded import Embedded, of_settings
from eval.rows import read_lines, read_passages, read_rows, text_of
from eval.shelf import as_searched
from index.lexical import LexicalIndex, terms
from rag.retrieve import DEPTH, fuse, shares, whole

MEASURES = (nDCG @ 10, R @ 1, R @ 5, R @ 10, R @ DEPTH, RR @ 10)

Ranking = list[tuple[str, float]]  # passage id and score, best first
Run = dict[str, Ranking]  # by question


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, questions, and which passages answer which question."""

    passages: Mapping[str, str]  # id -> title and text, as they are searched
    questions: Mapping[str, str]  # those that the split judges
    relevant: Mapping[str, Mapping[str, int]]  # question -> passage -> degree, 1 and more


def read(folder: Path, split: str) -> Collection:
    """Return the set in a folder; FileNotFoundError or ValueError names the file, the line and what is wrong."""
    passages = {id: as_searched(id, *both) for id, both in read_passages(folder / "corpus.jsonl").items()}
    questions = {
        text_of(row, "_id", where): text_of(row, "text", where) for where, row in read_rows(folder / "queries.jsonl")
    }
    relevant = _relevant(folder / "qrels" / f"{split}.tsv", passages, questions)
    return Collection(passages, {id: questions[id] for id in relevant}, relevant)


def _relevant(path: Path, passages: Mapping[str, str], questions: Mapping[str, str]) -> dict[str, dict[str, int]]:
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in path.parent.glob("*.tsv"))) or "none"
        raise FileNotFoundError(f"there is no {path}; the splits in {path.parent} are: {there}")
    found: dict[str, dict[str, int]] = {}
    for number, line in read_lines(path):
        fields = line.split("\t")
        if number == 1 and fields[-1] == "score":
            continue
        if len(fields) != 3 or not fields[2].lstrip("-").isdigit():
            raise ValueError(f"{path}:{number}: {line!r} is not query-id, corpus-id and a whole score between tabs")
        question, passage, score = fields
        for id, known, name in ((question, questions, "queries.jsonl"), (passage, passages, "corpus.jsonl")):
            if id not in known:
                raise ValueError(f"{path}:{number}: {id!r} is not in {name}")
        if int(score) > 0:
            found.setdefault(question, {})[passage] = int(score)
    if not found:
        raise ValueError(f"{path} judges no passage relevant; a split needs lines with a score above 0")
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What each half of the search found for a question."""

    dense: Ranking
    lexical: Ranking
    whole: float  # BM25 score that stands for all of the question
    ceiling: float  # BM25 score that no passage can exceed


def search(collection: Collection, embedded: Embedded) -> dict[str, Found]:
    """Return what each half of the search finds for each question."""
    ids = list(collection.passages)
    lexical = LexicalIndex.build([(id, terms(text)) for id, text in collection.passages.items()])
    matrix = embedded.documents(list(collection.passages.values()))
    vectors = embedded.queries(list(collection.questions.values()))
    found = {}
    for (id, question), vector in zip(collection.questions.items(), vectors, strict=True):
        asked = terms(question)
        found[id] = found_by(lexical, asked, nearest(ids, matrix @ vector))
    return found


def found_by(lexical: LexicalIndex, asked: Sequence[str], dense: Ranking) -> Found:
    """Return what the lexical half finds for the terms of a question, beside what the dense half found."""
    return Found(dense, lexical.search(asked, DEPTH), whole(lexical, asked), lexical.ceiling(asked))


def side_by_side(found: Mapping[str, Found]) -> dict[str, Run]:
    """Return the rankings of each half, and of both fused as the product does it."""
    return {
        "dense": {id: f.dense for id, f in found.items()},
        "lexical": {id: f.lexical for id, f in found.items()},
        "hybrid": {id: fuse(f.dense, shares(f.lexical, f.whole)) for id, f in found.items()},
    }


def nearest(ids: Sequence[str], similarities: np.ndarray) -> Ranking:
    """Return the DEPTH most similar passages, best first, equal ones in order of the corpus."""
    order = np.argsort(-similarities, kind="stable")[:DEPTH]
    return [(ids[i], float(similarities[i])) for i in order]


def measures(runs: Mapping[str, Run], relevant: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """Return each measure of each half, mean over the judged questions; a question without hits counts 0."""
    qrels = [Qrel(q, d, degree) for q, degrees in relevant.items() for d, degree in degrees.items()]
    return {name: _measures(qrels, run) for name, run in runs.items()}


def _measures(qrels: Sequence[Qrel], run: Run) -> dict[str, float]:
    # The rank, not the score, is handed on: equal scores would be put in another order.
    scored = [ScoredDoc(q, d, -float(rank)) for q, ranking in run.items() for rank, (d, _) in enumerate(ranking)]
    means = ir_measures.calc_aggregate(list(MEASURES), qrels, scored)
    return {str(measure): round(float(means[measure]), 4) for measure in MEASURES}


def main(arguments: list[str]) -> int:
    """Print the measures of the dense and the lexical half and of both together."""
    parser = argparse.ArgumentParser(
        prog="python -m eval beir", description="Measure the search on a set in BEIR layout."
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl and qrels/")
    parser.add_argument("--split", default="test", help="qrels/SPLIT.tsv (default: test)")
    parser.add_argument("--threads", type=int, default=2, help="that embed (default: 2)")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args(arguments)
    collection = read(options.folder, options.split)
    found = measures(side_by_side(search(collection, of_settings(options.threads))), collection.relevant)
    facts = {"set": options.folder.name, "split": options.split, "passages": len(collection.passages)}
    facts |= {"questions": len(collection.questions)}
    sys.stdout.write(json.dumps(facts | found, indent=2) + "\n" if options.json else as_table(facts, found))
    return 0


def as_table(facts: Mapping[str, Any], found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the measures, a line each, the halves side by side."""
    title = "{set}, {split}: {questions} questions, {passages} passages".format(**facts)
    lines = [title, f"{'':8}" + "".join(f"{name:>9}" for name in found)]
    for measure in map(str, MEASURES):
        lines.append(f"{measure:8}" + "".join(f"{values[measure]:9.4f}" for values in found.values()))
    return "\n".join(lines) + "\n"
