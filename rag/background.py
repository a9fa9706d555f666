"""An event loop in a thread of its own, so that asynchronous work serves threads and other loops alike.

One loop owns all connections to the LLM. Leaving the results unread cancels the work that makes them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


class _End:
    """Stands behind the last result."""


END = _End()


class Background(Generic[Item]):
    """Runs asynchronous generators and hands out what they yield."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="llm", daemon=True).start()

    def iterate(self, work: AsyncGenerator[Item, None]) -> Generator[Item, None, None]:
        """Yield what the work yields, to a thread; closing this ends the work."""
        results: SimpleQueue[Item | _End] = SimpleQueue()
        running = self._start(work, results.put)
        try:
            while not isinstance(item := results.get(), _End):
                yield item
            running.result()
        finally:
            running.cancel()

    async def aiterate(self, work: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
        """Yield what the work yields, to another event loop; closing this ends the work."""
        results: asyncio.Queue[Item | _End] = asyncio.Queue()
        here = asyncio.get_running_loop()

        def put(item: Item | _End) -> None:
            with suppress(RuntimeError):  # the other loop was closed: nobody waits any more
                here.call_soon_threadsafe(results.put_nowait, item)

        running = self._start(work, put)
        try:
            while not isinstance(item := await results.get(), _End):
                yield item
            await asyncio.wrap_future(running)
        finally:
            running.cancel()

    def _start(self, work: AsyncGenerator[Item, None], put: Callable[[Item | _End], Any]) -> "Future[None]":
        return asyncio.run_coroutine_threadsafe(_pump(work, put), self._loop)


async def _pump(work: AsyncGenerator[Item, None], put: Callable[[Item | _End], Any]) -> None:
    try:
        async for item in work:
            put(item)
    finally:
        try:
            await work.aclose()
        finally:
            put(END)
