"""What the page shows, step by step: from a question to its answer, and until the desk is ready."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

from rag.question import understand
from web.answer import literal, notice_html
from web.conversation import Conversation, Exchange, messages, turns
from web.desk import Desk

WAITING = "The desk is getting ready. Your question waits and is answered as soon as it is."
SEARCHING = "Searching the documents …"
POLL = 0.5  # seconds between two looks at whether the desk is ready
log = logging.getLogger(__name__)

Shown = tuple[str, list[dict[str, Any]], Conversation, str]  # question box, chat window, conversation, notice


def answer_steps(desk: Desk, question: str, so_far: Conversation) -> Iterator[Shown]:
    """Yield what the page shows from the question to its complete answer."""
    history = turns(so_far)
    try:
        understand(question, history)
    except ValueError as error:  # blank or too long: what was written stays in the box
        yield question, messages(so_far), so_far, notice_html(_sentence(str(error)))
        return
    if desk.status.state == "opening":
        yield "", messages([*so_far, Exchange(question, notice=WAITING)]), so_far, ""
        desk.wait()
    yield "", messages([*so_far, Exchange(question, notice=SEARCHING)]), so_far, ""
    for exchange in _exchanges(desk, question, so_far):
        asked = (*so_far, exchange)
        yield "", messages(asked), asked, ""


def _exchanges(desk: Desk, question: str, so_far: Conversation) -> Iterator[Exchange]:
    """Yield the exchange as its answer grows, or with the reason why there is none."""
    if desk.status.state == "failed":
        yield Exchange(question, notice=desk.status.message)
        return
    try:
        for answer in desk.chatbot.stream(question, turns(so_far)):
            yield Exchange(question, answer)
    except Exception:
        case = uuid4().hex[:8]
        log.exception("question not answered, case %s", case)
        yield Exchange(
            question,
            notice=f"The desk failed to answer this question. Ask again; if it fails again, report case {case}.",
        )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


async def status_steps(desk: Desk) -> AsyncIterator[str]:
    """Yield the status line whenever it changes, until the desk is ready."""
    shown = ""
    while True:
        html = _status_html(desk)
        if html != shown:
            yield (shown := html)
        if desk.status.state == "ready":
            return
        await asyncio.sleep(POLL)


def _status_html(desk: Desk) -> str:
    status = desk.status
    if status.state != "ready":
        return status_line(status.state, status.message)
    manifest = desk.chatbot.store.manifest
    return status_line("ready", f"Ready: {manifest.counts['documents']} documents, as of {manifest.created[:10]}.")


def status_line(state: str, text: str) -> str:
    """Return the line below the title that says how far the desk is."""
    return f'<p role="status" data-state="{state}">{literal(text)}</p>'
