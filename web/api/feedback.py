"""POST /api/feedback: a thumb and a comment on an answer."""

from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from rag.cite import Answer, answer_from
from web.api.problem import responses
from web.api.shape import QuestionText, Strict

Rating = Literal["up", "down"]


class Keeper(Protocol):
    """The part of web.feedback.Feedback that keeps what is sent."""

    def rate(self, rating: Rating, question: str, answer: Answer, comment: str = "") -> str: ...


def _answer(value: Any) -> Answer:
    """Return the answer that was rated; ValueError if it is none that the desk gives."""
    try:
        return answer_from({"citations": (), "retrieved": (), "suggestions": ()} | dict(value))
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(f"this is no answer of the desk ({error}); send it as POST /api/ask returned it") from None


Given = Annotated[Answer, BeforeValidator(_answer), WithJsonSchema({"type": "object", "title": "Answer"})]


class Rated(Strict):
    """What somebody thinks of an answer."""

    rating: Rating
    question: QuestionText
    answer: Given
    comment: str = Field(default="", max_length=4000)


class Kept(BaseModel):
    """Under which id it is kept."""

    id: str


def feedback_routes(keeper: Keeper) -> APIRouter:
    """Return the route that keeps what people think of answers."""
    routes = APIRouter(tags=["Feedback"])

    @routes.post("/api/feedback", summary="Rate an answer", response_model=Kept, responses=responses())
    def rate(rated: Rated) -> JSONResponse:
        return JSONResponse({"id": keeper.rate(rated.rating, rated.question, rated.answer, rated.comment)})

    return routes
