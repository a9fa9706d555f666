"""deploy/: nginx with TLS in front of the desk below /ask/, and the systemd unit."""

import base64
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from ipaddress import ip_network
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest

from rag.cite import Answer
from rag.follow_up import Turn
from tests.browser.driver import serving
from tests.conftest import ROOT
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk
from web.desk import Desk
from web.door.access import Access
from web.door.tokens import Tokens
from web.listen import listen

SENTENCE = "The WIC has its headquarters in Beijing."
SIGNED_IN = {"Authorization": "Basic " + base64.b64encode(b"li.na:secret").decode()}
JSON = {"Content-Type": "application/json"}
QUESTION = b'{"question": "Where?"}'


def free_port() -> int:
    with listen("127.0.0.1", 0) as sock:
        return int(sock.getsockname()[1])


@contextmanager
def nginx(folder: Path, desk: str) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Run Debian's nginx with the shipped configuration in front of a desk; yield its port and whom to trust."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or shutil.which("openssl") is None:
        if os.environ.get("CI"):
            pytest.fail("no nginx or openssl; install them with `apt-get install nginx-light openssl`")
        pytest.skip("no nginx or openssl; install them with `apt-get install nginx-light openssl`")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "users").write_text("li.na:{PLAIN}secret\n")
    port = free_port()
    server = (ROOT / "deploy" / "nginx.conf").read_text()
    for shipped, here in {
        "127.0.0.1:7860": urlsplit(desk).netloc,
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/certs/intranet.pem": str(folder / "cert.pem"),
        "/etc/ssl/private/intranet.key": str(folder / "key.pem"),
        "/etc/nginx/intranet.users": str(folder / "users"),
    }.items():
        assert shipped in server
        server = server.replace(shipped, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi",
                                                                             "uwsgi", "scgi"))  # fmt: skip
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off;\n{temporary}{server}\n}}"
    )
    run = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"])
    try:
        wait_for(port)
        yield port, ssl.create_default_context(cafile=str(folder / "cert.pem"))
    finally:
        run.terminate()
        run.wait(10)


def wait_for(port: int) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nginx does not listen on {port}")


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
