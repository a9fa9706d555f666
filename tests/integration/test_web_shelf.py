"""A running desk whose documents change over the API, and that keeps what people think of its answers."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.conftest import run_module
from tests.integration.test_web_app import start

BOUNDARY = "part"
NEW = "# Tea Forum\n\nThe Tea Forum of 2025 was held in Lhasa on 4 May 2025.\n"


def call(
    address: str, path: str, body: bytes | None = None, method: str = "POST", kind: str = "application/json"
) -> dict[str, Any]:
    headers = {"Authorization": "Bearer admin-secret", "Content-Type": kind}
    request = urllib.request.Request(f"{address}{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=120) as reply:
        found: dict[str, Any] = json.load(reply)
    return found


def wait_until_ready(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} is not ready")


def test_document_is_added_asked_rated_and_removed(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "summit.md").write_text("# Summit\n\nThe summit is held in Wuzhen.\n", encoding="utf-8")
    settings = {
        "RAG_CORPUS_DIR": str(tmp_path / "corpus"), "RAG_INDEX_DIR": str(tmp_path / "index"),
        "RAG_DATA_DIR": str(tmp_path / "data"), "RAG_ADMIN_TOKEN": "admin-secret",
    }  # fmt: skip
    assert run_module("index", "sync", "--quiet", settings=settings).returncode == 0
    upload = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="tea.md"\r\n\r\n{NEW}\r\n'
        f"--{BOUNDARY}--\r\n"
    ).encode()
    question = json.dumps({"question": "Where was the Tea Forum of 2025 held?"}).encode()
    with start("--port", "0", settings=settings) as run:
        assert run.stdout is not None
        address = run.stdout.readline().split()[3]
        wait_until_ready(address)
        added = call(address, "/api/documents", upload, kind=f"multipart/form-data; boundary={BOUNDARY}")
        assert added["files"] == [{"id": "tea.md", "state": "added", "reason": ""}]
        answer = call(address, "/api/ask", question)
        assert "Lhasa" in answer["answer"]
        rated = {"rating": "up", "question": answer["question"], "answer": answer}
        assert call(address, "/api/feedback", json.dumps(rated).encode())["id"]
        assert (tmp_path / "data" / "feedback.sqlite3").is_file()
        removed = call(address, "/api/documents/tea.md", method="DELETE")
        assert removed["files"] == [{"id": "tea.md", "state": "removed", "reason": ""}]
        assert "Lhasa" not in call(address, "/api/ask", question)["answer"]
        run.terminate()
