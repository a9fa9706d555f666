"""python app.py and python -m web token as an operator uses them."""

import http.client
from pathlib import Path

from tests.conftest import run_module
from tests.integration.test_web_app import failure, start

ANYWHERE = ("--host", "0.0.0.0", "--port", "0")


def test_address_that_others_reach_is_refused_without_a_way_to_sign_in(tmp_path: Path) -> None:
    told = failure(*ANYWHERE, settings={"RAG_DATA_DIR": str(tmp_path)})
    assert "other machines can reach 0.0.0.0:" in told
    assert "127.0.0.1" not in told
    for remedy in ("python -m web token add NAME", "RAG_TRUSTED_PROXIES", "RAG_PUBLIC=1"):
        assert remedy in told


def test_token_is_a_way_to_sign_in(tmp_path: Path, briefs_index: Path) -> None:
    settings = {"RAG_DATA_DIR": str(tmp_path), "RAG_INDEX_DIR": str(briefs_index)}
    made = run_module("web", "token", "add", "report-bot", settings=settings)
    assert made.returncode == 0
    token = made.stdout.strip()
    assert run_module("web", "token", "list", settings=settings).stdout.startswith("report-bot\t")
    with start(*ANYWHERE, settings=settings) as run:
        assert run.stdout is not None
        port = int(run.stdout.readline().split()[3].rpartition(":")[2])
        assert status(port, "/api/documents", token) in (200, 503)
        assert status(port, "/api/documents", "wic_other") == 401
        assert run_module("web", "token", "revoke", "report-bot", settings=settings).returncode == 0
        assert status(port, "/api/documents", token) == 401
        run.terminate()


def status(port: int, path: str, token: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    got = connection.getresponse().status
    connection.close()
    return got


def test_public_desk_says_so(briefs_index: Path, tmp_path: Path) -> None:
    settings = {"RAG_PUBLIC": "1", "RAG_INDEX_DIR": str(briefs_index), "RAG_DATA_DIR": str(tmp_path)}
    with start(*ANYWHERE, settings=settings) as run:
        assert run.stdout is not None
        line = run.stdout.readline()
        port = line.split()[3].rpartition(":")[2]
        assert line.startswith(f"WIC question desk: http://127.0.0.1:{port} ")
        assert f"  (listens on 0.0.0.0:{port}, which is every address of this machine; Ctrl-C stops it)" in line
        assert run.stderr is not None
        assert run.stderr.readline().startswith("warning: RAG_PUBLIC is set")
        run.terminate()


def test_wrong_token_commands_are_one_line(tmp_path: Path) -> None:
    done = run_module("web", "token", "revoke", "nobody", settings={"RAG_DATA_DIR": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: there is no token 'nobody'; `python -m web token list` shows all\n"
