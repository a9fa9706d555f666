"""A pulse through a slow generator: Gradio looks whether a page is still open only when a step reaches it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

Item = TypeVar("Item")


async def with_pulse(items: AsyncGenerator[Item, None], beat: Item, seconds: float = 1.0) -> AsyncGenerator[Item, None]:
    """Yield what a generator yields, and `beat` whenever nothing has come for so long; closing this closes it."""
    step = asyncio.ensure_future(anext(items))
    try:
        while True:
            await asyncio.wait({step}, timeout=seconds)
            if not step.done():
                yield beat
                continue
            try:
                item = step.result()
            except StopAsyncIteration:
                return
            yield item
            step = asyncio.ensure_future(anext(items))
    finally:
        step.cancel()
        await asyncio.wait({step})
        if not step.cancelled():
            step.exception()  # of a step that nobody waits for
        await items.aclose()
