"""Every failure of a route becomes a problem, whatever raised it."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from web.api.media import FORM
from web.api.problem import BY_STATUS, Problem, failure
from web.api.wrong import wrong
from web.desk import NotReady


def handle_problems(app: FastAPI) -> None:
    """Let the application answer every failure in the one shape, the framework's refusals among them."""
    handle_errors(app)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        response = _response(request, _of_status(request, error.status_code))
        response.headers.update(error.headers or {})
        return response


def handle_errors(app: FastAPI) -> None:
    """Let the application answer in the one shape what its own code refuses, a wrong value, and what goes wrong."""

    @app.exception_handler(Exception)
    @app.exception_handler(Problem)
    @app.exception_handler(NotReady)
    def failed(request: Request, error: Exception) -> JSONResponse:
        return _response(request, failure(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _response(request, _invalid(error.errors()[0], error.body))


def _response(request: Request, problem: Problem) -> JSONResponse:
    path = request.url.path.removeprefix(str(request.scope.get("root_path", "")))
    return problem.response(openai=path.startswith("/v1/"))


def _of_status(request: Request, status: int) -> Problem:
    if status == 400 and request.headers.get("content-type", "").startswith(FORM):
        return Problem(
            400, "bad_request", "The form cannot be read.", f"Send {FORM} with the boundary that its header names."
        )
    code, message, hint = BY_STATUS.get(status, BY_STATUS[400])
    return Problem(status, code, f"{message}.", hint)


def _invalid(first: Mapping[str, Any], body: Any) -> Problem:
    part, *loc = first["loc"]
    if first["type"] == "json_invalid":
        message = f"The body is not JSON; what is wrong begins at its character {int(loc[0]) + 1}."
        return Problem(400, "not_json", message, BY_STATUS[400][2])
    if part == "body" and isinstance(body, Mapping | list):
        return wrong({**first, "loc": loc}, body)
    return wrong({**first, "loc": loc}, {loc[0]: first.get("input")} if loc else None)
