"""python app.py as a user runs it: what it prints, and how it ends."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from web.listen import listen

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str, settings: Mapping[str, str]) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env=environment | dict(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def failure(*arguments: str, settings: Mapping[str, str]) -> str:
    """The one line on stderr of a run that fails with status 1 and prints nothing else."""
    with start(*arguments, settings=settings) as run:
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


def status_of(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_without_an_index_it_names_the_command_that_makes_one(tmp_path: Path) -> None:
    told = failure("--port", "0", settings={"RAG_INDEX_DIR": str(tmp_path)})
    assert told == f"error: there is no index in {tmp_path} yet; run `python -m index sync`\n"


def test_damaged_index_is_told_before_it_serves(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("000001")
    assert "run `python -m index sync`" in failure("--port", "0", settings={"RAG_INDEX_DIR": str(tmp_path)})


def test_port_in_use_is_told_with_the_remedy(briefs_index: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        told = failure("--port", str(port), settings={"RAG_INDEX_DIR": str(briefs_index)})
    assert f"port {port} of 127.0.0.1 is in use" in told


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        (["--port", "many"], {}, "'many' is no port"),
        (["--host", "no.such.host.invalid"], {}, "cannot be resolved"),
        ([], {"RAG_COLOUR": "blue"}, "RAG_COLOUR is not a setting"),
        ([], {"RAG_CHROMA_URL": "nowhere"}, "must be an address such as"),
    ],
)
def test_wrong_use_is_one_line_with_the_remedy(arguments: list[str], settings: dict[str, str], told: str) -> None:
    assert told in failure(*arguments, settings=settings)


@pytest.mark.parametrize("ready", [False, True], ids=["while it gets ready", "when it is ready"])
def test_it_serves_at_once_and_stops_quietly_on_ctrl_c(briefs_index: Path, ready: bool) -> None:
    with start("--port", "0", settings={"RAG_INDEX_DIR": str(briefs_index)}) as run:
        assert run.stdout is not None
        line = run.stdout.readline()
        address = line.split()[3]
        assert line == f"WIC question desk: {address}  (Ctrl-C stops it)\n"
        assert status_of(address, "/healthz") == 200
        end = time.monotonic() + 60
        while ready and status_of(address, "/readyz") != 200 and time.monotonic() < end:
            time.sleep(0.2)
        assert status_of(address, "/readyz") == (200 if ready else 503)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=15)
    assert (run.returncode, out, err) == (0, "", "")
