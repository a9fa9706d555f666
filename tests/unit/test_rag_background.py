"""Asynchronous work serves threads and other loops, tells its errors, and ends when nobody reads on."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from rag.background import Background


@pytest.fixture(scope="module")
def background() -> Background[int]:
    return Background()


async def numbers(count: int) -> AsyncGenerator[int, None]:
    for number in range(count):
        yield number


async def broken() -> AsyncGenerator[int, None]:
    yield 1
    raise ValueError("broken")


async def waiting(ended: threading.Event) -> AsyncGenerator[int, None]:
    try:
        yield 1
        await asyncio.sleep(60)
    finally:
        ended.set()


async def collect(background: Background[int], work: AsyncGenerator[int, None]) -> list[int]:
    return [number async for number in background.aiterate(work)]


def test_results_come_in_order_to_threads_and_loops(background: Background[int]) -> None:
    assert list(background.iterate(numbers(100))) == list(range(100))
    assert asyncio.run(collect(background, numbers(100))) == list(range(100))


def test_errors_come_through(background: Background[int]) -> None:
    with pytest.raises(ValueError, match="broken"):
        list(background.iterate(broken()))
    with pytest.raises(ValueError, match="broken"):
        asyncio.run(collect(background, broken()))


def test_work_ends_when_a_thread_reads_no_further(background: Background[int]) -> None:
    ended = threading.Event()
    results = background.iterate(waiting(ended))
    assert next(results) == 1
    results.close()
    assert ended.wait(3)


def test_work_ends_when_a_loop_reads_no_further(background: Background[int]) -> None:
    ended = threading.Event()

    async def leave() -> None:
        async with aclosing(background.aiterate(waiting(ended))) as results:
            assert await anext(results) == 1

    asyncio.run(leave())
    assert ended.wait(3)


def test_a_loop_stays_free_while_it_waits(background: Background[int]) -> None:
    async def ticks() -> int:
        work = asyncio.ensure_future(collect(background, slowly()))
        count = 0
        while not work.done():
            await asyncio.sleep(0.005)
            count += 1
        return count

    async def slowly() -> AsyncGenerator[int, None]:
        await asyncio.sleep(0.2)
        yield 1

    assert asyncio.run(ticks()) > 3
