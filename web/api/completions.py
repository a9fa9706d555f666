"""POST /v1/chat/completions, OpenAI's form of the API, with the citations as annotations."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, StrictBool, Tag
from sse_starlette import ServerSentEvent

from rag.cite import MARK, Answer
from rag.follow_up import Turn
from web.api.asking import Asked, Asking, Left, noted, unless_left
from web.api.event import streamed
from web.api.media import JSON, takes
from web.api.models import MODEL
from web.api.problem import Problem, failure, responses
from web.api.shape import ANSWER
from web.link import source_link

MOST = 200  # messages of a conversation
NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}  # sentences are chosen, not generated


class Text(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: str = Field(max_length=ANSWER)


Content = Annotated[
    Annotated[str, Field(max_length=ANSWER), Tag("text")] | Annotated[list[Text], Field(max_length=20), Tag("list")],
    Discriminator(lambda content: "list" if isinstance(content, list) else "text"),  # so that one of them is at fault
]


class Message(BaseModel):
    """What somebody said; the last one of a user is the question, those of the system are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content | None = None

    def text(self) -> str:
        """Return what was said."""
        if isinstance(self.content, list):
            return "\n".join(piece.text for piece in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: StrictBool = False


class Completion(BaseModel):
    """A conversation; fields that steer a language model are let pass and have no effect."""

    model_config = ConfigDict(extra="allow")

    messages: list[Message] = Field(min_length=1, max_length=MOST)
    model: str = Field(default=MODEL, max_length=200)
    stream: StrictBool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(default=None, description="the desk has one answer")


class Said(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"]
    content: str = Field(description="with a mark [n] behind each sentence")
    refusal: None
    annotations: list[dict[str, Any]] = Field(description="url_citation: the mark's place, title, address and quote")


class Choice(BaseModel):
    """The one choice."""

    index: int
    message: Said
    finish_reason: Literal["stop"]
    logprobs: None


class Completed(BaseModel):
    """A whole answer in OpenAI's form."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: dict[str, int]
    state: str = Field(description="the desk's own word: answered, partial, not_in_corpus, out_of_scope or greeting")
    notices: list[str] = Field(description="the desk's own: what a reader should know about how the answer came about")


EXAMPLES: dict[str, Any] = {
    "question": {
        "summary": "A question",
        "value": {"model": MODEL, "messages": [{"role": "user", "content": "Where is the WIC headquartered?"}]},
    }
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Completed,
        "description": 'The answer; with "stream": true as chunks, the annotations in the last one',
        "content": {"text/event-stream": {"example": 'data: {"object": "chat.completion.chunk", ...}\n\n'}},
    }
}


def completion_routes(asking: Asking) -> APIRouter:
    """Return the route by which programs made for OpenAI's API ask."""
    routes = APIRouter(tags=["OpenAI's form"], dependencies=[Depends(takes(JSON))])

    @routes.post(
        "/v1/chat/completions",
        summary="Answer the last message",
        response_model=None,
        responses=responses(415, 503) | STREAM,
    )
    async def complete(request: Request, body: Annotated[Completion, Body(openapi_examples=EXAMPLES)]) -> Response:
        asked = asked_in(body.messages)
        asking.check(asked)
        base = f"{request.url.scheme}://{request.url.netloc}"
        if body.stream:
            usage = body.stream_options is not None and body.stream_options.include_usage
            return streamed(chunks(noted(request, asking.steps(asked)), base, usage))
        try:
            answer = await unless_left(request, asking.answer(asked))
        except Left:
            return Response(status_code=499)
        request.state.answer = answer
        return JSONResponse(completed(answer, base))

    return routes


def asked_in(messages: Sequence[Message]) -> Asked:
    """Return the question that a conversation ends with, and the turns before it; Problem if there is none."""
    said = [message for message in messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise Problem(422, "invalid", "messages: the last one is not the user's.", "End messages with role user.")
    turns: list[Turn] = []
    for message in said[:-1]:
        if message.role == "user":
            turns.append(Turn(message.text()))
        elif turns:
            turns[-1] = Turn(turns[-1].question, MARK.sub("", message.text()))
    return Asked(said[-1].text(), turns)


def annotations(answer: Answer, base: str) -> list[dict[str, Any]]:
    """Return a url_citation for each mark in the answer: its place, and the address of its sentence at this host."""
    found = []
    for mark in MARK.finditer(answer.answer):
        citation = answer.citations[int(mark[1]) - 1]
        url = base + source_link(citation.document_id, citation.start, citation.end, citation.quote)
        about = {"start_index": mark.start(), "end_index": mark.end(), "title": citation.title, "url": url}
        found.append({"type": "url_citation", "url_citation": about | {"quote": citation.quote}})
    return found


def completed(answer: Answer, base: str) -> dict[str, Any]:
    """Return a whole answer in OpenAI's form."""
    message = {
        "role": "assistant", "content": answer.answer, "refusal": None, "annotations": annotations(answer, base)
    }  # fmt: skip
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _head("chat.completion") | {"choices": [choice], "usage": NO_TOKENS} | _own(answer)


def _own(answer: Answer) -> dict[str, Any]:
    """Return what OpenAI's form has no place for."""
    return {"state": answer.state, "notices": list(answer.notices)}


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


async def chunks(steps: AsyncGenerator[Answer, None], base: str, usage: bool) -> AsyncIterator[ServerSentEvent]:
    """Yield an answer that grows in OpenAI's form; text once sent stays, so only what is sure to stay is sent.

    A step that takes text back ends up in the last chunk; its annotations, state and notices are the whole answer's.
    """
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> ServerSentEvent:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _data(head | {"choices": [choice]} | more)

    yield chunk({"role": "assistant", "content": ""})
    sent, answer = "", None
    async with aclosing(steps):
        try:
            async for answer in steps:
                if answer.answer.startswith(sent) and answer.answer != sent:
                    yield chunk({"content": answer.answer[len(sent) :]})
                    sent = answer.answer
        except Exception as error:
            yield _data(failure(error).in_openai_form())
            return
    if answer is not None:
        if answer.answer != sent:
            yield chunk({"content": f"\n\n{answer.answer}"})
        yield chunk({"annotations": annotations(answer, base)}, "stop", **_own(answer))
    if usage:
        yield _data(head | {"choices": [], "usage": NO_TOKENS})
    yield ServerSentEvent("[DONE]", sep="\n")


def _data(data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), sep="\n")
