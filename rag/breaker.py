"""A circuit breaker: a server that keeps failing is left alone for a while, then tried again by one question."""

import time
from collections.abc import Callable
from threading import Lock

FAILURES = 3  # in a row, until the server is left alone
PAUSE, LONGEST_PAUSE = 10.0, 300.0  # seconds; doubled by each failed trial


class Breaker:
    """Whether a server may be asked; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._pause = PAUSE
        self._closed_until = 0.0  # no question before this time
        self._trying = False  # a question is out to see whether the server is back

    def allows(self) -> bool:
        """Return whether to ask now; after a pause one question tries, the others wait for how it went."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + self._pause
            self._trying = True
            return True

    def worked(self) -> None:
        """Note that the server answered."""
        with self._lock:
            self._failures, self._pause, self._trying = 0, PAUSE, False

    def left(self) -> None:
        """Note that nobody waited for the answer, so that the next question tries at once if this one was to."""
        with self._lock:
            if self._trying:
                self._closed_until, self._trying = self._clock(), False

    def failed(self, at_least: float = 0.0) -> None:
        """Note that it did not; `at_least`: seconds for which the server asked to be left alone."""
        with self._lock:
            self._trying = False
            self._failures = max(self._failures + 1, FAILURES if at_least else 0)
            if self._failures >= FAILURES:
                wait = max(self._pause, min(at_least, LONGEST_PAUSE))
                self._closed_until = self._clock() + wait
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
