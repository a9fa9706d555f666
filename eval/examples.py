"""Questions with texts that answer them or do not, made of public question sets, to train the reader with.

Texts become windows of one to six sentences, as the desk reads them. A text that answers comes with texts or
questions that only seem to belong to it; together they are a family, within which the reader learns an order:

written   people wrote or judged a question that the text does not answer
swapped   another year or name stands in the question
turned    a word of the question became its contrary
same      sentences of the same passage without the answer
other     the sentence of the same article, without the answer, that shares most with the question
far       the sentence of all other articles that shares most with the question
borrowed  the same, and the question's subject has become that text's
told      a made-up statement about the text's subject answers, others about the same subject do not
"""

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from corpus.sentences import sentence_spans
from eval.attributes import told
from index.lexical import HAN, STOPWORDS, terms

Row = dict[str, Any]
Window = tuple[int, int]  # characters of a text

KINDS = ("answering", "written", "swapped", "turned", "same", "other", "far", "borrowed", "told")
DEV_SHARE = 0.03  # of the articles
WINDOWS = (1, 1, 1, 2, 3, 3, 3, 4, 6)  # sentences of a text, drawn evenly
LONGEST = 700  # characters of a text whose answer has no known place
YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
FIRST_WORDS = frozenset(
    """after also although another because before both despite during each early eventually following from having
    however instead later many most much often only other others since some such that their there these they this
    those though through today under unlike until upon when where which while with within""".split()
)  # begin sentences, and are no names
CONTRARIES = [
    pair.strip().split("/")
    for pair in """first/last, largest/smallest, highest/lowest, biggest/smallest, most/least, oldest/youngest,
    longest/shortest, maximum/minimum, began/ended, begin/end, start/end, started/ended, starts/ends,
    founded/dissolved, established/abolished, opened/closed, created/destroyed, built/demolished, born/buried,
    died/married, before/after, north/south, northern/southern, east/west, eastern/western, won/lost,
    win/lose, increase/decrease, increased/decreased, rise/fall, rose/fell, more/fewer, joined/left,
    join/leave, wrote/translated, written/translated, author/publisher, directed/financed, director/treasurer,
    president/secretary, king/queen, mother/brother, father/sister, wife/daughter, husband/son,
    population/area, cost/weigh, capital/harbour, above/below, inside/outside, male/female, men/women,
    import/export, imported/exported, advantage/disadvantage, support/oppose, supported/opposed,
    accepted/rejected, arrived/departed, bought/sold, buy/sell, invented/banned, discovered/lost,
    introduced/withdrawn, appointed/dismissed, headquarters/budget, named/painted, official/unofficial,
    public/private, teacher/pupil, early/late, old/new, high/low, currently/formerly, signed/refused,
    hosted/cancelled, released/withdrawn, launched/stopped, employees/shareholders, students/professors,
    members/opponents, cause/effect, causes/effects, caused/prevented, allowed/forbidden, allow/forbid,
    true/false, same/different, include/exclude, included/excluded, beginning/end, top/bottom, length/width,
    height/weight""".split(",")
]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the training data, and how many rows of each kind a pass draws from it."""

    file: str
    dataset: str
    licence: str
    answering: int
    draws: Mapping[str, int]  # rows of the other kinds, as the module says


DU44 = {"swapped": 1500, "turned": 700, "same": 1800, "other": 1800, "far": 500, "borrowed": 1500, "told": 1200}
SHIFTS = {"swapped": 1300, "turned": 700, "same": 1500, "other": 1500, "far": 400, "borrowed": 1300, "told": 1000}
SENTENCES = {"written": 2000, "swapped": 1000, "turned": 500}
CHINESE = {"swapped": 500, "same": 1500, "other": 300, "far": 500, "borrowed": 1300}

RECIPE = (
    Source("squad2_train_unansq", "SQuAD 2.0 train via UnAnsQ", "CC BY-SA 4.0", 1760, {"written": 3060}),
    Source("squad_train_nqg_sent", "SQuAD 2.0 train via UnAnsQ, sentences", "CC BY-SA 4.0", 1300, {"written": 1300}),
    Source("squad_train_reqa10k", "SQuAD train via ReQA and UnAnsQ", "CC BY-SA 4.0", 4000, SENTENCES),
    Source(
        "squad_train_sample800", "SQuAD train via UnAnsQ", "CC BY-SA 4.0", 3500, {"written": 750, **DU44, "other": 0}
    ),
    Source("squad2_mixed_lavi", "SQuAD 2.0, unanswerability-directions", "CC BY-SA 4.0", 1500, {"written": 1510}),
    Source("squad_train_du44", "SQuAD 1.1 train, 44 articles", "CC BY-SA 4.0", 5000, DU44),
    Source("squadshifts_new_wiki", "SQuADShifts, new Wikipedia", "CC BY 4.0", 4000, SHIFTS),
    Source(
        "nq_answerability_lavi",
        "Natural Questions, unanswerability-directions",
        "CC BY-SA 3.0",
        2500,
        {"written": 2500},
    ),
    Source("selqa", "SelQA", "Apache-2.0", 2690, {"swapped": 500, "same": 4000}),
    Source("repliqa_part", "RepLiQA, unanswerability-directions", "CC BY 4.0", 600, {"written": 600, "same": 400}),
    Source("cmrc2018_train", "CMRC 2018 train via ExpMRC", "CC BY-SA 4.0", 3000, CHINESE),
    Source("drcd_train_part", "DRCD train", "CC BY-SA 3.0", 700, {"same": 500, "borrowed": 200}),
    Source("idk_mrc", "IDK-MRC", "CC BY-SA 4.0", 1000, {"written": 2000}),
    Source("tydiqa_goldp", "TyDi QA GoldP", "Apache-2.0", 700, {"same": 500, "swapped": 200}),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a text that does or does not answer it."""

    question: str
    around: str  # title > section of the text; may be empty
    text: str
    answers: bool
    span: Window | None  # characters of the answer in the text, where it is known
    kind: str
    family: str  # what is asked and read together
    group: str  # article or paragraph: never in both train and dev


