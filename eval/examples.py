"""Questions with texts that answer them or do not, made of public question sets, to train the reader with.

A passage becomes its sentences, of which the reader reads some together, as the desk reads them. Nothing in a passage
answers a question that people wrote so that it does not, nor one in which another year or name was put.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from corpus.sentences import sentence_spans
from eval.lessons import PUBLIC, Lesson
from eval.rows import read_rows
from index.lexical import terms

Row = dict[str, Any]
Span = tuple[int, int]  # characters of a text

LONGEST = 700  # characters of a text that is one piece, since the place of its answer is not known
MOST = 14  # sentences of a passage, those around the answer or most like the question
YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
FIRST_WORDS = frozenset(
    """after also although another because before both despite during each early eventually following from having
    however instead later many most much often only other others since some such that their there these they this
    those though through today under unlike until upon when where which while with within""".split()
)  # begin sentences, and are no names


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the training data."""

    file: str
    dataset: str
    licence: str
    swapped: float = 0.0  # share of its answered questions that are asked again about another year or name
    languages: frozenset[str] = frozenset()  # that are read; empty: all


RECIPE = (
    Source("squad2_train_unansq", "SQuAD 2.0 train via UnAnsQ", "CC BY-SA 4.0"),
    Source("squad2_mixed_lavi", "SQuAD 2.0, unanswerability-directions", "CC BY-SA 4.0"),
    Source("squad_train_sample800", "SQuAD train via UnAnsQ", "CC BY-SA 4.0", 0.4),
    Source("squad_train_du44", "SQuAD 1.1 train, 44 articles", "CC BY-SA 4.0", 0.3),
    Source("squad_train_reqa10k", "SQuAD train via ReQA and UnAnsQ", "CC BY-SA 4.0", 0.2),
    Source("squad_train_nqg_sent", "SQuAD 2.0 train via UnAnsQ, sentences", "CC BY-SA 4.0"),
    Source("squadshifts_new_wiki", "SQuADShifts, new Wikipedia", "CC BY 4.0", 0.3),
    Source("nq_answerability_lavi", "Natural Questions, unanswerability-directions", "CC BY-SA 3.0"),
    Source("selqa", "SelQA", "Apache-2.0", 0.2),
    Source("repliqa_part", "RepLiQA, unanswerability-directions", "CC BY 4.0"),
    Source("cmrc2018_train", "CMRC 2018 train via ExpMRC", "CC BY-SA 4.0", 0.1),
    Source("expmrc_cmrc_dev_sent", "CMRC 2018 dev via ExpMRC, sentences", "CC BY-SA 4.0"),
    Source("drcd_train_part", "DRCD train", "CC BY-SA 3.0"),
    Source("idk_mrc", "IDK-MRC", "CC BY-SA 4.0"),
    Source("tydiqa_goldp", "TyDi QA GoldP", "Apache-2.0", 0.1, frozenset({"en", "id"})),
)
SENTENCES = ("selqa", "expmrc_cmrc_dev_sent")  # files whose rows are sentences that people judged


def examples(folder: Path, held_out: Sequence[Path], rng: random.Random) -> list[Lesson]:
    """Return a lesson for each question of the sources that none of the held-out sets holds; each is asked once."""
    measured = _measured(held_out)
    chosen: dict[tuple[str, bool], Lesson] = {}
    for source in RECIPE:
        rows = [row for row in _rows(folder, source) if not _beginnings(row) & measured]
        made = _judged(rows) if source.file in SENTENCES else map(_lesson, rows)
        for lesson in filter(None, made):
            key = plain(lesson.question), bool(lesson.right)
            if key in chosen and len(chosen[key].texts) >= len(lesson.texts):
                continue
            chosen[key] = lesson
            if lesson.right and rng.random() < source.swapped and (other := swapped(lesson, rng)):
                chosen[plain(other), False] = _unanswered(lesson, other)
    _spans.cache_clear()  # it holds all texts
    return list(chosen.values())


