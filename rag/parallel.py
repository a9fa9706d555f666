"""Work on the texts of one question, shared out to the processors that no other question keeps busy."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

Part = TypeVar("Part", bound=Sequence[int])
Found = TypeVar("Found")


class Parallel:
    """Runs parts of a work in threads, as many at a time as processors are idle; safe to share between threads.

    Each thread computes with one processor, so that those of several questions do not wait for each other.
    """

    def __init__(self, processors: int | None = None) -> None:
        """`processors`: how many there are; None: the machine's."""
        self._count = processors or os.cpu_count() or 1
        self._idle = self._count
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")

    def run(self, work: Callable[[Sequence[Part]], Sequence[Found]], parts: Sequence[Part]) -> list[Found]:
        """Return what `work` finds for each part, in their order; it gets some of the parts at a time."""
        taken = self._take(len(parts))
        try:
            shares = dealt([len(part) for part in parts], taken)
            own, *others = ([parts[n] for n in share] for share in shares)
            running = [self._threads.submit(work, other) for other in others]
            found = [work(own), *(future.result() for future in running)]
        finally:
            self._give(taken)
        placed = {n: one for share, some in zip(shares, found, strict=True) for n, one in zip(share, some, strict=True)}
        return [placed[n] for n in range(len(parts))]

    def _take(self, most: int) -> int:
        """Return how many processors the work may use: one for itself, even where none is idle, and idle ones."""
        with self._lock:
            taken = max(1, min(most, self._idle))
            self._idle -= taken
            return taken

    def _give(self, taken: int) -> None:
        with self._lock:
            self._idle += taken


def dealt(sizes: Sequence[int], shares: int) -> list[list[int]]:
    """Return the numbers 0.. of some parts in so many shares of about the same size; none is empty."""
    dealt: list[list[int]] = [[] for _ in range(shares)]
    for number in sorted(range(len(sizes)), key=lambda n: -sizes[n]):
        min(dealt, key=lambda share: sum(sizes[n] for n in share)).append(number)
    return dealt
