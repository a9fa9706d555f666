"""A follow-up, made to stand alone by naming what it leans on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PRONOUN = re.compile(
    r"\b(?:its|his|her|their)\b|\b(?:it|they|them|he|she|him)\b|\b(?:this|that|these|those)(?= \w+\b)|\bthere\b"
    r"|它们?的?|他们?的?|她们?的?|(?:该|这个|那个|此)(?=\w)",
    re.I,
)
ELLIPSIS = re.compile(r"^(?:(?:and|what about|how about)\b|那|还有)", re.I)
POSSESSIVE = re.compile(r"its|his|their", re.I)
NAME = re.compile(
    r"[“\"]([^”\"]{3,80})[”\"]"
    r"|\b([A-Z][\w&-]*(?: (?:of|for|on|and|the|in|to)(?= [A-Z])| [A-Z0-9][\w&-]*)*)"
)
QUESTION_WORDS = frozenset(
    """Where When Who What Which How Why Is Are Was Were Does Do Did Has Have Can Could Tell Name List Give In On At And
    The A An""".split()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, with its answer where it is known."""

    question: str
    answer: str = ""


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return a follow-up with what it leans on: the topic of the last earlier question that names one."""
    topic = next(filter(None, (topic_of(turn.question) for turn in reversed(history))), "")
    if not topic or topic.lower() in question.lower():
        return question
    pronoun = PRONOUN.search(question)
    if pronoun:
        return question[: pronoun.start()] + _in_place_of(pronoun[0], topic) + question[pronoun.end() :]
    if ELLIPSIS.match(question) or not topic_of(question):
        return f"{question.rstrip('?？. ')} ({topic})?"
    return question


def topic_of(question: str) -> str:
    """Return the longest name in a question, or ""."""
    names = [quoted or _without_question_word(name) for quoted, name in NAME.findall(question)]
    return max(names, key=len, default="")


def _without_question_word(name: str) -> str:
    words = name.split()
    while words and words[0] in QUESTION_WORDS:
        words = words[1:]
    return " ".join(words)


def _in_place_of(pronoun: str, topic: str) -> str:
    if POSSESSIVE.fullmatch(pronoun):
        return f"{topic}'s"
    if pronoun.endswith("的"):
        return f"{topic} 的"
    if pronoun.lower() == "there":
        return f"at {topic}"
    return f"{pronoun} {topic}" if pronoun.lower() in {"this", "that", "these", "those"} else topic
