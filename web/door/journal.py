"""One line for each request, and for each question of the page: id, state, seconds, hits; no text unless asked for."""

import logging
import re
import time
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.cite import Answer
from web.door.gate import CALLER
from web.door.metrics import count_answer, count_request

ROUTES = tuple(
    (re.compile(pattern), route)
    for pattern, route in (
        (r"/api/(ask|ask/stream|documents|feedback)", ""),
        (r"/v1/(chat/completions|models)", ""),
        (r"/(|mcp|docs|openapi\.json|metrics|widget\.js|embed|healthz|readyz|feedback|documents|timeline)", ""),
        (r"/api/documents/.+", "/api/documents/{id}"),
        (r"/v1/models/.+", "/v1/models/{id}"),
        (r"/source/.+", "/source/{id}"),
        (r"/original/.+", "/original/{id}"),
        (r"/documents/.+", "/documents/{act}"),
        (r"/export/.+", "/export"),
        (r"/gradio_api/.+", "/gradio_api"),
        (r"/(style|script|assets|static|theme|svelte|_app)/.+", "/assets"),
    )
)
PROBES = ("/healthz", "/readyz", "/metrics")  # asked every few seconds: never logged
UNTOLD = ("/assets", "/gradio_api", "other")  # only their failures are logged
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS")
ENTRY: ContextVar[dict[str, Any] | None] = ContextVar("entry", default=None)
log = logging.getLogger("desk.journal")


def route_of(path: str) -> str:
    """Return the path without what differs from request to request; "other" for a path of no route."""
    for pattern, route in ROUTES:
        if pattern.fullmatch(path):
            return route or path
    return "other"


class Journal:
    """Writes one line for each request, when it has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request and write its line."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        entry: dict[str, Any] = {"id": uuid4().hex[:12], "status": 499, "whole": False}
        ENTRY.set(entry)
        CALLER.set(None)
        started = time.perf_counter()
        try:
            await self.app(scope, receive, _noting(send, entry))
        except Exception:
            entry["status"] = 500
            raise
        finally:
            _write(scope, entry, time.perf_counter() - started)


def _noting(send: Send, entry: dict[str, Any]) -> Send:
    async def note_and_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry["status"] = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = entry["id"]
        elif message["type"] == "http.response.body":
            entry["whole"] = not message.get("more_body", False)
        await send(message)

    return note_and_send


def _write(scope: Scope, entry: dict[str, Any], seconds: float) -> None:
    route = route_of(scope["path"])
    method = scope["method"] if scope["method"] in METHODS else "other"
    status, whole = entry.pop("status"), entry.pop("whole")
    count_request(method, route, status, seconds)
    if route not in PROBES and (route not in UNTOLD or status >= 400):
        caller = CALLER.get()
        fields = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
        fields |= {"caller": caller.key if caller else ""} | ({} if whole else {"left": True})
        log.info("request", extra={"fields": {"id": entry["id"], **fields, **entry}})
    entry["written"] = True


def note_answer(answer: Answer, log_question: bool = False) -> None:
    """Count an answer and put it into its request's line, or on a line of its own where that is written already."""
    count_answer(answer)
    fields: dict[str, Any] = {
        "state": answer.state,
        "hits": len(answer.retrieved),
        "cited": len(answer.citations),
        "answer_seconds": answer.seconds,
    }
    if log_question:
        fields["question"] = answer.question
    entry = ENTRY.get()
    if entry is not None and "written" not in entry:
        entry.update(fields)
    else:
        log.info("answer", extra={"fields": {"id": uuid4().hex[:12], "route": "/", **fields}})
