"""python -m eval answerability: does the desk tell answerable questions from near misses, and find the sentence?

    python -m eval answerability FILE     lines {"text", "passage_id", "answerable"}; corpus.jsonl stands beside FILE
    python -m eval answerability --golden [FILE...]   the golden questions, on the index in use

AUROC: the chance that an answerable question scores higher than one that the texts do not answer. Risk: the share of
unanswerable questions among those that would be answered, at each coverage, surest first. Decision: the confidence of
the answer as the desk gives it (rag/decide.py), its questions understood and its sentences scored as ever; reader: the
most hopeful three sentences of the passage; similarity: the most similar three. Times depend on
the machine; OMP_NUM_THREADS=2 reads as a machine with two cores does.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tqdm import tqdm

from corpus.sentences import sentence_spans
from eval.embedded import Embedded, of_settings
from eval.golden import Case, load
from eval.reduce import aurc, risks
from eval.rows import read_passages, read_rows, text_of
from eval.shelf import document_of, hits_of, store_of
from index.store import Store
from rag.chatbot import Chatbot
from rag.decide import decide
from rag.follow_up import Turn
from rag.question import Question, understand
from rag.reader import WEIGHTS, Reader, in_context, read_as
from rag.retrieve import retrieve
from rag.score import Candidate, candidates
from rag.settings import Settings
from rag.spelling import Speller

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
    passage: float  # its log odds that the whole passage of the first answers
    joined: float  # its log odds that the first three sentences, read as one text, answer


ABOUT = frozenset({"near_miss", "false_premise"})  # unanswerable questions about what the documents speak of
FOUND = ("similarity", "coverage", "typed", "margin")
ALONE: dict[str, Callable[[Asked], float]] = {  # what could decide by itself
    "first sentence": lambda a: float(a.sentence[0]),
    "first window": lambda a: float(a.window[0]),
    "first passage": lambda a: a.passage,
    "first three joined": lambda a: a.joined,
    "best of three windows": lambda a: float(a.window[:3].max()),
    "mean of three windows": lambda a: float(a.window[:3].mean()),
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
            vector = embedded.queries([question.query])[0]
            found["decision"].append(decide(store, question, _ranked(store, question, vector, row), reader).confidence)
            near = embedded.documents(parts[row.passage]) @ embedded.queries([row.question])[0]
            found["similarity"].append(float(near.max()))
            if reader:
                found["reader"].append(float(reader.score(row.question, parts[row.passage]).max()))
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


def _ranked(store: Store, question: Question, vector: np.ndarray, row: "Paired") -> list[Candidate]:
    return candidates(store, question, vector.tolist(), hits_of(store, row.passage))


@dataclass(frozen=True, slots=True)
class Paired:
    """A question with the passage that does or does not answer it."""

    question: str
    passage: str  # id
    answerable: bool


def read(path: Path) -> tuple[dict[str, tuple[str, str]], list[Paired]]:
    """Return title and text of each passage by id, and the questions; ValueError names the line that is wrong."""
    texts, rows = read_passages(path.with_name("corpus.jsonl")), []
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


def ask(chatbot: Chatbot, embed: Embed, reader: Reader, case: Case) -> Asked | None:
    """Return a golden question with its candidates read; None if nothing was found for it."""
    question = chatbot.understand(case.question, [Turn(t["question"], t.get("answer", "")) for t in case.history])
    vector = embed([question.query], "query")[0].tolist()
    ranked = candidates(chatbot.store, question, vector, retrieve(chatbot.store, question, vector))
    if not ranked:
        return None
    top = ranked[:TOP]
    asked = question.in_english
    alone = reader.read(asked, [read_as(c) for c in top])
    passage, joined = logit(reader.score(asked, [whole(top[0]), together(top[:3])]))
    return Asked(
        case,
        found_of(question, ranked),
        np.array([c.score for c in top]),
        np.array([is_evidence(c, case) for c in top]),
        logit(alone.probability),
        alone.located,
        logit(reader.score(asked, [read_as(c, beside=1) for c in top])),
        float(passage),
        float(joined),
    )


def whole(candidate: Candidate) -> str:
    """Return the passage of a candidate as the reader reads it."""
    return read_as(candidate, beside=len(candidate.hit.passage.sentences))


def together(ranked: Sequence[Candidate]) -> str:
    """Return candidates as one text, under the title and section of the first."""
    hit = ranked[0].hit
    around = " > ".join((hit.document.title, *hit.passage.section))
    return in_context(around, " ".join(dict.fromkeys(c.text for c in ranked)))


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
    about = [a for a in same if not a.case.answerable and a.case.category in ABOUT]
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
        "in one language": {
            name: {
                "auroc": auroc([score(a) for a in same if a.case.answerable], [score(a) for a in about]),
                **_declined([score(a) for a in same if a.case.answerable], [score(a) for a in about]),
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


def _declined(answerable: Sequence[float], missed: Sequence[float]) -> dict[str, float]:
    """Return the shares of near misses below the bars that decline few answerable questions."""
    bars = {share: np.quantile(answerable, share) for share in DECLINED}
    return {f"declined at {share:.0%}": round(float((np.array(missed) < bar).mean()), 4) for share, bar in bars.items()}


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
    """Print the measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m eval answerability",
        description="Measure how well near misses are told from answerable questions.",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="questions with passage_id and answerable")
    parser.add_argument("--golden", type=Path, nargs="*", metavar="FILE", help="golden questions; default: all")
    parser.add_argument("--split", choices=("dev", "test"), default="dev", help="half of the golden questions")
    parser.add_argument("--limit", type=int, default=1500, help="questions of FILE; 0: all (default: 1500)")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="DIR", help="of the reader")
    parser.add_argument("--threads", type=int, default=2, help="that embed (default: 2)")
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    options = parser.parse_args(arguments)
    if options.file is None and options.golden is None:
        parser.error("name a FILE, or --golden")
    found = _measured(options)
    only_file = options.golden is None and not options.json
    sys.stdout.write(as_table(found[options.file.name]) if only_file else json.dumps(found, indent=2) + "\n")
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


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    from index.unpack import model_folder

    reader = Reader.open(model_folder(), options.weights)
    found: dict[str, Any] = {"milliseconds for 8 pairs": milliseconds(reader)}
    if options.file is not None:
        total = min(options.limit or sys.maxsize, sum(1 for _ in read_rows(options.file)))
        with tqdm(total=total, desc="reading", unit=" question") as bar:
            embedded = of_settings(options.threads)
            found[options.file.name] = of_paragraphs(reader, embedded, options.file, options.limit, bar.update)
    if options.golden is not None:
        settings = Settings.load()
        chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
        cases = [case for case in load(options.golden) if case.split == options.split]
        embed = _embedding()
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
