"""What wraps a call of a tool over HTTP: a message that is none is told in words, not by the library's validator."""

import json

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.media import JSON, takes
from web.api.problem import Problem

INVALID = -32602  # JSON-RPC's code that the library gives a body that is no message
TOLD = 'The body is no message of JSON-RPC: it must be an object as {"jsonrpc": "2.0", "id": 1, "method": "ping"}.'


class Envelope:
    """Passes messages to the server of the tools, and words its refusal of what is no message."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["method"] == "POST":
            try:
                takes(JSON)(Request(scope))
            except Problem as problem:
                await problem.response()(scope, receive, send)
                return
        await self.app(scope, receive, _worded(send))


def _worded(send: Send) -> Send:
    """Return a `send` that words the refusal of a body; every other response passes as it comes."""
    held: list[Message] = []  # the start of a refusal, whose length changes

    async def word(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 400:
            held.append(message)
            return
        if held:
            start = held.pop()
            body = _refusal(message.get("body", b""))
            headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            message = {**message, "body": body}
        await send(message)

    return word


def _refusal(body: bytes) -> bytes:
    """Return the body of a refusal, in words if it is the validator's."""
    told = json.loads(body)
    if told["error"]["code"] != INVALID:
        return body
    return json.dumps({**told, "error": {**told["error"], "message": TOLD}}).encode()