def _rows(folder: Path, source: Source) -> Iterator[Row]:
    with gzip.open(folder / f"{source.file}.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if not source.languages or row["lang"] in source.languages:
                yield _tidy(row)


def _tidy(row: Row) -> Row:
    """Return the row with one answer, and a title as people write it."""
    answer = row.get("answer") or ""
    if answer.startswith('["'):
        listed = json.loads(answer)
        row = row | {"answer": next((a for a in listed if a in row["text"]), listed[0])}
    title = unquote(row.get("title") or "").replace("_", " ")
    return row | {"title": title}


def _measured(folders: Sequence[Path]) -> set[str]:
    """Return questions and beginnings of texts that measure the reader and so must not train it."""
    found: set[str] = set()
    for folder in folders:
        for path in folder.glob("*.jsonl"):
            found |= {_beginning(row.get("text", "")) for _, row in read_rows(path)}
    return found - {""}


def _beginnings(row: Row) -> set[str]:
    return {_beginning(row["question"]), _beginning(row["text"])}


def _beginning(text: str) -> str:
    return plain(text)[:80]


def plain(text: str) -> str:
    """Return the letters and digits of a text, small."""
    return re.sub(r"\W+", "", text.lower())


@cache
def _spans(text: str) -> list[Span]:
    return list(sentence_spans(text)) or [(0, len(text))]


def _lesson(row: Row) -> Lesson | None:
    """Return a passage as its sentences; as one piece where nobody knows which of them answers, None if it is long."""
    text, spans = row["text"], _spans(row["text"])
    place = _place(row)
    if row["label"] and place is None:
        piece = Lesson(row["question"], (text,), frozenset({0}), around=row["title"], origin=PUBLIC)
        return piece if len(text) <= LONGEST else None
    holding = None if place is None else max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    right = {holding} if row["label"] and holding is not None else set()
    answer = (row.get("answer") or "").lower() if right else ""
    doubtful = {i for i, span in enumerate(spans) if answer and answer in text[slice(*span)].lower()} - right
    others = [i for i in range(len(spans)) if i not in right | doubtful]
    hardest = _most_alike(row, spans, others) if others else None
    if not row["label"] and holding is not None:
        hardest = holding
    centre = next(iter(right), hardest or 0)
    first = max(0, min(centre - MOST // 2, len(spans) - MOST))
    kept = [i for i in range(first, min(first + MOST, len(spans))) if i not in doubtful]
    return Lesson(
        row["question"],
        tuple(text[slice(*spans[i])] for i in kept),
        frozenset(kept.index(i) for i in right),
        hardest=kept.index(hardest) if hardest in kept else None,
        around=row["title"],
        joined=not doubtful,
        origin=PUBLIC,
    )


def _place(row: Row) -> int | None:
    """Return where in the text the answer stands, or the sentence that an unanswerable question was written for."""
    text, place = row["text"], row.get("answer_start")
    answer = (row.get("answer") or "") if row["label"] else ""
    if answer and place is not None and text[place : place + len(answer)] == answer:
        return int(place)
    sought = answer or (row.get("sentence") or "")[:40]
    found = text.find(sought) if sought else -1
    return found if found >= 0 else None


def _most_alike(row: Row, spans: Sequence[Span], among: Sequence[int]) -> int:
    asked = set(terms(row["question"]))
    return max(among, key=lambda i: len(asked & set(terms(row["text"][slice(*spans[i])]))))


def _judged(rows: Iterable[Row]) -> Iterator[Lesson]:
    """Yield each question with its sentences, those that do not answer in the order of the words that they share."""
    by_question = defaultdict(list)
    for row in rows:
        by_question[row.get("qid") or row["group"], row["question"]].append(row)
    for (_, question), group in by_question.items():
        asked = set(terms(question))
        group.sort(key=lambda row: (not row["label"], -len(asked & set(terms(row["text"])))))
        section = group[0]["group"].rpartition(":")[2] if "qid" in group[0] else ""
        around = f"{group[0]['title']} > {section}" if section else group[0]["title"]
        right = frozenset(i for i, row in enumerate(group[:MOST]) if row["label"])
        hardest = len(right) if len(right) < len(group[:MOST]) else None
        texts = tuple(row["text"] for row in group[:MOST])
        yield Lesson(question, texts, right, hardest=hardest, around=around, origin=PUBLIC)


def swapped(lesson: Lesson, rng: random.Random) -> str | None:
    """Return the question about another year or name, so that no text answers it; None if it has neither."""
    question, text = lesson.question, " ".join(lesson.texts)
    if year := YEAR.search(question):
        other = str(int(year[0]) + rng.choice((-10, -3, -2, -1, -1, 1, 1, 2, 3, 10)))
        return None if other in text else question.replace(year[0], other)
    answering = " ".join(lesson.texts[i] for i in lesson.right)
    named = [name for name in NAME.findall(question, question.find(" ") + 1) if name in answering]
    others = [name for name in NAME.findall(text) if _is_other(name, question, answering)]
    if not named or not others:
        return None
    return question.replace(max(named, key=len), rng.choice(others))


def _is_other(name: str, question: str, answering: str) -> bool:
    apart = all(word not in question and word not in answering for word in name.split())
    return apart and len(name) > 3 and name.lower() not in FIRST_WORDS


def _unanswered(lesson: Lesson, question: str) -> Lesson:
    return Lesson(question, lesson.texts, frozenset(), min(lesson.right), lesson.around, lesson.joined, PUBLIC)
