"""What goes wrong, in one shape for every route: {"error": {"code", "message", "hint"}}."""

import logging
from http import HTTPStatus
from math import ceil
from typing import Any
from uuid import uuid4

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from web.desk import NotReady

RETRY_AFTER = 3  # seconds until a desk that is not ready is worth another try
log = logging.getLogger(__name__)


class Detail(BaseModel):
    """What went wrong, and what helps."""

    code: str = Field(description="for programs: stays the same from version to version")
    message: str = Field(description="the fact, with the value")
    hint: str = Field(description="what helps")


class Trouble(BaseModel):
    """The body of every response that is no success."""

    error: Detail


class Problem(Exception):
    """A request that cannot be answered; `hint` is the remedy, `retry_after` the seconds until it may work.

    `param` is the field that is wrong, where it is one.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        hint: str,
        retry_after: float | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.hint = hint
        self.retry_after = retry_after
        self.param = param

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        message = str(self).encode("utf-8", "replace").decode()  # a wrong value may hold half a character
        return {"error": {"code": self.code, "message": message, "hint": self.hint}}

    def in_openai_form(self) -> dict[str, Any]:
        """Return the JSON form with what programs made for OpenAI's API look for."""
        kind = "server_error" if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
        return {"error": self.as_dict()["error"] | {"type": kind, "param": self.param}}

    def response(self, openai: bool = False) -> JSONResponse:
        """Return the problem as a response."""
        headers = {} if self.retry_after is None else {"Retry-After": str(ceil(self.retry_after))}
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(self.in_openai_form() if openai else self.as_dict(), self.status, headers)


BY_STATUS = {
    400: ("bad_request", "The body cannot be read", "Send valid JSON in UTF-8."),
    401: ("not_signed_in", "It is not known who asks", "Send Authorization: Bearer TOKEN."),
    403: ("forbidden", "This is not allowed", "Ask whoever runs the desk."),
    404: ("not_found", "There is nothing at this address", "GET /docs lists every address."),
    405: ("method_not_allowed", "This address does not take this method", "GET /docs lists every address."),
    408: ("too_slow", "The request did not arrive in time", "Send the whole body at once."),
    409: ("conflict", "This is not possible now", "Look at the message, then try again."),
    413: ("too_large", "The body is too large", "Send less."),
    415: ("wrong_type", "The body is sent as a type that this address does not take", "Send the type that is named."),
    422: ("invalid", "A value is wrong", "Correct the value that the message names."),
    429: ("too_many", "Too many requests", "Wait for the seconds of Retry-After."),
    500: ("internal", "The desk failed", "Try again; if it fails again, report the case."),
    503: ("not_ready", "The desk cannot answer now", "Try again after the seconds of Retry-After."),
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of these problems for OpenAPI; every route may meet the usual ones."""
    every = sorted({400, 401, 403, 408, 413, 422, 429, 500, *statuses})
    return {status: _described(status) for status in every}


def _described(status: int) -> dict[str, Any]:
    code, message, hint = BY_STATUS[status]
    example = {"error": {"code": code, "message": f"{message}.", "hint": hint}}
    described: dict[str, Any] = {
        "model": Trouble,
        "description": message,
        "content": {"application/json": {"example": example}},
    }
    if status in (429, 503):
        described["headers"] = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return described


def failure(error: Exception) -> Problem:
    """Return the problem that a client may see of an error: an unexpected one is logged, and named by a case."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, NotReady):
        return Problem(503, "not_ready", str(error), BY_STATUS[503][2], RETRY_AFTER)
    case = uuid4().hex[:8]
    log.error("case %s", case, exc_info=error)
    return Problem(500, "internal", f"The desk failed, case {case}.", BY_STATUS[500][2])
