"""python -m eval answerability FILE: does the desk tell answerable questions from near misses?

FILE has lines {"text", "passage_id", "answerable"}; corpus.jsonl stands beside it. AUROC: the chance that an answerable
question scores higher than one that its passage does not answer. Risk: the share of unanswerable questions among those
that would be answered, at each coverage, surest first. Decision: the confidence of the answer as the desk gives it
(rag/decide.py), its questions understood and its sentences scored as ever; reader: the most hopeful sentence of the
passage; similarity: the most similar three sentences.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tqdm import tqdm

from corpus.sentences import sentence_spans
from eval.embedded import Embedded, of_settings
from eval.reduce import aurc, risks
from eval.rows import passages_beside, read_rows, text_of
from eval.shelf import document_of, hits_of, store_of
from rag.decide import decide
from rag.question import understand
from rag.rank import reread
from rag.reader import SECOND, WEIGHTS, Reader, in_context
from rag.score import candidates
from rag.spelling import Speller

SEED = 7
WINDOW = 3  # sentences that are embedded at once


def windows(text: str, size: int = WINDOW) -> list[str]:
    """Return each run of `size` consecutive sentences; a shorter text whole."""
    spans = sentence_spans(text)
    if len(spans) <= size:
        return [text]
    return [text[spans[i][0] : spans[i + size - 1][1]] for i in range(len(spans) - size + 1)]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half."""
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positive) + [0] * len(negative)
    return round(float(roc_auc_score(labels, [*positive, *negative])), 4)


def of_paragraphs(
    reader: Reader | None, embedded: Embedded, path: Path, limit: int, progress: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Return AUROC, risk and coverage over questions with the paragraph that does or does not answer them."""
    texts, rows = read(path)
    random.Random(SEED).shuffle(rows)
    rows = rows[: limit or len(rows)]
    parts = {id: [in_context(texts[id][0], part) for part in windows(texts[id][1])] for id in {r.passage for r in rows}}
    embedded.documents([part for found in parts.values() for part in found])  # all at once is quicker
    embedded.queries([row.question for row in rows])
    found: dict[str, list[float]] = {"decision": [], "reader": [], "similarity": []}
    with TemporaryDirectory() as folder:
        store = store_of([document_of(id, *texts[id]) for id in parts], embedded, Path(folder))
        speller = Speller(store.words)
        for row in rows:
            question = understand(row.question, (), speller.mend)
            ranked = candidates(store, question, embedded.queries([question.query])[0], hits_of(store, row.passage))
            best = reread(reader, question, ranked) if reader else ranked
            found["decision"].append(decide(store, question, best).confidence)
            found["reader"] += [max(c.odds for c in best if c.odds is not None)] if reader else []
            near = embedded.documents(parts[row.passage]) @ embedded.queries([row.question])[0]
            found["similarity"].append(float(near.max()))
            progress()
        store.close()
    split = [row.answerable for row in rows]
    return {
        "questions": len(rows),
        "answerable": sum(split),
        **{name: separation(values, split) for name, values in found.items() if values},
    }


def separation(values: Sequence[float], answerable: Sequence[bool]) -> dict[str, Any]:
    """Return AUROC, the area under the risk-coverage curve, and the risk at each tenth of coverage."""
    rows = np.array([(value, not answer) for value, answer in zip(values, answerable, strict=True)], dtype=float)
    curve = risks(rows)
    tenths = {f"{step / 10:.1f}": max(1, round(len(rows) * step / 10)) for step in range(1, 11)}
    return {
        "auroc": auroc(*_parted(values, answerable)),
        "aurc": round(float(aurc(rows)), 4),
        "risk_at_coverage": {coverage: round(float(curve[place - 1]), 4) for coverage, place in tenths.items()},
    }


@dataclass(frozen=True, slots=True)
class Paired:
    """A question with the passage that does or does not answer it."""

    question: str
    passage: str  # id
    answerable: bool


def read(path: Path) -> tuple[dict[str, tuple[str, str]], list[Paired]]:
    """Return title and text of each passage by id, and the questions; ValueError names the line that is wrong."""
    texts, rows = passages_beside(path), []
    for where, row in read_rows(path):
        question, passage, answerable = text_of(row, "text", where), row.get("passage_id"), row.get("answerable")
        if passage not in texts:
            raise ValueError(f"{where}: passage_id {passage!r} is not in {path.with_name('corpus.jsonl')}")
        if not isinstance(answerable, bool):
            raise ValueError(f"{where}: 'answerable' is {answerable!r}; write true or false there")
        rows.append(Paired(question, str(passage), answerable))
    if len({row.answerable for row in rows}) < 2:
        raise ValueError(f"{path} needs both answerable and unanswerable questions to tell them apart")
    return texts, rows


def _parted(values: Sequence[float], is_positive: Sequence[bool]) -> tuple[list[float], list[float]]:
    paired = list(zip(values, is_positive, strict=True))
    return [v for v, positive in paired if positive], [v for v, positive in paired if not positive]


def main(arguments: list[str]) -> int:
    """Print the measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m eval answerability",
        description="Measure how well near misses are told from answerable questions.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="questions with passage_id and answerable")
    parser.add_argument("--limit", type=int, default=1500, help="questions of FILE; 0: all (default: 1500)")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="WEIGHTS", help="of the reader")
    parser.add_argument("--threads", type=int, default=2, help="that embed (default: 2)")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    options = parser.parse_args(arguments)
    total = min(options.limit or sys.maxsize, len(read(options.file)[1]))
    from index.unpack import model_folder

    reader = Reader.open(model_folder(), options.weights, SECOND if options.weights == WEIGHTS else None)
    with tqdm(total=total, desc="reading", unit=" question") as bar:
        embedded = of_settings(options.threads)
        found = of_paragraphs(reader, embedded, options.file, options.limit, bar.update)
    sys.stdout.write(json.dumps(found, indent=2) + "\n" if options.json else as_table(found))
    return 0


def as_table(found: Mapping[str, Any]) -> str:
    """Return AUROC, area and the curve of each way to decide, side by side."""
    ways = {name: values for name, values in found.items() if isinstance(values, Mapping)}
    lines = [f"{found['questions']} questions, {found['answerable']} of them answerable"]
    lines.append(f"{'':22}" + "".join(f"{name:>12}" for name in ways))
    for measure in ("auroc", "aurc"):
        lines.append(f"{measure:22}" + "".join(f"{values[measure]:12.4f}" for values in ways.values()))
    for coverage in next(iter(ways.values()))["risk_at_coverage"]:
        risks = "".join(f"{values['risk_at_coverage'][coverage]:12.4f}" for values in ways.values())
        lines.append(f"{'risk at coverage ' + coverage:22}" + risks)
    return "\n".join(lines) + "\n"
