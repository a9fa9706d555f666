"""POST /api/ask and POST /api/ask/stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse, Response
from sse_starlette import EventSourceResponse

from rag.cite import Answer
from web.api.asking import Asked, Asking, Left, noted, unless_left
from web.api.event import DESCRIPTION, EXAMPLE, event_response
from web.api.media import JSON, takes
from web.api.problem import responses
from web.api.shape import EXAMPLES, Question

Sent = Annotated[Question, Body(openapi_examples=EXAMPLES)]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The events of the answer", "content": {"text/event-stream": {"example": EXAMPLE}}}
}


def ask_routes(asking: Asking) -> APIRouter:
    """Return the routes that answer one question."""
    routes = APIRouter(tags=["Ask"], dependencies=[Depends(takes(JSON))])

    @routes.post(
        "/api/ask",
        summary="Answer a question",
        response_model=None,
        responses=responses(415, 503) | {200: {"model": Answer, "description": "The answer with its citations"}},
    )
    async def ask(request: Request, question: Sent) -> Response:
        """Every sentence of the answer carries a mark [n], which the citation with that number opens."""
        try:
            answer = await unless_left(request, asking.answer(asked_of(question)))
        except Left:
            return Response(status_code=499)
        request.state.answer = answer
        return JSONResponse(answer.as_dict())

    @routes.post(
        "/api/ask/stream",
        summary="Answer a question, step by step",
        description=DESCRIPTION,
        response_class=EventSourceResponse,
        response_model=None,
        responses=responses(415, 503) | STREAM,
    )
    async def stream(request: Request, question: Sent) -> Response:
        asked = asked_of(question)
        asking.check(asked)
        return event_response(noted(request, asking.steps(asked)))

    return routes


def asked_of(question: Question) -> Asked:
    """Return what was asked, as the desk knows it."""
    return Asked(question.question, question.turns(), question.scope.scope())
