"""The type of body that an address takes."""

from collections.abc import Callable

from fastapi import Request

from web.api.problem import Problem

JSON = "application/json"
FORM = "multipart/form-data"


def takes(expected: str) -> Callable[[Request], None]:
    """Return a check that a request's body is sent as this type; Problem 415 names the type that was sent."""

    def check(request: Request) -> None:
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent == expected or (expected == JSON and sent.startswith("application/") and sent.endswith("+json")):
            return
        if not sent and not _has_body(request):
            return  # which is told as such
        told = f"is sent as {sent[:80]}" if sent else "has no Content-Type"
        message = f"The body {told}; this address takes {expected}."
        raise Problem(415, "wrong_type", message, f"Send it as {expected}, with the header Content-Type: {expected}.")

    return check


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
