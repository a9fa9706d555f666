"""What the page shows, step by step: from a question to its answer, and until the desk is ready."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from rag.question import Unaskable, understand
from rag.scope import EVERYWHERE, Scope
from web.chat.answer import notice_html
from web.chat.conversation import Conversation, Exchange, as_plain, messages, turns
from web.chat.literal import literal
from web.chat.order import Order
from web.desk import Desk
from web.words import PAGE, Language

POLL = 0.5  # seconds between two looks at whether the desk is ready
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows at one moment; None: as it is."""

    messages: list[dict[str, Any]] | None = None
    kept: str | None = None  # the conversation as JSON, for the browser to keep
    box: str | None = None
    notice: str | None = None

    def unseen(self) -> "Shown":
        """Return the same for a page that shows something else by now: it is only kept."""
        return Shown(kept=self.kept)


def shown(order: Order, *more: Exchange) -> Shown:
    """Return the conversation of an order, with what came to it, as it is shown and kept."""
    conversation = (*order.conversation, *more)
    kept = {"serial": order.serial, "exchanges": as_plain(conversation)}
    return Shown(messages(conversation, order.language), json.dumps(kept, ensure_ascii=False), notice="")


def refused(order: Order, reason: str) -> Shown:
    """Return what is shown when a question cannot be asked: what was written goes back into the box."""
    before = shown(order)
    return Shown(before.messages, before.kept, order.question, notice_html(_sentence(reason, order.language)))


async def answer_steps(desk: Desk, order: Order, scope: Scope = EVERYWHERE) -> AsyncGenerator[Shown, None]:
    """Yield what the page shows from the question to its complete answer."""
    so_far, words = order.conversation, PAGE[order.language]
    try:
        understand(order.question, turns(so_far))
    except Unaskable as error:
        yield refused(order, error.told[order.language])
        return
    if desk.status.state == "opening":
        yield _growing(so_far, Exchange(order.question, notice=words.waiting), order.language)
        while desk.status.state == "opening":
            await asyncio.sleep(POLL / 5)
    yield _growing(so_far, Exchange(order.question, notice=words.searching), order.language)
    last: Exchange | None = None
    async with aclosing(_exchanges(desk, order, scope)) as exchanges:
        async for exchange in exchanges:
            last = exchange
            yield _growing(so_far, exchange, order.language)
    if last:
        yield shown(order, last)


def _growing(so_far: Conversation, exchange: Exchange, language: Language) -> Shown:
    """An answer that is not complete is shown, not kept."""
    return Shown(messages([*so_far, replace(exchange, growing=True)], language), notice="")


async def _exchanges(desk: Desk, order: Order, scope: Scope) -> AsyncGenerator[Exchange, None]:
    """Yield the exchange as its answer grows, or with the reason why there is none."""
    question, words = order.question, PAGE[order.language]
    if desk.status.state == "failed":
        yield Exchange(question, notice=desk.status.message, again=True)
        return
    try:
        async with aclosing(desk.chatbot.astream(question, turns(order.conversation), scope)) as answers:
            async for answer in answers:
                yield Exchange(question, answer)
    except Exception:
        case = uuid4().hex[:8]
        log.exception("question not answered, case %s", case)
        yield Exchange(question, notice=words.failed.format(case), again=True)


def _sentence(text: str, language: Language) -> str:
    return f"{text[:1].upper()}{text[1:]}{'。' if language == 'zh' else '.'}"


async def status_steps(desk: Desk, language: Language = "en") -> AsyncIterator[str]:
    """Yield the status line whenever it changes, until the desk is ready."""
    seen = ""
    while True:
        html = _status_html(desk, language)
        if html != seen:
            yield (seen := html)
        if desk.status.state == "ready":
            return
        await asyncio.sleep(POLL)


def _status_html(desk: Desk, language: Language) -> str:
    status = desk.status
    if status.state == "opening":
        return status_line("opening", PAGE[language].opening, language)
    if status.state == "failed":
        return status_line("failed", status.message, "en")
    manifest = desk.chatbot.store.manifest
    ready = PAGE[language].ready.format(manifest.counts["documents"], manifest.created[:10])
    return status_line("ready", ready, language)


def status_line(state: str, text: str, language: Language) -> str:
    """Return the line below the title that says how far the desk is, in the text's language."""
    return f'<p role="status" lang="{language}" data-state="{state}">{literal(text)}</p>'
