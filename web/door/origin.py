"""Which pages of other sites may use the desk: those listed, exactly, and only what the widget needs."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problem import Problem

WIDGET_PATHS = ("/api/ask", "/api/ask/stream", "/api/feedback")
SECONDS = "600"  # for which a browser remembers the permission


class Origins:
    """Answers requests from the desk's own pages and from the widget on listed ones; refuses the others."""

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self.app = app
        self.allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        origin = headers.get("origin")
        if origin is None or _is_own(origin, headers.get("host", "")):
            await self.app(scope, receive, send)
        elif origin not in self.allowed or scope["path"] not in WIDGET_PATHS or scope["type"] == "websocket":
            await _refusal(origin).response()(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_permission(origin))(scope, receive, send)
        else:
            await self.app(scope, receive, permitting(send, origin))


def _is_own(origin: str, host: str) -> bool:
    """Return whether a page of this very address asks."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _refusal(origin: str) -> Problem:
    return Problem(
        403,
        "origin_refused",
        f"Pages of {origin[:200]!a} may not do this.",
        "List the page's origin in RAG_ALLOWED_ORIGINS; only the widget's requests are let in.",
    )


def _permission(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Expose-Headers": "Retry-After",
        "Access-Control-Max-Age": SECONDS,
        "Vary": "Origin",
    }


def permitting(send: Send, origin: str) -> Send:
    """Return a `send` that lets pages of this origin read the response."""

    async def permit(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _permission(origin).items():
                headers[name] = value
        await send(message)

    return permit
