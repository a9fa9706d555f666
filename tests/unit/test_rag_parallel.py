"""One question's texts are shared out to idle processors, and what is found comes back in their order."""

from collections.abc import Sequence
from threading import Barrier

import pytest

from rag.parallel import Parallel, dealt

PARTS = [[1] * size for size in (5, 1, 4, 2)]


def test_the_parts_are_dealt_evenly() -> None:
    assert dealt([5, 1, 4, 2], 2) == [[0, 1], [2, 3]]
    assert dealt([3, 3], 2) == [[0], [1]]


def together_processors_work_at_the_same_time_and_the_order_is_kept() -> None:
    together = Barrier(2, timeout=5)

    def work(parts: Sequence[Sequence[int]]) -> list[int]:
        together.wait()  # one after the other would wait for ever
        return [len(part) for part in parts]

    assert Parallel(2).run(work, PARTS) == [5, 1, 4, 2]


def test_where_no_other_processor_is_idle_the_work_is_done_at_once() -> None:
    parallel = Parallel(2)
    shares: list[int] = []

    def inner(parts: Sequence[Sequence[int]]) -> list[int]:
        shares.append(len(parts))
        return [len(part) for part in parts]

    def outer(parts: Sequence[Sequence[int]]) -> list[int]:
        return parallel.run(inner, PARTS)[: len(parts)]

    assert parallel.run(outer, PARTS[:2]) == [5, 5]
    assert shares == [4, 4]


def test_a_failure_is_raised_and_frees_the_processors() -> None:
    parallel = Parallel(2)

    def failing(parts: Sequence[Sequence[int]]) -> list[int]:
        raise RuntimeError("out of memory")

    for _ in range(3):
        with pytest.raises(RuntimeError, match="out of memory"):
            parallel.run(failing, PARTS)
    together = Barrier(2, timeout=5)

    def work(parts: Sequence[Sequence[int]]) -> list[int]:
        together.wait()
        return [len(part) for part in parts]

    assert parallel.run(work, PARTS) == [5, 1, 4, 2]
