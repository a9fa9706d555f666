"""POST /api/feedback: a thumb and a comment on an answer."""

import json
from typing import Annotated, Literal, Protocol

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from rag.cite import Answer
from web.api.media import JSON, takes
from web.api.problem import responses
from web.api.shape import QuestionText, Strict

Rating = Literal["up", "down"]


class Keeper(Protocol):
    """The part of web.feedback.Feedback that keeps what is sent."""

    def rate(self, rating: Rating, question: str, answer: Answer, comment: str = "") -> str: ...


def _finite(answer: Answer) -> Answer:
    """Return the answer; ValueError if it holds NaN or an infinite number, which could not be sent as JSON again."""
    try:
        json.dumps(answer.as_dict(), allow_nan=False)
    except ValueError:
        raise ValueError("it holds NaN or an infinite number, as no answer of the desk does") from None
    return answer


Given = Annotated[Answer, AfterValidator(_finite), WithJsonSchema({"type": "object", "title": "Answer"})]


class Rated(Strict):
    """What somebody thinks of an answer."""

    rating: Rating
    question: QuestionText
    answer: Given = Field(description="as POST /api/ask returned it")
    comment: str = Field(default="", max_length=4000)


class Kept(BaseModel):
    """Under which id it is kept."""

    id: str


def feedback_routes(keeper: Keeper) -> APIRouter:
    """Return the route that keeps what people think of answers."""
    routes = APIRouter(tags=["Feedback"], dependencies=[Depends(takes(JSON))])

    @routes.post("/api/feedback", summary="Rate an answer", response_model=Kept, responses=responses(415))
    def rate(rated: Rated) -> JSONResponse:
        return JSONResponse({"id": keeper.rate(rated.rating, rated.question, rated.answer, rated.comment)})

    return routes
