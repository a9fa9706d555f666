"""GET /v1/models and GET /v1/models/{id}: the one model of OpenAI's form of the API."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from web.api.problem import Problem, responses

MODEL = "wic-question-desk"


class Model(BaseModel):
    """The one model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    """The list of models."""

    object: Literal["list"]
    data: list[Model]


THE_ONE = Model(id=MODEL, object="model", created=0, owned_by="wic")


def model_routes() -> APIRouter:
    """Return the routes by which programs made for OpenAI's API find the model."""
    routes = APIRouter(tags=["OpenAI's form"])

    @routes.get("/v1/models", summary="List the models", response_model=Models, responses=responses())
    def models() -> JSONResponse:
        return JSONResponse(Models(object="list", data=[THE_ONE]).model_dump())

    @routes.get("/v1/models/{id:path}", summary="Read a model", response_model=Model, responses=responses(404))
    def model(id: str) -> JSONResponse:
        if id != MODEL:
            message, hint = f"There is no model {id[:200]!r}.", f"The desk has one model, {MODEL}; name it, or any."
            raise Problem(404, "model_not_found", message, hint, param="model")
        return JSONResponse(THE_ONE.model_dump())

    return routes
