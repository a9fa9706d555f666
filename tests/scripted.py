"""A server that speaks OpenAI's protocol over HTTP and plays what a test wants: a reply, or a way to fail."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
Play = Callable[["Stage"], None]


@dataclass
class Stage:
    """One request and the connection that answers it."""

    request: dict[str, Any]
    handler: BaseHTTPRequestHandler
    authorization: str = ""

    def start(self, status: int = 200, **headers: str) -> None:
        """Send the head of the response."""
        self.handler.send_response(status)
        kind = "text/event-stream" if status == 200 else "application/json"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Type": kind, "Connection": "close"} | given).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def send(self, text: str) -> None:
        """Send a piece of the reply."""
        self.chunk(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": None}])

    def chunk(self, **fields: Any) -> None:
        """Send a piece of a response."""
        self.raw(json.dumps(CHUNK | fields))

    def raw(self, data: str) -> None:
        """Send an event as it stands."""
        self.handler.wfile.write(f"data: {data}\n\n".encode())
        self.handler.wfile.flush()

    def end(self, finish: str = "stop", prompt: int = 100, completion: int = 10) -> None:
        """Send why the reply ends, the count of tokens and the end of the stream."""
        self.chunk(choices=[{"index": 0, "delta": {}, "finish_reason": finish}])
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
        self.chunk(choices=[], usage=usage)
        self.raw("[DONE]")


@dataclass
class Scripted:
    """The running server."""

    url: str
    play: Play
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)  # the reader left before the end


def reply(*pieces: str) -> Play:
    """A server that writes these pieces."""

    def play(stage: Stage) -> None:
        stage.start()
        for piece in pieces:
            stage.send(piece)
        stage.end()

    return play


def words(text: str) -> Play:
    """A server that writes a text in pieces of a few characters, as models do."""
    return reply(*(text[i : i + 4] for i in range(0, len(text), 4)))


def cut_off(text: str, finish: str = "") -> Play:
    """A server that stops within a reply: it says why, or the connection ends."""

    def play(stage: Stage) -> None:
        stage.start()
        stage.send(text)
        if finish:
            stage.end(finish)

    return play


def status(code: int, message: str = "no", **headers: str) -> Play:
    """A server that answers with an error."""

    def play(stage: Stage) -> None:
        stage.start(code, **headers)
        stage.handler.wfile.write(json.dumps({"error": {"message": message}}).encode())

    return play


def whole(body: str, kind: str) -> Play:
    """A server that sends a body instead of a stream."""

    def play(stage: Stage) -> None:
        stage.start(Content_Type=kind)
        stage.handler.wfile.write(body.encode())

    return play


def silent(seconds: float) -> Play:
    """A server that takes the request and says nothing for a while."""

    def play(stage: Stage) -> None:
        stage.start()
        time.sleep(seconds)

    return play


def slow_after(first: str, seconds: float) -> Play:
    """A server that begins and then stops to write."""

    def play(stage: Stage) -> None:
        stage.start()
        stage.send(first)
        time.sleep(seconds)

    return play


def endless(piece: str) -> Play:
    """A server that never stops to write."""

    def play(stage: Stage) -> None:
        stage.start()
        while True:
            stage.send(piece)
            time.sleep(0.001)

    return play


def garbage(*events: str) -> Play:
    """A server that sends what is no reply."""

    def play(stage: Stage) -> None:
        stage.start()
        for event in events:
            stage.raw(event)

    return play


def in_turn(plays: Sequence[Play]) -> Play:
    """A server that plays one after the other, and the last one again and again."""
    left = list(plays)

    def play(stage: Stage) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(stage)

    return play


@contextmanager
def serve(play: Play) -> Iterator[Scripted]:
    """Run a server on a free port as long as the block runs."""
    scripted = Scripted("", play)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            scripted.requests.append(json.loads(body))
            scripted.keys.append(self.headers.get("Authorization", ""))
            try:
                scripted.play(Stage(scripted.requests[-1], self))
            except OSError:
                scripted.hung_up.set()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()
