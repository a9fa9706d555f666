"""How large a request may be, and how long it may take to arrive."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problem import Problem

UPLOADS = ("/api/documents", "/documents/upload")  # of programs, of the page
MOST = 2 << 20  # bytes of a body
MOST_UPLOAD = 210 << 20  # bytes of documents sent together
SECONDS = 15.0  # until a body must be there
SECONDS_UPLOAD = 300.0
THROWN_AWAY = 16 << 20  # bytes that are read of a body that is refused, so that its sender reads the answer


class Bodies:
    """Refuses bodies that are too large or too slow, before anything reads them whole."""

    def __init__(self, app: ASGIApp, most: int = MOST, seconds: float = SECONDS) -> None:
        self.app = app
        self.most = most
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        upload = scope["path"] in UPLOADS
        most, seconds = (MOST_UPLOAD, SECONDS_UPLOAD) if upload else (self.most, self.seconds)
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > most:
            await _throw_away(receive)
            await _too_large(most).response()(scope, receive, send)
            return
        await _Body(scope, receive, send, most, seconds).answer(self.app)


class _Body:
    """One request whose body is counted and timed as it arrives."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int, seconds: float) -> None:
        self.scope, self._receive, self._send = scope, receive, send
        self._left, self._most = most, most
        self._until = asyncio.get_running_loop().time() + seconds
        self._seconds = seconds
        self._whole = self._started = self._refused = False

    async def answer(self, app: ASGIApp) -> None:
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            if not self._refused:  # else it is only the word that the client is gone
                raise

    async def receive(self) -> Message:
        if self._refused:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            hint = "Send the whole body at once."
            return await self._refuse(Problem(408, "too_slow", f"No whole body after {self._seconds:g} s.", hint))
        self._left -= len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._left < 0:
            await _throw_away(self._receive)
            return await self._refuse(_too_large(self._most))
        return message

    async def _refuse(self, problem: Problem) -> Message:
        self._refused = True
        if not self._started:
            response = problem.response()
            response.headers["Connection"] = "close"
            await response(self.scope, self._receive, self._send)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self._started = True
        if not self._refused:
            await self._send(message)


def _too_large(most: int) -> Problem:
    return Problem(413, "too_large", f"The body has more than {most:,} bytes.", "Send less.")


async def _throw_away(receive: Receive) -> None:
    left = THROWN_AWAY
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
