"""python -m eval answerability: does the reader tell answerable questions from near misses, and find the sentence?

    python -m eval answerability FILE     questions with "passage_id" and "answerable"; corpus.jsonl stands beside FILE
    python -m eval answerability --golden [FILE...]   the golden questions, on the index in use

AUROC: the chance that an answerable question scores higher than one that the texts do not answer. Times depend on
the machine; OMP_NUM_THREADS=2 reads as a machine with two cores does.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.sentences import sentence_spans
from eval.golden import Case, load
from rag.chatbot import Chatbot
from rag.follow_up import Turn
from rag.question import Question
from rag.reader import WEIGHTS, Reader, in_context, read_as
from rag.retrieve import retrieve
from rag.score import Candidate, candidates
from rag.settings import Settings

Embed = Callable[[list[str], str], np.ndarray]  # texts, "query" or "document" -> normalised vectors

SEED = 7
WINDOW = 3  # sentences that are read at once in a paragraph
TOP = 8  # candidates that the reader sees
DECLINED = (0.03, 0.05)  # shares of answerable questions that may be declined
WEIGHTS_TRIED = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)  # of the reader's logit beside a candidate's score
REPEATS = 10  # of the cross-validation, each with other folds


@dataclass(frozen=True, slots=True)
class Asked:
    """A golden question with its best candidates and what the reader thinks of them."""

    case: Case
    found: dict[str, float]  # what is known of the best candidate without reading it
    scores: np.ndarray  # (candidates,), of today's ranking
    right: np.ndarray  # (candidates,), whether the sentence is evidence
    sentence: np.ndarray  # (candidates,), the reader's log odds that the sentence alone answers
    located: np.ndarray  # (candidates,), its log odds of the answer's place in the sentence
    window: np.ndarray  # (candidates,), its log odds that the sentence between its neighbours answers


FOUND = ("similarity", "coverage", "typed", "margin")
ALONE: dict[str, Callable[[Asked], float]] = {  # what could decide by itself
    "first sentence": lambda a: float(a.sentence[0]),
    "first window": lambda a: float(a.window[0]),
    "best sentence": lambda a: float(a.sentence.max()),
    "best window": lambda a: float(a.window.max()),
    "similarity": lambda a: a.found["similarity"],
}
DECIDING = {  # what is tried together
    "found": FOUND,
    "first window": ("first window",),
    "first": ("first sentence", "first window"),
    "all read": ("first sentence", "first window", "best sentence", "best window"),
    "found + first": (*FOUND, "first sentence", "first window"),
    "found + all read": (*FOUND, "first sentence", "first window", "best sentence", "best window"),
}


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


def logit(probabilities: np.ndarray) -> np.ndarray:
    """Return log odds, from about -14 to 14."""
    clipped = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    odds: np.ndarray = np.log(clipped / (1 - clipped))
    return odds


def of_paragraphs(
    reader: Reader, embed: Callable[[list[str], str], np.ndarray], path: Path, limit: int
) -> dict[str, Any]:
    """Return AUROC over questions with the paragraph that does or does not answer them, beside plain similarity."""
    titles, texts = {}, {}
    for row in _rows(path.with_name("corpus.jsonl")):
        titles[row["_id"]], texts[row["_id"]] = row["title"], row["text"]
    rows = list(_rows(path))
    random.Random(SEED).shuffle(rows)
    rows = rows[: limit or len(rows)]
    read: list[float] = []
    near: list[float] = []
    for row in rows:
        parts = [in_context(titles[row["passage_id"]], part) for part in windows(texts[row["passage_id"]])]
        read.append(float(reader.score(row["text"], parts).max()))
        near.append(float((embed(parts, "document") @ embed([row["text"]], "query")[0]).max()))
    split = [row["answerable"] for row in rows]
    return {
        "questions": len(rows),
        "answerable": sum(split),
        "reader": auroc(*_parted(read, split)),
        "similarity": auroc(*_parted(near, split)),
    }


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _parted(values: Sequence[float], is_positive: Sequence[bool]) -> tuple[list[float], list[float]]:
    paired = list(zip(values, is_positive, strict=True))
    return [v for v, positive in paired if positive], [v for v, positive in paired if not positive]


def ask(chatbot: Chatbot, embed: Embed, reader: Reader, case: Case) -> Asked | None:
    """Return a golden question with its candidates read; None if nothing was found for it."""
    question = chatbot.understand(case.question, [Turn(t["question"], t.get("answer", "")) for t in case.history])
    vector = embed([question.query], "query")[0].tolist()
    ranked = candidates(chatbot.store, question, vector, retrieve(chatbot.store, question.query, vector))
    if not ranked:
        return None
    top = ranked[:TOP]
    alone = reader.read(question.standalone, [read_as(c) for c in top])
    return Asked(
        case,
        found_of(question, ranked),
        np.array([c.score for c in top]),
        np.array([is_evidence(c, case) for c in top]),
        logit(alone.probability),
        alone.located,
        logit(reader.score(question.standalone, [read_as(c, beside=1) for c in top])),
    )


def found_of(question: Question, ranked: Sequence[Candidate]) -> dict[str, float]:
    """Return what is known of the best candidate without reading it, by name."""
    best = ranked[0]
    return {
        "similarity": best.similarity,
        "coverage": best.coverage,
        "typed": best.typed,
        "margin": best.similarity - float(np.mean([c.similarity for c in ranked[:20]])),
        "cross": float(question.language != best.hit.document.language),
    }


def is_evidence(candidate: Candidate, case: Case) -> bool:
    """Return whether the candidate shares characters with a sentence that the answer rests on."""
    document = candidate.hit.document
    for evidence in case.evidence:
        start = document.text.find(evidence.quote) if evidence.document == document.id else -1
        if 0 <= start < candidate.sentence.end and candidate.sentence.start < start + len(evidence.quote):
            return True
    return False


def of_golden(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return how well the reader tells near misses and ranks, alone and with what is known without reading."""
    answerable = [a for a in asked if a.case.answerable]
    missed = [a for a in asked if a.case.category == "near_miss"]
    others = [a for a in asked if not a.case.answerable]
    proven = [a for a in answerable if a.case.evidence]
    same = [a for a in asked if not a.found["cross"]]  # another language needs a decision of its own
    return {
        "answerable": len(answerable),
        "near_miss": len(missed),
        "unanswerable": len(others),
        "auroc": {
            name: {
                "near_miss": auroc([score(a) for a in answerable], [score(a) for a in missed]),
                "unanswerable": auroc([score(a) for a in answerable], [score(a) for a in others]),
            }
            for name, score in ALONE.items()
        },
        "decision": {name: _decision(same, columns) for name, columns in DECIDING.items()},
        "evidence_first": {
            "sentence": {w: _first((a, a.scores + w * a.sentence) for a in proven) for w in WEIGHTS_TRIED},
            "located": {w: _first((a, a.scores + w * a.located) for a in proven) for w in WEIGHTS_TRIED},
            "window": {w: _first((a, a.scores + w * a.window) for a in proven) for w in WEIGHTS_TRIED},
            "within_top": round(sum(bool(a.right.any()) for a in proven) / len(proven), 4),
        },
    }


