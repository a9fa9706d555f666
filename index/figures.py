"""Figures in briefs that cannot both be right: the same thing counted in the same year, with another number.

A sentence is taken apart into its years, its names, its other words and its figures, each with what it counts. Two
sentences speak of the same matter when years and names agree and most of the shorter one's words stand in the longer
one; two rows when subject, year and column are the same. A figure is an interval ("more than 500" is 500 to 550), so
figures contradict each other when their intervals have nothing in common. A sentence that says whose figure it gives
("according to", "reported") is left alone: there the reader can judge.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.document import Document
from corpus.months import MONTHS
from corpus.split import Sentence

MOST_WORDS = 0.66  # share of the shorter sentence's words that the longer one has
SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
)
VALUES = {word: value for value, word in enumerate([*SMALL.split(), "nineteen", "twenty"], 2)}
MONTH = f"(?:{'|'.join(MONTHS)})"
DAY = re.compile(
    rf"{MONTH}(?: \d{{1,2}}\b(?:(?: to | and |-|–)(?:{MONTH} )?\d{{1,2}}\b)?)?(?:,? \d{{4}})?|\d{{1,2}} {MONTH}"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
FIGURE = re.compile(
    r"(?:(more than|over|at least|nearly|almost|up to|at most|about|around|some|roughly) )?"
    rf"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?|{'|'.join(VALUES)})\b( thousand| million| billion| trillion|%| percent)?"
    r"(?![\w-]|\.\d)",
    re.IGNORECASE,
)
WHOSE = re.compile(
    r"\b(according to|report\w*|sa(?:id|ys)|count(?:s|ed)|wr(?:ote|ites)|announce\w*|plan(?:ned)?|(?:was|were) to"
    r"|expected|calls? for|figures? (?:of|is|for)|gives?|names?|named|quoted)\b",
    re.IGNORECASE,
)
STOP = frozenset("the of and in a an from by for with on at to as had was were is are has have that which its".split())
GENERAL = frozenset("world internet conference wic summit forum".split())  # names that tell no event from another


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    low: float
    high: float
    unit: frozenset[str]  # words that name what is counted, with the scale: "million"

    def contradicts(self, other: "Figure") -> bool:
        """Tell whether no number can be both."""
        return self.high < other.low or other.high < self.low

    def counts_like(self, other: "Figure") -> bool:
        """Tell whether both count the same thing."""
        return 2 * len(self.unit & other.unit) > min(len(self.unit), len(other.unit))


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or table cell with figures."""

    document: Document
    sentence: Sentence
    when: tuple[frozenset[str], frozenset[str]]  # years, months
    subject: frozenset[str]  # names
    words: frozenset[str]
    figures: tuple[Figure, ...]


def contradictions(
    sentences: Sequence[tuple[Document, Sentence]], programs: Collection[str]
) -> Iterator[tuple[Statement, Statement]]:
    """Yield pairs of statements from two documents that cannot both be right, in order of place."""
    found = [s for document, sentence in sentences for s in _statements(document, sentence, programs)]
    for a, b in combinations(found, 2):
        same_kind = a.document.id != b.document.id and (a.sentence.kind == "row") == (b.sentence.kind == "row")
        if same_kind and _same_matter(a, b) and _disagree(a, b):
            yield a, b


def _same_matter(a: Statement, b: Statement) -> bool:
    years, months = zip(a.when, b.when, strict=True)
    if years[0] != years[1] or (all(months) and months[0] != months[1]):
        return False
    if a.sentence.kind == "row":
        return a.subject == b.subject and a.words == b.words
    named_alike = a.subject <= b.subject or b.subject <= a.subject
    return named_alike and len(a.words & b.words) >= MOST_WORDS * min(len(a.words), len(b.words))


def _disagree(a: Statement, b: Statement) -> bool:
    """Tell whether a figure has rivals only: one that agrees with any of the other's figures is no slip."""
    clashes = [[figure.contradicts(other) for other in b.figures] for figure in a.figures]
    if a.sentence.kind == "row":
        return all(map(all, clashes))
    rivalled = [any(map(figure.counts_like, b.figures)) for figure in a.figures]
    return any(rival and all(row) for rival, row in zip(rivalled, clashes, strict=True))


