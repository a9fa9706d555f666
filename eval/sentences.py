"""python -m eval sentences FILE [--json]: how often the sentence that supports the answer is ranked first.

FILE has a line for each question: "text", "passage_id", and "sentence_start" and "sentence_end" of the supporting
sentence in the passage's text; corpus.jsonl stands beside it, with "_id", "title" and "text". The desk's own scoring
of sentences (rag/score.py) stands beside plain similarity of the embeddings, given the right passage and, as users
meet it, over what the search finds among all passages. A line whose "sentence_start" is null is left out.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from eval.embedded import Embedded, of_settings
from eval.rows import number_of, passages_beside, read_rows, text_of
from eval.shelf import document_of, hits_of, store_of
from index.store import Store
from rag.question import understand
from rag.retrieve import retrieve
from rag.score import Candidate, candidates
from rag.spelling import Speller


@dataclass(frozen=True, slots=True)
class Supported:
    """A question with the place of the sentence that supports its answer."""

    question: str
    document: str
    start: int
    end: int

    def by(self, candidate: Candidate) -> bool:
        """Return whether most of the candidate's sentence lies in the supporting one."""
        sentence = candidate.sentence
        shared = min(sentence.end, self.end) - max(sentence.start, self.start)
        return candidate.hit.document.id == self.document and 2 * shared > sentence.end - sentence.start


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the first sentence is the supporting one, by each ranking and in each place."""

    given_scored: bool
    given_similar: bool
    found_scored: bool
    found_similar: bool


def read(path: Path) -> tuple[dict[str, tuple[str, str]], list[Supported]]:
    """Return title and text of each passage by id, and the questions; ValueError names the line that is wrong."""
    passages = passages_beside(path)
    asked = []
    for where, row in read_rows(path):
        question, id = text_of(row, "text", where), text_of(row, "passage_id", where)
        if id not in passages:
            raise ValueError(f"{where}: passage_id {id!r} is not in {path.with_name('corpus.jsonl')}")
        if row.get("sentence_start", 0) is None:  # nobody marked a sentence
            continue
        start, end = number_of(row, "sentence_start", where), number_of(row, "sentence_end", where)
        if not 0 <= start < end <= len(passages[id][1]):
            raise ValueError(f"{where}: {start}..{end} is no place in a text of {len(passages[id][1])} characters")
        asked.append(Supported(question, id, start, end))
    if not asked:
        raise ValueError(f"{path} holds no question; write one object a line")
    return passages, asked


def judge(store: Store, asked: Sequence[Supported], embedded: Embedded) -> list[Judged]:
    """Return for each question whether the first sentence is the supporting one."""
    speller = Speller(store.words)
    questions = [understand(one.question, (), speller.mend) for one in asked]
    vectors = embedded.queries([question.query for question in questions])
    judged = []
    for one, question, vector in zip(asked, questions, vectors, strict=True):
        given = candidates(store, question, vector.tolist(), hits_of(store, one.document))
        found = candidates(store, question, vector.tolist(), retrieve(store, question, vector.tolist()))
        judged.append(Judged(*(_first(one, ranked, how) for ranked in (given, found) for how in (False, True))))
    return judged


def _first(one: Supported, ranked: Sequence[Candidate], by_similarity: bool) -> bool:
    if not ranked:
        return False
    best = max(ranked, key=lambda c: c.similarity) if by_similarity else ranked[0]
    return one.by(best)


def summary(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return the share of questions with the supporting sentence first, by place and ranking."""
    return {
        place: {
            "score": round(mean(getattr(j, f"{place}_scored") for j in judged), 4),
            "similarity": round(mean(getattr(j, f"{place}_similar") for j in judged), 4),
        }
        for place in ("given", "found")
    }


def main(arguments: list[str]) -> int:
    """Print how often the supporting sentence is first."""
    parser = argparse.ArgumentParser(prog="python -m eval sentences", description="Measure the ranking of sentences.")
    parser.add_argument("file", type=Path, metavar="FILE", help="questions with the place of the supporting sentence")
    parser.add_argument("--threads", type=int, default=2, help="that embed (default: 2)")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    options = parser.parse_args(arguments)
    passages, asked = read(options.file)
    embedded = of_settings(options.threads)
    documents = [document_of(id, title, text) for id, (title, text) in passages.items()]
    with TemporaryDirectory() as folder:
        store = store_of(documents, embedded, Path(folder))
        found = summary(judge(store, asked, embedded))
        store.close()
    facts = {"questions": len(asked), "passages": len(passages), "first": found}
    sys.stdout.write(json.dumps(facts, indent=2) + "\n" if options.json else as_table(len(asked), found))
    return 0


def as_table(questions: int, found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the shares, a line each."""
    names = {"given": "in the right passage", "found": "in what the search finds"}
    lines = [f"{questions} questions; supporting sentence first", f"{'':26}{'score':>10}{'similarity':>12}"]
    lines += [f"{names[place]:26}{v['score']:10.4f}{v['similarity']:12.4f}" for place, v in found.items()]
    return "\n".join(lines) + "\n"
