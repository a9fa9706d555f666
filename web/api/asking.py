"""From a request to its answer: through the turnstile to the chatbot, and no work for a client that has left."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request

from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import understand
from rag.scope import EVERYWHERE, Scope
from web.api.problem import Problem
from web.api.turnstile import Turnstile
from web.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that belongs to it."""

    question: str
    history: Sequence[Turn] = ()
    scope: Scope = EVERYWHERE


class Left(Exception):
    """The client has left; nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers what programs ask of a desk."""

    desk: Desk
    turnstile: Turnstile
    patience: float = 0.0  # seconds that a question waits for a desk that is opening

    def check(self, asked: Asked) -> None:
        """Problem if the question cannot be asked, NotReady if nothing can be answered yet."""
        try:
            understand(asked.question, asked.history)
        except ValueError as error:
            raise Problem(422, "invalid", f"question: {error}.", "Correct question. GET /docs shows how.") from None
        _ = self.desk.chatbot
        self.turnstile.check()

    async def steps(self, asked: Asked) -> AsyncGenerator[Answer, None]:
        """Yield the answer as it grows; closing it ends the work."""
        async with self.turnstile.through():
            chatbot = self.desk.chatbot
            async with aclosing(chatbot.astream(asked.question, asked.history, asked.scope)) as answers:
                async for answer in answers:
                    yield answer

    async def answer(self, asked: Asked) -> Answer:
        """Return the complete answer."""
        if self.patience:
            await asyncio.to_thread(self.desk.wait, self.patience)
        self.check(asked)
        async with aclosing(self.steps(asked)) as steps:
            answers = [answer async for answer in steps]
        return answers[-1]


async def noted(request: Request, steps: AsyncGenerator[Answer, None]) -> AsyncGenerator[Answer, None]:
    """Yield the steps, and keep the newest one where the journal finds it."""
    async with aclosing(steps):
        async for answer in steps:
            request.state.answer = answer
            yield answer


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns; it is cancelled as soon as the client leaves, and Left is raised."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Left
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
