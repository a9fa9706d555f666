"""Why an LLM gave no usable text, in one short line that does not hold its key."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import httpx
import openai

LONGEST_DETAIL = 200  # characters of what a server says
TOO_LONG = ("context", "too long", "too large", "maximum", "exceed")  # what servers say of a prompt that does not fit
# What the client raises for the ways in which a server can fail; the built-in ones where a reply is no reply.
ERRORS = (openai.OpenAIError, httpx.TransportError, ValueError, TypeError, AttributeError, LookupError)

Reason = Literal[
    "unreachable",
    "slow",
    "busy",
    "refused",
    "overflow",
    "malformed",
    "unstreamed",
    "empty",
    "endless",
    "cut",
    "language",
    "unsupported",
    "resting",
]


class Failed(Exception):
    """The LLM gave no usable text; the answer from the documents stands in."""

    def __init__(self, reason: Reason, detail: str = "", wait: float = 0.0) -> None:
        """`wait`: seconds for which the server asked to be left alone."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.wait = wait


def failure_of(error: Exception, key: str) -> Failed:
    """Return what one of ERRORS means, told without the server's key."""
    match error:
        case openai.APIStatusError(status_code=429 | 503):
            return Failed("busy", _line(error, key), _retry_after(error))
        case openai.APIStatusError():
            overflow = error.status_code in (400, 413, 422) and any(word in str(error).lower() for word in TOO_LONG)
            return Failed("overflow" if overflow else "refused", _line(error, key))
        case openai.APITimeoutError() | httpx.TimeoutException():
            return Failed("slow", type(error).__name__)
        case openai.APIConnectionError() | httpx.TransportError():
            return Failed("unreachable", _line(error.__cause__ or error, key))
    return Failed("malformed", f"{type(error).__name__}: {_line(error, key)}")


def _line(error: BaseException, key: str) -> str:
    """Return what an error says on one short line; servers put the key and whole pages into theirs."""
    text = " ".join(str(error).split())
    text = text.replace(key, "***") if key else text
    return text if len(text) <= LONGEST_DETAIL else f"{text[: LONGEST_DETAIL - 1]}…"


def _retry_after(error: openai.APIStatusError) -> float:
    """Return the seconds that the server asks for, also those until a date (RFC 9110, 10.2.3); 0 if it names none."""
    value = error.response.headers.get("retry-after", "")
    if value.replace(".", "", 1).isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return 0.0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)  # the older forms are in GMT
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
