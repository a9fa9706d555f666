"""A client that leaves while its answer grows: the work stops, over a real connection."""

import json
import socket
import time
from collections.abc import Iterator, Sequence
from threading import Event
from urllib.parse import urlsplit

import pytest

from rag.cite import Answer
from rag.follow_up import Turn
from tests.browser.driver import serving
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk

SENTENCE = "The WIC has its headquarters in Beijing."


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream", "/v1/chat/completions"])
def test_work_stops_when_its_client_has_left(path: str) -> None:
    steps: list[float] = []
    begun = Event()

    def endless(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        while True:
            steps.append(time.monotonic())
            begun.set()
            time.sleep(0.02)
            yield answer_citing(SENTENCE)

    body = {"messages": [{"role": "user", "content": "Where?"}]} if "v1" in path else {"question": "Where?"}
    sent = json.dumps(body | ({"stream": True} if "v1" in path else {})).encode()
    with serving(open_desk(FakeChatbot(endless))) as address:
        host, port = urlsplit(address).netloc.split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            connection.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(sent)}\r\n\r\n".encode()
                + sent
            )
            assert begun.wait(10)
        end = time.monotonic() + 10
        while time.monotonic() < end and time.monotonic() - steps[-1] < 1:
            time.sleep(0.1)
        assert time.monotonic() - steps[-1] >= 1


def test_half_a_request_gets_no_more_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.door.body.Bodies.__init__.__defaults__", (2 << 20, 0.3))
    with serving(open_desk()) as address:
        host, port = urlsplit(address).netloc.split(":")
        with socket.create_connection((host, int(port)), 10) as connection:
            connection.sendall(
                f"POST /api/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
                'Content-Length: 100\r\n\r\n{"quest'.encode()
            )
            reply = b""
            while b"too_slow" not in reply:
                piece = connection.recv(4096)
                assert piece
                reply += piece
        assert reply.startswith(b"HTTP/1.1 408")
