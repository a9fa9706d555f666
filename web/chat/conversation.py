"""A conversation: what was asked and answered so far, for the chat window and for follow-up questions.

It is kept by the browser and comes with every question, so the server remembers nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.cite import MARK, Answer
from rag.follow_up import Turn
from web.chat.answer import answer_html, notice_html, question_html
from web.words import PAGE, WORDS, Language

MOST = 200  # exchanges in a conversation
ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer, or with a notice where there is none (yet)."""

    question: str
    answer: Answer | None = None
    notice: str = ""
    again: bool = False  # whether the notice offers to ask once more
    growing: bool = False  # whether more of the answer comes


Conversation = tuple[Exchange, ...]


def turns(conversation: Conversation) -> list[Turn]:
    """Return the answered questions, oldest first, as a follow-up needs them."""
    return [Turn(e.question, MARK.sub("", e.answer.answer)) for e in conversation if e.answer]


def messages(conversation: Sequence[Exchange], language: Language = "en") -> list[dict[str, Any]]:
    """Return the conversation in the form of the chat window; only the newest answer offers suggestions."""
    shown: list[dict[str, Any]] = []
    for number, exchange in enumerate(conversation, 1):
        newest = number == len(conversation)
        shown.append({"role": "user", "content": question_html(exchange.question, PAGE[language].edit)})
        again = WORDS[language].again if exchange.again and newest else ""
        if exchange.answer:
            html = answer_html(exchange.answer, newest, exchange.growing)
        else:
            html = notice_html(exchange.notice, again)
        shown.append({"role": "assistant", "content": html})
    return shown


def as_plain(conversation: Conversation) -> list[dict[str, Any]]:
    """Return the conversation as plain data, for the browser to keep."""
    return [
        {"question": e.question, "answer": e.answer.as_dict() if e.answer else None, "notice": e.notice}
        for e in conversation
    ]


def from_plain(rows: object, language: Language = "en") -> Conversation:
    """Return the conversation that a browser kept; ValueError if it is none.

    An answer that another version of the desk kept in another form is replaced by a notice.
    """
    if not isinstance(rows, list) or len(rows) > MOST or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"a conversation is a list of up to {MOST} exchanges")
    return tuple(_exchange(row, language) for row in rows)


def _exchange(row: Mapping[str, Any], language: Language) -> Exchange:
    question, words = str(row.get("question") or ""), PAGE[language]
    if row.get("answer") is None:
        notice = words.stopped if row.get("stopped") else str(row.get("notice") or words.unfinished)
        return Exchange(question, notice=notice, again=True)
    try:
        return Exchange(question, ANSWER.validate_python(row["answer"]))
    except ValidationError:
        return Exchange(question, notice=PAGE[language].unreadable, again=True)
