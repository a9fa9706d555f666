"""So many questions at a time as there are processors, a few that wait, and a clear word to the rest."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from web.api.problem import Problem

PLACES = os.cpu_count() or 1  # a question keeps one processor busy
WAITING = 200  # questions; at ten a second the last one waits 20 seconds
RETRY_AFTER = 5  # seconds


class Turnstile:
    """Lets `places` questions through at a time and keeps up to `waiting` others waiting."""

    def __init__(self, places: int = PLACES, waiting: int = WAITING) -> None:
        self._free = asyncio.Semaphore(places)
        self._most_waiting = waiting
        self.waiting = 0
        self.inside = 0

    def check(self) -> None:
        """Problem 503 if nobody else can wait."""
        if self.waiting >= self._most_waiting:
            raise Problem(
                503,
                "busy",
                f"The desk is busy: {self.waiting} questions wait already.",
                "Try again after the seconds of Retry-After.",
                RETRY_AFTER,
            )

    @asynccontextmanager
    async def through(self) -> AsyncIterator[None]:
        """Wait for a place and keep it; Problem 503 if nobody else can wait."""
        self.check()
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
            self._free.release()
