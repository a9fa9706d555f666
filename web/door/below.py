"""The path below which a proxy serves the desk, put back in front of every request that the proxy has taken it from."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Below:
    """Tells the application at which path it is served; everything before this layer sees paths without it."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; ASGI has the root path in both fields."""
        if self.root_path and scope["type"] in ("http", "websocket"):
            path = self.root_path + scope["path"]
            scope = {**scope, "root_path": self.root_path, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
