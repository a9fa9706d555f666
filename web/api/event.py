"""An answer as server-sent events: state, tokens, draft, citations, done."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent

from rag.cite import Answer
from web.api.problem import failure

SEND_TIMEOUT = 20  # seconds in which a client must take what it is sent
PING = 15  # seconds between signs of life
DESCRIPTION = """Server-sent events, each with JSON as its data:

- `state`: `{"state": "searching"}` at once, then the answer's state and language
- `tokens`: `{"text": "..."}` to put behind the text so far; with `"replace": true`, in its place
- `draft`: `{"text": "..."}`, the beginning of a sentence that is not proved yet, in place of the draft before it;
  show it as such or not at all
- `citations`: the list of citations that the marks in the text open
- `done`: the whole answer as POST /api/ask returns it
- `error`: `{"error": {"code", "message", "hint"}}` instead of `done`
"""
EXAMPLE = (
    'event: state\ndata: {"state": "searching"}\n\n'
    'event: state\ndata: {"state": "answered", "language": "en"}\n\n'
    'event: tokens\ndata: {"text": "It has its headquarters in Beijing. [1]", "replace": false}\n\n'
    'event: citations\ndata: [{"number": 1, "quote": "..."}]\n\n'
    'event: done\ndata: {"state": "answered", "answer": "...", "citations": []}\n\n'
)


def event_response(steps: AsyncGenerator[Answer, None]) -> EventSourceResponse:
    """Return the response that streams an answer; its end, or the client's leaving, ends the work."""
    return streamed(events(steps))


def streamed(sent: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """Return a response of events that every proxy passes on at once."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # nginx passes each event on at once
    return EventSourceResponse(sent, headers=headers, ping=PING, send_timeout=SEND_TIMEOUT, sep="\n")


async def events(steps: AsyncGenerator[Answer, None]) -> AsyncIterator[ServerSentEvent]:
    """Yield the events of an answer that grows."""
    yield event("state", {"state": "searching"})
    state, text, draft, answer = "", "", "", None
    async with aclosing(steps):
        try:
            async for answer in steps:
                if answer.state != state:
                    state = answer.state
                    yield event("state", {"state": state, "language": answer.language})
                if answer.answer != text:
                    grown = answer.answer.startswith(text)
                    yield event("tokens", {"text": answer.answer[len(text) if grown else 0 :], "replace": not grown})
                    text = answer.answer
                if answer.draft != draft:
                    draft = answer.draft
                    yield event("draft", {"text": draft})
        except Exception as error:
            yield event("error", failure(error).as_dict())
            return
    if answer is not None:
        yield event("citations", [asdict(citation) for citation in answer.citations])
        yield event("done", answer.as_dict())


def event(name: str, data: Any) -> ServerSentEvent:
    """Return one event."""
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name, sep="\n")
