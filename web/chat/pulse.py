"""A pulse through a slow generator, for a page: Gradio looks whether it is still open only when a step reaches it.

What is said again also reaches a page whose own loading has just wiped it off.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

Item = TypeVar("Item")


async def with_pulse(items: AsyncGenerator[Item, None], seconds: float = 1.0) -> AsyncGenerator[Item, None]:
    """Yield what a generator yields, its last item again whenever so long nothing comes; closing this closes it."""
    step = asyncio.ensure_future(anext(items))
    patience = None  # until there is something to say again
    try:
        while True:
            await asyncio.wait({step}, timeout=patience)
            if step.done():
                try:
                    item = step.result()
                except StopAsyncIteration:
                    return
                step, patience = asyncio.ensure_future(anext(items)), seconds
            yield item
    finally:
        step.cancel()
        await asyncio.wait({step})
        if not step.cancelled():
            step.exception()  # of a step that nobody waits for
        await items.aclose()
