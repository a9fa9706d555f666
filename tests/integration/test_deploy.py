"""deploy/: nginx with TLS in front of the desk below /ask/, and the systemd unit."""

import base64
import http.client
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import pytest

from rag.cite import Answer
from rag.follow_up import Turn
from tests.browser.driver import serving
from tests.conftest import ROOT
from tests.nginx import nginx
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk
from web.desk import Desk
from web.door.access import Access
from web.door.tokens import Tokens

SENTENCE = "The WIC has its headquarters in Beijing."
SIGNED_IN = {"Authorization": "Basic " + base64.b64encode(b"li.na:secret").decode()}
JSON = {"Content-Type": "application/json"}
QUESTION = b'{"question": "Where?"}'


def access(tmp_path: Path) -> Access:
    tokens = Tokens(tmp_path / "tokens.json")
    return Access(proxies=(ip_network("127.0.0.1"),), root_path="/ask", tokens=tokens)


@contextmanager
def connected(tmp_path: Path, desk: Desk) -> Iterator[http.client.HTTPSConnection]:
    with (
        serving(desk, access(tmp_path)) as address,
        nginx(tmp_path, address) as (port, trust),
        closing(http.client.HTTPSConnection("localhost", port, context=trust, timeout=30)) as connection,
    ):
        yield connection


def get(
    connection: http.client.HTTPSConnection, path: str, headers: Mapping[str, str] = {}, body: bytes | None = None
) -> tuple[int, str]:
    connection.request("POST" if body else "GET", path, body, {**JSON, **headers})
    reply = connection.getresponse()
    return reply.status, reply.read().decode()


def test_desk_below_a_path_with_tls_knows_its_user_and_its_address(tmp_path: Path) -> None:
    with connected(tmp_path, open_desk()) as connection:
        assert get(connection, "/ask/")[0] == 401
        status, page = get(connection, "/ask/", SIGNED_IN)
        assert (status, "WIC question desk" in page) == (200, True)
        assert get(connection, "/ask/docs", SIGNED_IN)[0] == 200
        assert get(connection, "/ask/widget.js")[0] == 200
        assert get(connection, "/ask/api/ask", body=QUESTION)[0] == 401
        assert get(connection, "/ask/api/ask", SIGNED_IN, QUESTION)[0] == 200
        token = Tokens(tmp_path / "tokens.json").add("bot")
        body = b'{"messages": [{"role": "user", "content": "Where?"}]}'
        answered = get(connection, "/ask/v1/chat/completions", {"Authorization": f"Bearer {token}"}, body)[1]
        link = re.search(rf'https://localhost:{connection.port}(/ask/source/[^"]+)', answered)
        assert link
        assert get(connection, link[1].partition("#")[0], SIGNED_IN)[0] == 200


def test_what_a_browser_says_of_its_user_does_not_get_through(tmp_path: Path) -> None:
    with connected(tmp_path, open_desk()) as connection:
        said = {"X-Forwarded-User": "boss", "X-Forwarded-For": "127.0.0.1"}
        assert get(connection, "/ask/api/ask", said, QUESTION)[0] == 401
        made_up = base64.b64encode(b"boss:guessed").decode()
        assert get(connection, "/ask/api/ask", {"Authorization": f"Basic {made_up}"}, QUESTION)[0] == 401
        status, told = get(connection, "/ask/api/ask", {"Authorization": f"Basic {made_up} Bearer x"}, QUESTION)
        assert (status, "not_signed_in" in told) == (401, True)


def test_answer_comes_through_in_pieces(tmp_path: Path) -> None:
    read_on = Event()

    def in_two_steps(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        yield answer_citing("It was founded in 2022.")
        assert read_on.wait(20)
        yield answer_citing("It was founded in 2022.", SENTENCE)

    with connected(tmp_path, open_desk(FakeChatbot(in_two_steps))) as connection:
        connection.request("POST", "/ask/api/ask/stream", QUESTION, JSON | SIGNED_IN)
        reply = connection.getresponse()
        seen = ""
        while "founded in 2022" not in seen:
            seen += reply.readline().decode()
        assert SENTENCE not in seen
        read_on.set()
        assert SENTENCE in reply.read().decode()


def test_systemd_takes_the_unit() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze")
    unit = ROOT / "deploy" / "wic-desk.service"
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True)
    about_the_unit = [line for line in done.stderr.splitlines() if unit.name in line]
    assert [line for line in about_the_unit if "is not executable" not in line and "Failed to" not in line] == []
