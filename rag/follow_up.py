"""A follow-up, made to stand alone by naming what it leans on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PERSON = re.compile(r"\b(?:he|she|him|his|her)\b|[他她]的?", re.I)
POSSESSIVE = re.compile(r"his|[他她]的", re.I)
THING = re.compile(
    r"\b(?:it|its|they|them|their|there)\b|\b(?:this|that|these|those)\b|\b(?:the )?(?:one|ones)\b"
    r"|它们?|他们|她们|(?:该|这个|那个|这些|那些|此)(?=\w)",
    re.I,
)
LEANING = re.compile(r"\b(?:it|its|they|them|their|he|she|him|his|her)\b", re.I)
LONGEST_LEANING = 5  # words of a question that says nothing without an earlier one
ELLIPSIS = re.compile(r"^(?:(?:and|so|what about|how about)\b|那.{0,8}呢?[？?]?$|还有)", re.I)
NAMED = re.compile(r"(?<=\S )[A-Z][\w-]+|^[A-Z]{2,}\b|[“\"《]|\d{4}|[一-鿿]{4}")  # it speaks of something by name
FULL_NAME = re.compile(r"\b[A-Z][a-zà-ÿ]+(?: Ó)?(?: h?[A-ZÓ][a-zà-ÿ]+)? [A-Z][a-zà-ÿ]+\b")
ASKING = re.compile(
    r"^(?:(?:and|so|please|tell me|in|at|on|of|for|with|to|by)\s+)*"
    r"(?:who|whom|whose|what|which|when|where|why|how(?: many| much| often)?)\b"
    r"(?:\s+(?:is|are|was|were|does|do|did|has|have|had|can|will)\b)?\s*",
    re.I,
)
# Capitalised words of organisations and places, which a person's name does not hold.
NO_PERSON = frozenset(
    """WIC World Internet Conference Summit Forum Committee University Institute Association Center Program Digital Silk
    Road Asia Pacific Beijing Wuzhen Shanghai China Secretary General Office Report Dialogue Mobile Congress Member
    Representative Symposium The Town City Province Research Deputy Executive Vice Minister Chair""".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, with its answer where it is known."""

    question: str
    answer: str = ""


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return a follow-up with what it leans on: a person by name, anything else by the question before it."""
    if not history:
        return question
    named = _with_person(question, history)
    if named != question:
        return named
    if THING.search(question) or ELLIPSIS.match(question) or not NAMED.search(question):
        return f"{question} ({gist(_last_that_stands(history))})"
    return question


def leans_on_nothing(question: str) -> str:
    """Return the pronoun of a first question that names nothing which it could stand for, or ""."""
    pronoun = LEANING.search(question)
    return "" if pronoun is None or NAMED.search(question) or len(question.split()) > LONGEST_LEANING else pronoun[0]


def _with_person(question: str, history: Sequence[Turn]) -> str:
    pronoun = PERSON.search(question)
    name = next(_persons(history), "") if pronoun else ""
    if not pronoun or not name:
        return question
    owned = POSSESSIVE.fullmatch(pronoun[0]) or (pronoun[0].lower() == "her" and question[pronoun.end() :][:1] == " ")
    return f"{question[: pronoun.start()]}{name}{chr(39) + 's' if owned else ''}{question[pronoun.end() :]}"


def _persons(history: Sequence[Turn]) -> Iterator[str]:
    """Yield names of persons, the latest turn first and its question before its answer."""
    for turn in reversed(history):
        for text in (turn.question, turn.answer):
            for name in FULL_NAME.findall(text):
                if not NO_PERSON.intersection(name.split()):
                    yield name


def _last_that_stands(history: Sequence[Turn]) -> str:
    """Return the last earlier question that names its subject, or the last one."""
    for turn in reversed(history):
        if not THING.search(turn.question) and NAMED.search(turn.question):
            return turn.question
    return history[-1].question


def gist(question: str) -> str:
    """Return what a question is about: its words without those that ask."""
    return ASKING.sub("", question).strip(" ?？.。!")