def examples(folder: Path, held_out: Sequence[Path], rng: random.Random) -> list[Example]:
    """Return the examples of all sources, family by family; each written question only once."""
    measured = _measured(held_out)
    rows = {s.file: _usable(_rows(folder / f"{s.file}.jsonl.gz"), measured) for s in RECIPE}
    library = Library([row for source in RECIPE if source.draws.get("borrowed") for row in rows[source.file]])
    chosen: list[Example] = []
    seen: set[tuple[str, bool]] = set()
    for source in RECIPE:
        rng.shuffle(rows[source.file])
        left = {"answering": source.answering, **source.draws}
        for example in _of_source(source, rows[source.file], library, rng, left):
            key = (plain(example.question), example.answers)
            if example.kind in ("answering", "written"):
                if key in seen:
                    continue
                seen.add(key)
            left[example.kind] -= 1
            chosen.append(example)
    _spans.cache_clear()  # it holds all texts
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


class Library:
    """The sentences of many articles, found by the words of a question."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.places: list[tuple[Row, int]] = []  # of each sentence: its passage's row, its number in it
        self._of_article: dict[str, list[int]] = defaultdict(list)
        holding: dict[str, list[int]] = defaultdict(list)
        for row in {row["text"]: row for row in rows if row.get("article")}.values():
            for number, (start, end) in enumerate(_spans(row["text"])):
                for term in set(terms(row["text"][start:end])):
                    holding[term].append(len(self.places))
                self._of_article[row["article"]].append(len(self.places))
                self.places.append((row, number))
        self._holding = {term: np.array(places) for term, places in holding.items()}

    def nearest(self, question: str, article: str, inside: bool, lacks: str, count: int = 6) -> list[tuple[Row, int]]:
        """Return sentences of the article, or of all others, that share most with the question and lack the answer."""
        scores = np.zeros(len(self.places))
        for term in sorted(set(terms(question)) & self._holding.keys()):
            holding = self._holding[term]
            scores[holding] += np.log(1 + len(self.places) / (1 + len(holding)))
        if not scores.any():
            return []
        own = self._of_article.get(article, [])
        if inside:
            best = sorted(own, key=lambda i: -scores[i])
        else:
            scores[own] = 0
            best = np.argsort(-scores, kind="stable")[: 3 * count].tolist()
        lacking = (self.places[i] for i in best if lacks not in self.places[i][0]["text"].lower())
        return [place for _, place in zip(range(count), lacking, strict=False)]


@cache
def _spans(text: str) -> list[Window]:
    return list(sentence_spans(text)) or [(0, len(text))]


def _of_source(
    source: Source, rows: Sequence[Row], library: Library, rng: random.Random, left: Mapping[str, int]
) -> Iterator[Example]:
    """Yield families as long as some of a kind are left; `left` changes while they are taken."""
    if source.file == "selqa":
        yield from _selqa(rows, rng, left)
        return
    makers = [kind for kind in source.draws if kind not in ("written",)]
    share = {kind: 1.2 * source.draws[kind] / max(1, min(source.answering, len(rows))) for kind in makers}
    for row in rows:
        family = plain(row["text"])[:60] + ("" if "written" in source.draws else plain(row["question"]))
        if not row["label"]:
            if left.get("written", 0) > 0:
                yield _example(row, "written", _centred(row, rng), family)
            continue
        if left["answering"] <= 0:
            continue
        window = _answering(row, rng)
        if window is None:
            continue
        yield _example(row, "answering", window, family)
        for kind in makers:
            if left[kind] > 0 and rng.random() < share[kind]:
                yield from _made(kind, row, window, family, library, rng)


def _made(kind: str, row: Row, window: Window, family: str, library: Library, rng: random.Random) -> Iterator[Example]:
    text = row["text"][slice(*window)]
    if kind in ("swapped", "turned"):
        question = swapped(row, text, rng) if kind == "swapped" else turned(row["question"], text, rng)
        if question:
            yield _example(row | {"question": question}, kind, window, family)
    elif kind == "same" and row.get("answer") and (lacking := _without_answer(row, rng)):
        yield _example(row, kind, lacking, family)
    elif kind in ("other", "far", "borrowed") and row.get("answer"):
        yield from _retrieved(kind, row, family, library, rng)
    elif kind == "told" and (subject := _subject(row["title"])) and subject.lower() in row["text"].lower():
        yield from _told(row, subject, window, family, rng)


def _retrieved(kind: str, row: Row, family: str, library: Library, rng: random.Random) -> Iterator[Example]:
    """Yield the question with a text of elsewhere that shares much with it."""
    question, subject = row["question"], _asked_subject(row)
    if kind == "borrowed" and subject is None:
        return
    query = question.replace(subject or "", "") if kind == "borrowed" else question
    article = row.get("article") or "?"
    found = library.nearest(query, article, kind == "other", row["answer"].lower() if kind == "other" else "\0")
    found = [(r, n) for r, n in found if r["text"] != row["text"] and bool(HAN.search(r["text"])) == _is_han(row)]
    if not found:
        return
    other, number = rng.choice(found[:2])
    if kind == "borrowed":
        new = _subject(other["title"])
        if not new:
            return
        question = question.replace(subject or "", new)
    spans = _spans(other["text"])
    window = _around(spans, number, 0, len(spans), rng)
    yield _example(other | {"question": question, "answer": ""}, kind, window, family, group=_group(row))


def _is_han(row: Row) -> bool:
    return bool(HAN.search(row["text"]))


def _told(row: Row, subject: str, window: Window, family: str, rng: random.Random) -> Iterator[Example]:
    """Yield a made-up question with statements put into the window: one answers, the others do not."""
    said = told(subject, rng)
    text = row["text"][slice(*window)]
    parts = [text[slice(*span)] for span in _spans(text)]
    family, answers = family + said.question, 1 + (rng.random() < 0.1)
    right, wrong = [said.answering, *said.others[:1]][:answers], list(said.others)
    for kind, stated in (("answering", right), ("told", wrong[: rng.randrange(1, len(wrong) + 1)])):
        near = rng.sample(parts, min(len(parts), rng.choice((0, 0, 1, 2)))) if rng.random() < 0.9 else parts[:2]
        place = rng.randrange(len(near) + 1)
        made = " ".join([*near[:place], *stated, *near[place:]])
        yield Example(said.question, row["title"], made, kind == "answering", None, "told", family, _group(row))


def _asked_subject(row: Row) -> str | None:
    """Return the name in a question that stands for what its text is about."""
    question, title = row["question"], _subject(row["title"])
    if title and title in question:
        return title
    named = [name for name in NAME.findall(question, question.find(" ") + 1) if name in row["text"]]
    return max(named, key=len) if named else None


def _subject(title: str) -> str:
    return re.sub(r"\s*[(（].*?[)）]", "", title).strip()


def _selqa(rows: Sequence[Row], rng: random.Random, left: Mapping[str, int]) -> Iterator[Example]:
    """Yield the answering sentences and, for each question, the three others most like it."""
    by_question = defaultdict(list)
    for row in rows:
        by_question[row["qid"]].append(row)
    for id, group in by_question.items():
        asked = set(terms(group[0]["question"]))
        group.sort(key=lambda row: -len(asked & set(terms(row["text"]))))
        others = [row for row in group if not row["label"]][:3]
        for row in [r for r in group if r["label"]][:2] + others:
            section = row["group"].rpartition(":")[2]
            titled = row | {"title": f"{row['title']} > {section}"}
            whole = (0, len(row["text"]))
            yield _example(titled, "answering" if row["label"] else "same", whole, id)
            if row["label"] and left["swapped"] > 0 and (question := swapped(row, row["text"], rng)):
                yield _example(titled | {"question": question}, "swapped", whole, id)


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


def turned(question: str, text: str, rng: random.Random) -> str | None:
    """Return the question with one word's contrary, if it has one that the text does not mention."""
    words = [word for word in re.findall(r"[a-z]+", question) if word in _contraries() and word in text.lower()]
    rng.shuffle(words)
    for word in words:
        contrary = rng.choice(_contraries()[word])
        if contrary not in text.lower():
            return re.sub(rf"\b{word}\b", contrary, question, count=1)
    return None


