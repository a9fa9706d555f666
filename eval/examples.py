"""Questions with texts that answer them or do not, made of public question sets, to train the reader with.

Texts become windows of one to six sentences, as the desk reads them:

answering the window holds the answer
written   people wrote or judged a question that the text does not answer
swapped   another year or name stands in the question
same      sentences of the same passage without the answer
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from corpus.sentences import sentence_spans
from index.lexical import terms

Row = dict[str, Any]
Window = tuple[int, int]  # characters of a text

KINDS = ("answering", "written", "swapped", "same")
WINDOWS = (1, 1, 1, 2, 3, 3, 3, 4, 6)  # sentences of a text, drawn evenly
LONGEST = 700  # characters of a text whose answer has no known place
YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
FIRST_WORDS = frozenset(
    """after also although another because before both despite during each early eventually following from having
    however instead later many most much often only other others since some such that their there these they this
    those though through today under unlike until upon when where which while with within""".split()
)  # begin sentences, and are no names


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the training data, and how many rows of each kind are drawn from it."""

    file: str
    dataset: str
    licence: str
    answering: int
    draws: Mapping[str, int]  # rows of the other kinds


RECIPE = (
    Source("squad2_train_unansq", "SQuAD 2.0 train via UnAnsQ", "CC BY-SA 4.0", 1760, {"written": 3060}),
    Source("squad_train_nqg_sent", "SQuAD 2.0 train via UnAnsQ, sentences", "CC BY-SA 4.0", 1300, {"written": 1300}),
    Source(
        "squad_train_reqa10k",
        "SQuAD train via ReQA and UnAnsQ",
        "CC BY-SA 4.0",
        4000,
        {"written": 2000, "swapped": 1000},
    ),
    Source(
        "squad_train_sample800",
        "SQuAD train via UnAnsQ",
        "CC BY-SA 4.0",
        3500,
        {"written": 750, "swapped": 1500, "same": 1800},
    ),
    Source("squad2_mixed_lavi", "SQuAD 2.0, unanswerability-directions", "CC BY-SA 4.0", 1500, {"written": 1510}),
    Source(
        "squad_train_du44",
        "SQuAD 1.1 train, 44 articles",
        "CC BY-SA 4.0",
        5000,
        {"swapped": 1500, "same": 1800},
    ),
    Source("squadshifts_new_wiki", "SQuADShifts, new Wikipedia", "CC BY 4.0", 4000, {"swapped": 1300, "same": 1500}),
    Source(
        "nq_answerability_lavi",
        "Natural Questions, unanswerability-directions",
        "CC BY-SA 3.0",
        2500,
        {"written": 2500},
    ),
    Source("selqa", "SelQA", "Apache-2.0", 2690, {"swapped": 500, "same": 4000}),
    Source("repliqa_part", "RepLiQA, unanswerability-directions", "CC BY 4.0", 600, {"written": 600, "same": 400}),
    Source("cmrc2018_train", "CMRC 2018 train via ExpMRC", "CC BY-SA 4.0", 3000, {"swapped": 500, "same": 1500}),
    Source("drcd_train_part", "DRCD train", "CC BY-SA 3.0", 700, {"same": 500}),
    Source("idk_mrc", "IDK-MRC", "CC BY-SA 4.0", 1000, {"written": 2000}),
    Source("tydiqa_goldp", "TyDi QA GoldP", "Apache-2.0", 700, {"same": 500, "swapped": 200}),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a text that does or does not answer it."""

    question: str
    around: str  # title > section of the text; may be empty
    text: str
    kind: str

    @property
    def answers(self) -> bool:
        """Whether the text answers."""
        return self.kind == "answering"


def examples(folder: Path, held_out: Sequence[Path], rng: random.Random) -> list[Example]:
    """Return the examples of all sources, each answering or written question only once, in random order."""
    measured = _measured(held_out)
    chosen: list[Example] = []
    seen: set[tuple[str, bool]] = set()
    for source in RECIPE:
        rows = _usable(_rows(folder / f"{source.file}.jsonl.gz"), measured)
        rng.shuffle(rows)
        left = {"answering": source.answering, **source.draws}
        for example in _of_source(source, rows, rng, left):
            key = (plain(example.question), example.answers)
            if example.kind in ("answering", "written"):
                if key in seen:
                    continue
                seen.add(key)
            left[example.kind] -= 1
            chosen.append(example)
    _spans.cache_clear()  # it holds all texts
    rng.shuffle(chosen)
    return chosen


def _rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _usable(rows: Iterable[Row], measured: set[str]) -> list[Row]:
    return [_tidy(row) for row in rows if not {_beginning(row["question"]), _beginning(row["text"])} & measured]


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
            found |= {_beginning(json.loads(line).get("text", "")) for line in path.read_text("utf-8").splitlines()}
    return found - {""}


def _beginning(text: str) -> str:
    return plain(text)[:80]


def plain(text: str) -> str:
    """Return the letters and digits of a text, small."""
    return re.sub(r"\W+", "", text.lower())


@cache
def _spans(text: str) -> list[Window]:
    return list(sentence_spans(text)) or [(0, len(text))]


def _of_source(source: Source, rows: Sequence[Row], rng: random.Random, left: Mapping[str, int]) -> Iterator[Example]:
    """Yield examples as long as some of a kind are left; `left` changes while they are taken."""
    if source.file == "selqa":
        yield from _selqa(rows, rng, left)
        return
    makers = [kind for kind in source.draws if kind != "written"]
    share = {kind: 1.2 * source.draws[kind] / max(1, min(source.answering, len(rows))) for kind in makers}
    for row in rows:
        if not row["label"]:
            if left.get("written", 0) > 0:
                yield _example(row, "written", _centred(row, rng))
            continue
        window = _answering(row, rng) if left["answering"] > 0 else None
        if window is None:
            continue
        yield _example(row, "answering", window)
        for kind in makers:
            if left[kind] > 0 and rng.random() < share[kind]:
                yield from _made(kind, row, window, rng)


def _made(kind: str, row: Row, window: Window, rng: random.Random) -> Iterator[Example]:
    text = row["text"][slice(*window)]
    if kind == "swapped" and (question := swapped(row, text, rng)):
        yield _example(row | {"question": question}, kind, window)
    elif kind == "same" and row.get("answer") and (lacking := _without_answer(row, rng)):
        yield _example(row, kind, lacking)


def _selqa(rows: Sequence[Row], rng: random.Random, left: Mapping[str, int]) -> Iterator[Example]:
    """Yield the answering sentences and, for each question, the three others most like it."""
    by_question = defaultdict(list)
    for row in rows:
        by_question[row["qid"]].append(row)
    for group in by_question.values():
        asked = set(terms(group[0]["question"]))
        group.sort(key=lambda row: -len(asked & set(terms(row["text"]))))
        others = [row for row in group if not row["label"]][:3]
        for row in [r for r in group if r["label"]][:2] + others:
            section = row["group"].rpartition(":")[2]
            titled = row | {"title": f"{row['title']} > {section}"}
            whole = (0, len(row["text"]))
            yield _example(titled, "answering" if row["label"] else "same", whole)
            if row["label"] and left["swapped"] > 0 and (question := swapped(row, row["text"], rng)):
                yield _example(titled | {"question": question}, "swapped", whole)


def swapped(row: Row, text: str, rng: random.Random) -> str | None:
    """Return the question about another year or name, so that the text answers it no more; None if it has neither."""
    question: str = row["question"]
    if year := YEAR.search(question):
        other = str(int(year[0]) + rng.choice((-10, -3, -2, -1, -1, 1, 1, 2, 3, 10)))
        return None if other in text else question.replace(year[0], other)
    named = [name for name in NAME.findall(question, question.find(" ") + 1) if name in text]
    answer = row.get("answer") or ""
    others = [name for name in NAME.findall(row["text"]) if _is_other(name, question, answer)]
    if not named or not others:
        return None
    return question.replace(max(named, key=len), rng.choice(others))


def _is_other(name: str, question: str, answer: str) -> bool:
    apart = all(word not in question and word not in answer for word in name.split())
    return apart and len(name) > 3 and name.lower() not in FIRST_WORDS


def _example(row: Row, kind: str, window: Window) -> Example:
    return Example(row["question"], row["title"], row["text"][slice(*window)], kind)


def _place(row: Row) -> int | None:
    """Return where the answer stands in the text, or None."""
    answer, place = row.get("answer") or "", row.get("answer_start")
    if place is not None and row["text"][place : place + len(answer)] == answer:
        return int(place)
    found = row["text"].find(answer) if answer else -1
    return found if found >= 0 else None


def _answering(row: Row, rng: random.Random) -> Window | None:
    """Return a window around the answer; the whole text where its place is not known, None if that is long."""
    spans = _spans(row["text"])
    place = _place(row)
    if place is None and row.get("sentence"):
        place = row["text"].find(row["sentence"][:40])
    if place is None or place < 0:
        return (0, len(row["text"])) if len(row["text"]) <= LONGEST else None
    centre = max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    return _around(spans, centre, 0, len(spans), rng)


def _centred(row: Row, rng: random.Random) -> Window:
    """Return a window around the sentence that a question was written for, or shares most words with."""
    spans = _spans(row["text"])
    place = row["text"].find(row["sentence"][:40]) if row.get("sentence") else -1
    if place >= 0 and rng.random() < 0.7:
        centre = max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    else:
        centre = _most_alike(row, spans, range(len(spans)))
    return _around(spans, centre, 0, len(spans), rng)


def _without_answer(row: Row, rng: random.Random) -> Window | None:
    """Return a window of the passage that lacks the answer, or None if every sentence holds it."""
    spans = _spans(row["text"])
    free = [i for i, (start, end) in enumerate(spans) if row["answer"].lower() not in row["text"][start:end].lower()]
    place = _place(row)
    if not free or place is None:
        return None
    holding = max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    free = [i for i in free if i != holding]
    if not free:
        return None
    centre = first = last = _most_alike(row, spans, free)
    while first - 1 in free:
        first -= 1
    while last + 1 in free:
        last += 1
    return _around(spans, centre, first, last + 1, rng)


def _most_alike(row: Row, spans: Sequence[Window], among: Sequence[int]) -> int:
    asked = set(terms(row["question"]))
    return max(among, key=lambda i: len(asked & set(terms(row["text"][slice(*spans[i])]))))


def _around(spans: Sequence[Window], centre: int, first: int, end: int, rng: random.Random) -> Window:
    """Return the characters of some sentences, the centre among them, within `first` and `end`."""
    size = min(rng.choice(WINDOWS), end - first)
    start = max(first, min(centre - rng.randrange(size), end - size))
    return spans[start][0], spans[start + size - 1][1]
