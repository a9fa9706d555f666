"""A conversation: what was asked and answered so far, for the chat window and for follow-up questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.cite import MARK, Answer
from rag.follow_up import Turn
from web.answer import answer_html, notice_html, question_html

FOLLOW_UPS = 3  # suggestions offered as buttons


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer, or with a notice where there is none (yet)."""

    question: str
    answer: Answer | None = None
    notice: str = ""


Conversation = tuple[Exchange, ...]


def turns(conversation: Conversation) -> list[Turn]:
    """Return the answered questions, oldest first, as a follow-up needs them."""
    return [Turn(e.question, MARK.sub("", e.answer.answer)) for e in conversation if e.answer]


def messages(conversation: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Return the conversation in the form of the chat window; the newest answer offers its suggestions."""
    shown: list[dict[str, Any]] = []
    for exchange in conversation:
        shown.append({"role": "user", "content": question_html(exchange.question)})
        html = answer_html(exchange.answer) if exchange.answer else notice_html(exchange.notice)
        shown.append({"role": "assistant", "content": html})
    if conversation and (last := conversation[-1].answer):
        shown[-1]["options"] = [{"value": text} for text in last.suggestions[:FOLLOW_UPS]]
    return shown