@cache
def _contraries() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in CONTRARIES:
        found[one].append(other)
        found[other].append(one)
    return found


def _group(row: Row) -> str:
    return str(row.get("article") or row.get("group"))


def _example(row: Row, kind: str, window: Window, family: str, group: str = "") -> Example:
    start, end = window
    answers = kind == "answering"
    span = _span(row, start, end) if answers else None
    text = row["text"][start:end]
    return Example(row["question"], row["title"], text, answers, span, kind, family, group or _group(row))


def _span(row: Row, start: int, end: int) -> Window | None:
    place = _place(row)
    inside = place is not None and start <= place and place + len(row["answer"]) <= end
    return (place - start, place - start + len(row["answer"])) if place is not None and inside else None


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


def varied(example: Example, rng: random.Random) -> Example:
    """Return the example as a user might write it: now and then in small letters, as keywords, without the title."""
    question, around, text = example.question, example.around, example.text
    if rng.random() < 0.2:
        question = question.rstrip("?？ ")
    chance = rng.random()
    if chance < 0.3:
        question = question.lower()
    if chance < 0.1 and len(text.lower()) == len(text):
        around, text = around.lower(), text.lower()
    if rng.random() < 0.06:
        question = keywords(question)
    if rng.random() < 0.2:
        around = ""
    return replace(example, question=question, around=around, text=text)


def keywords(question: str) -> str:
    """Return a question as people type it into a search box, with the word that tells what is asked."""
    words = question.rstrip("?？ ").split()
    return " ".join(w for i, w in enumerate(words) if w.lower() not in STOPWORDS or (i == 0 and w[:2].lower() == "wh"))


def is_dev(example: Example) -> bool:
    """Return whether an article is kept to measure with, by the hash of its name."""
    return int(hashlib.sha256(example.group.encode()).hexdigest(), 16) % 1000 < 1000 * DEV_SHARE
