"""The API as an application of its own inside the desk: its addresses, its errors, its description."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Section(BaseRoute):
    """Hands every request below some paths to another application, with its path as it is."""

    def __init__(self, app: ASGIApp, paths: Sequence[str], lifespan: Lifespan) -> None:
        """`lifespan`: what must run while the section answers; the server starts it."""
        self.app = app
        self.lifespan = lifespan
        self.paths = tuple(paths)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether the request is one of the section's."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        inside = any(path == known or path.startswith(f"{known}/") for known in self.paths)
        return (Match.FULL if inside and scope["type"] == "http" else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Refuse: the section's addresses have no names here."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the section's application answer."""
        await self.app(scope, receive, send)
