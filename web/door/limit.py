"""How often a caller may ask, and how many answers it may wait for at a time."""

import time
from collections import Counter
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from web.api.problem import Problem
from web.door.gate import CALLER

QUESTIONS = ("/api/ask", "/api/ask/stream", "/v1/chat/completions", "/mcp")
WAITED_FOR = (*QUESTIONS, "/gradio_api/queue/data")  # the last one is the page's stream
OTHERS = 20  # other requests that change or read something, for each question
AT_A_TIME = 20  # answers a caller may wait for


class Limits:
    """Refuses callers that ask too often, with the seconds until they may ask again."""

    def __init__(self, app: ASGIApp, questions: int) -> None:
        """`questions`: a minute and caller."""
        self.app = app
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._questions = RateLimitItemPerMinute(questions, namespace="questions")
        self._others = RateLimitItemPerMinute(questions * OTHERS, namespace="others")
        self._waiting: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        caller = CALLER.get()
        if scope["type"] != "http" or caller is None:
            await self.app(scope, receive, send)
            return
        try:
            self._count(scope["method"], scope["path"], caller.key)
            if scope["path"] in WAITED_FOR:
                self._check_waiting(caller.key)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        await self._answer(scope, receive, send, caller.key)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        if scope["path"] not in WAITED_FOR:
            await self.app(scope, receive, send)
            return
        self._waiting[key] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key]

    def _count(self, method: str, path: str, key: str) -> None:
        if path in QUESTIONS and method == "POST":
            self._hit(self._questions, key, "questions")
        elif method not in ("GET", "HEAD", "OPTIONS") or path.startswith("/api/"):
            self._hit(self._others, key, "requests")

    def _hit(self, limit: RateLimitItem, key: str, what: str) -> None:
        if not self._limiter.hit(limit, key):
            wait = max(1, ceil(self._limiter.get_window_stats(limit, key).reset_time - time.time()))
            raise Problem(
                429,
                "too_many",
                f"More than {limit.amount} {what} in a minute.",
                "Wait for the seconds of Retry-After; RAG_RATE_LIMIT raises the limit.",
                wait,
            )

    def _check_waiting(self, key: str) -> None:
        if self._waiting[key] >= AT_A_TIME:
            raise Problem(
                429, "too_many_open", f"{AT_A_TIME} answers are on their way to you.", "Wait for one of them.", 1
            )
