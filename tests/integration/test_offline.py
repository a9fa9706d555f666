"""After set-up nothing leaves the host: every connection to elsewhere is refused and counted, and there is none."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, run_module

GUARD = ROOT / "tests" / "integration" / "no_network"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(GUARD), "REFUSED_LOG": str(tmp_path / "refused.log")}


def refused(settings: dict[str, str]) -> str:
    log = Path(settings["REFUSED_LOG"])
    return log.read_text(encoding="utf-8") if log.exists() else ""


def test_the_guard_itself_refuses_and_counts(settings: dict[str, str]) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | settings, capture_output=True)
    assert done.returncode == 1
    assert "192.0.2.1" in refused(settings)


def test_sync_needs_no_network(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("# Summit\n\nThe summit is held in Wuzhen.\n", encoding="utf-8")
    folders = {"RAG_INDEX_DIR": str(tmp_path / "index"), "RAG_CORPUS_DIR": str(tmp_path / "corpus")}
    done = run_module("index", "sync", "--quiet", settings=settings | folders)
    assert (done.returncode, done.stderr, refused(settings)) == (0, "", "")


def test_ask_needs_no_network(settings: dict[str, str], briefs_index: Path) -> None:
    done = run_module("rag", "ask", "Where is the WIC?", settings=settings | {"RAG_INDEX_DIR": str(briefs_index)})
    assert (done.returncode, done.stderr, refused(settings)) == (0, "", "")


def test_the_served_page_needs_no_network(settings: dict[str, str], briefs_index: Path) -> None:
    environment = os.environ | settings | {"RAG_INDEX_DIR": str(briefs_index)}
    with subprocess.Popen(
        [sys.executable, "app.py", "--port", "0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            address = re.search(r":(\d+)", server.stdout.readline())
            assert address
            port = int(address[1])
            assert wait_for(port, "/readyz") == 200
            assert wait_for(port, "/") == 200
        finally:
            server.send_signal(signal.SIGINT)
    assert refused(settings) == ""


def wait_for(port: int, path: str, seconds: float = 90) -> int:
    """Return the status of a page as soon as it is 200, or the last one."""
    status = 0
    deadline = time.monotonic() + seconds
    while status != 200 and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        time.sleep(0.2)
    return status