def _statements(document: Document, sentence: Sentence, programs: Collection[str]) -> Iterator[Statement]:
    text = document.text[sentence.start : sentence.end]
    if sentence.kind == "paragraph" and not WHOSE.search(BRACKETS.sub(" ", text)):
        yield from _statement(document, sentence, text, programs)
    elif sentence.kind == "row":
        yield from _cells(document, sentence, text, programs)


def _statement(document: Document, sentence: Sentence, text: str, programs: Collection[str]) -> Iterator[Statement]:
    bare = BRACKETS.sub(" ", text)
    years = frozenset(YEAR.findall(bare)) or frozenset(filter(None, [document.edition]))
    figures = _figures(_without_dates(bare))
    if years and figures:
        names, words = _words(_without_dates(bare), programs)
        yield Statement(document, sentence, (years, _months(bare)), names, words, figures)


def _cells(document: Document, sentence: Sentence, text: str, programs: Collection[str]) -> Iterator[Statement]:
    """Yield a statement for each cell of a row whose first cell names a year."""
    (first, _, edition), *cells = (cell.partition(": ") for cell in text.split("; "))
    years = frozenset(YEAR.findall(edition))
    lead = document.text[slice(*sentence.lead)] if sentence.lead else ""
    about = f"{lead} {first}".casefold()
    subject = max((p for p in programs if p.casefold() in about), key=len, default=document.program)
    for header, _, value in cells:
        figures = _figures(_without_dates(BRACKETS.sub(" ", value)), _stems(header))
        if years and figures and not WHOSE.search(value):
            when = (years, _months(edition))
            yield Statement(document, sentence, when, frozenset([subject]), _stems(header), figures)


def _figures(text: str, header: frozenset[str] = frozenset()) -> tuple[Figure, ...]:
    """Return the figures of a text without dates; in a table the column's name tells what is counted."""
    return tuple(
        Figure(*_interval(match[1], match[2]), header or _unit(match[3], text[match.end() :]))
        for match in FIGURE.finditer(text)
    )


def _interval(hedge: str | None, number: str) -> tuple[float, float]:
    value = float(VALUES.get(number.lower()) or number.replace(",", ""))
    match (hedge or "").lower():
        case "":
            return value, value
        case "more than" | "over" | "at least":
            return value, 1.1 * value
        case "nearly" | "almost" | "up to" | "at most":
            return 0.9 * value, value
        case _:
            return 0.95 * value, 1.05 * value


def _unit(scale: str | None, after: str) -> frozenset[str]:
    """Return the words after a number up to the first that names nothing."""
    words = [scale.strip().lower()] if scale else []
    for word in re.findall(r"[A-Za-z][\w'-]*", re.split(r"[.,;:]", after)[0])[:5]:
        if word.lower() in STOP - {"and"}:
            break
        words.append(_stem(word))
    return frozenset(words)


def _words(text: str, programs: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return (names, all words) of a text without its figures; a program's name is one name."""
    text = FIGURE.sub(" ", text)
    for program in sorted(programs, key=len, reverse=True):
        text = re.sub(re.escape(program), program.replace(" ", "_"), text, flags=re.IGNORECASE)
    text = text.replace("Straight to Wuzhen", "Straight_to_Wuzhen")
    words = re.findall(r"[A-Za-z][\w'-]*", text)
    names = {_stem(w) for i, w in enumerate(words) if w[0].isupper() and (i or "_" in w)}
    return frozenset(names) - GENERAL - STOP, _stems(" ".join(words))


def _without_dates(text: str) -> str:
    return YEAR.sub(" ", DAY.sub(" ", text))


def _months(text: str) -> frozenset[str]:
    return frozenset(re.findall(MONTH, text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[A-Za-z][\w'-]*", text) if word.lower() not in STOP)


def _stem(word: str) -> str:
    """Return a word in lower case and singular, roughly."""
    word = word.lower()
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