def _decision(asked: Sequence[Asked], columns: Sequence[str]) -> dict[str, float]:
    """Return AUROC and shares of near misses declined by a logistic regression, each question judged by others' fit."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    matrix = np.array([[ALONE[c](a) if c in ALONE else a.found[c] for c in columns] for a in asked])
    target = np.array([a.case.answerable for a in asked])
    near = np.array([a.case.category == "near_miss" for a in asked])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    found: dict[str, list[float]] = {}
    for repeat in range(REPEATS):
        folds = StratifiedKFold(5, shuffle=True, random_state=repeat)
        likely = cross_val_predict(model, matrix, target, cv=folds, method="predict_proba")[:, 1]
        found.setdefault("near_miss", []).append(auroc(likely[target], likely[near]))
        found.setdefault("unanswerable", []).append(auroc(likely[target], likely[~target]))
        for share in DECLINED:
            bar = np.quantile(likely[target], share)
            found.setdefault(f"near misses declined at {share:.0%}", []).append(float((likely[near] < bar).mean()))
            found.setdefault(f"all declined at {share:.0%}", []).append(float((likely[~target] < bar).mean()))
    return {name: round(float(np.mean(values)), 4) for name, values in found.items()}


def _first(ranked: Iterable[tuple[Asked, np.ndarray]]) -> float:
    """Return the share of questions whose best candidate, by these scores, is evidence."""
    judged = [bool(asked.right[int(scores.argmax())]) for asked, scores in ranked]
    return round(sum(judged) / len(judged), 4)


def milliseconds(reader: Reader, repeats: int = 20) -> float:
    """Return the median time to read 8 pairs of about 60 tokens."""
    text = "The office was set up in the city in 2014 and its members meet there every year in the autumn. " * 2
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        reader.score("When was the office of the organization set up?", [text] * TOP)
        taken.append(1000 * (time.perf_counter() - started))
    return round(sorted(taken)[repeats // 2], 1)


def main(arguments: list[str]) -> int:
    """Print the measurements as JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval answerability", description="Measure the reader.")
    parser.add_argument("file", type=Path, nargs="?", help="questions with passage_id and answerable")
    parser.add_argument("--golden", type=Path, nargs="*", metavar="FILE", help="golden questions; default: all")
    parser.add_argument("--split", choices=("dev", "test"), default="dev", help="half of the golden questions")
    parser.add_argument("--limit", type=int, default=1500, help="questions of FILE; 0: all")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="DIR")
    options = parser.parse_args(arguments)
    if options.file is None and options.golden is None:
        parser.error("name a FILE, or --golden")
    sys.stdout.write(json.dumps(_measured(options), indent=2) + "\n")
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    from index.unpack import model_folder

    reader = Reader.open(model_folder(), options.weights)
    embed = _embedding()
    found: dict[str, Any] = {"milliseconds for 8 pairs": milliseconds(reader)}
    if options.file is not None:
        found[str(options.file.name)] = of_paragraphs(reader, embed, options.file, options.limit)
    if options.golden is not None:
        settings = Settings.load()
        chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
        cases = [case for case in load(options.golden) if case.split == options.split]
        found[f"golden, {options.split} half"] = of_golden([a for c in cases if (a := ask(chatbot, embed, reader, c))])
    return found


def _embedding() -> Embed:
    from index.embed import SentenceTransformerEmbedding

    model = SentenceTransformerEmbedding()

    def embed(texts: list[str], prompt: str) -> np.ndarray:
        if prompt == "query":
            return np.array([model.get_query_embedding(text) for text in texts])
        return np.array(model.get_text_embedding_batch(texts))

    return embed
