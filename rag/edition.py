"""Which years a question is about, and which years a sentence speaks of."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from corpus.document import Document
from index.lexical import terms

YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
# Words that mean a year, by its distance from today's. "last year's summit" -> "2025 summit".
RELATIVE: dict[int, re.Pattern[str]] = {
    -2: re.compile(r"\b(?:in )?the year before last(?:['’]s)?\b|前年", re.I),
    -1: re.compile(r"\b(?:in )?(?:the )?last year(?:['’]s)?\b|\b(?:the )?previous year['’]s\b|去年", re.I),
    0: re.compile(r"\b(?:in )?this year(?:['’]s)?\b|今年", re.I),
    1: re.compile(r"\b(?:in )?next year(?:['’]s)?\b|明年", re.I),
}
SHORT_YEAR = re.compile(
    r"(?<![\d第近过满了整共立])(1[4-9]|2\d)(?=年(?![前后间来内代以]))|(?<!\w)['’‘](1[4-9]|2\d)\b(?!['’])"
)  # "25年", "'23"
# Words that mean the year beside the one that a question names: "more than in 2024, or fewer than the year before".
BESIDE: dict[int, re.Pattern[str]] = {
    -1: re.compile(
        r"\b(?:in )?(?:the (?:year before|(?:previous|preceding|prior) year)|(?:a|one) year (?:earlier|before))"
        r"(?=\s*(?:[,.;:?!]|$|(?:and|or)\b))|前一年|上一?年",
        re.I,
    ),
    1: re.compile(
        r"\b(?:in )?(?:the (?:year after|(?:following|next) year)|(?:a|one) year (?:later|after|on))"
        r"(?=\s*(?:[,.;:?!]|$|(?:and|or)\b))|后一年|次年|第二年|一年[之以]?后",
        re.I,
    ),
}
NEWEST = re.compile(
    r"\b(?:latest|newest|current|currently|(?:most|more) recent(?:ly)?|nowadays|today|now|to date|so far|at present)\b"
    r"|\bthe (?:last|present)(?! (?:of|one|two|three|few|day|session|time|years?|decade|\d+)\b)"
    r"|最新|最近|目前|现在|当前|如今|迄今|上一届|本届|现任|现有",
    re.I,
)
NEXT = re.compile(r"\b(?:next|upcoming|forthcoming|coming)\b(?! step| generation)|下一?届|下次|即将", re.I)
CHANGE = re.compile(
    r"\bhow (?:has|have|did|does|do) .*\b(?:change|grow|evolve|develop|increase|decrease|rise|fall|vary)"
    r"|\b(?:over the years|over time|year by year|by year|all editions|each edition)\b"
    r"|\bfrom the first (?:one )?(?:on|to)\b"
    r"|\b(?:all|each|every)(?: of)?(?: the)?(?: [A-Z]\w+)* (?:summits?|conferences?|rounds?)\b"
    r"|历年|历届|逐年|变化|每一?届|各届|演变",
    re.I,
)
KIND_AT_END = re.compile(r" (?:competition|program)$", re.I)  # of a program's name, often left out

# Asks for several of a kind, which different documents tell of: "at which events did he speak".
OCCASIONS = re.compile(
    r"\b(?:which|what|name|list)\b(?: (?!(?:is|are|was|were|do|does|did|has|have)\b)[\w'’]+){0,4}? "
    r"(?:events|occasions|forums|meetings|gatherings|seminars|symposia|symposiums|conferences|dialogues|honou?rs)\b"
    r"|哪(?:些|几[个次场项]|[两三][个次场项])(?:\w{0,4})(?:活动|场合|论坛|会议|峰会|座谈会|研讨会|荣誉)",
    re.I,
)


def years(text: str) -> frozenset[str]:
    """Return the years that stand in a text."""
    return frozenset(YEAR.findall(text))


def full_years(text: str) -> str:
    """Return the text with all digits of its years: "25年" and "'25" mean 2025."""
    return SHORT_YEAR.sub(lambda match: f"20{match[1] or match[2]}", text)


def dated(question: str, today: date) -> str:
    """Return the question with "last year", "the year before" and their like as the year that is meant."""
    for distance, pattern in RELATIVE.items():
        question = pattern.sub(partial(_year, today.year + distance), question)
    if len(named := years(question)) == 1:
        for distance, pattern in BESIDE.items():
            question = pattern.sub(partial(_year, int(min(named)) + distance), question)
    return question


def _year(year: int, match: re.Match[str]) -> str:
    words = match[0]
    if not words.isascii():
        return f"{year}年"
    if words.lower().endswith("s"):
        return str(year)
    return f"in {year}"


@dataclass(frozen=True, slots=True)
class Program:
    """A program of which the documents have editions."""

    name: str
    editions: tuple[str, ...]  # years, oldest first

    @property
    def latest(self) -> str:
        """The year of the newest edition."""
        return self.editions[-1]


@dataclass(frozen=True, slots=True)
class Missing:
    """An edition that a question asks for and that the documents lack."""

    program: Program
    year: str  # "" for the next one


def program_of(asked: Collection[str], catalog: Iterable[Document]) -> Program | None:
    """Return the program that a question names, with its editions; None if it names none that has any.

    `asked` are the index terms of the question. It names a program if it holds every term of its name, but for
    "competition" or "program" at its end; of several the one with the longest name counts.
    """
    named = [program for name, program in programs(catalog).items() if name_terms(name) <= set(asked)]
    return max(named, key=lambda program: (len(terms(program.name)), program.name), default=None)


def name_terms(program: str) -> frozenset[str]:
    """Return the index terms by which a program is known: "Straight to Wuzhen" is one of a competition."""
    short = KIND_AT_END.sub("", program)
    return frozenset(terms(short if len(terms(short)) > 1 else program))


def programs(catalog: Iterable[Document]) -> dict[str, Program]:
    """Return the programs of which the documents have editions, by name."""
    editions: dict[str, set[str]] = {}
    for document in catalog:
        editions.setdefault(document.program, set()).update(edition_years(document))
    return {name: Program(name, tuple(sorted(held))) for name, held in editions.items() if held}


def edition_years(document: Document) -> frozenset[str]:
    """Return the years of the edition or event that a document is about; empty where it is about none."""
    return years(f"{document.edition} {document.event_date}".replace("-", " ").replace("/", " "))
