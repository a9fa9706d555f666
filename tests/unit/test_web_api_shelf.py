"""Feedback and changes of the documents, through stores that only remember."""

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from fastapi import FastAPI, UploadFile
from fastapi.testclient import TestClient

from rag.cite import Answer
from tests.unit.web_desk import ABOUT, answer_citing, open_desk
from web.api.application import api_section
from web.api.feedback import Rating
from web.api.shelf import Shelf
from web.door.access import Access
from web.door.entrance import guard

ANSWER = answer_citing("The WIC has its headquarters in Beijing.").as_dict()
ADMIN = {"Authorization": "Bearer secret"}


@dataclass
class Kept:
    """Remembers ratings."""

    rows: list[tuple[str, str, Answer, str]] = field(default_factory=list)

    def rate(self, rating: Rating, question: str, answer: Answer, comment: str = "") -> str:
        self.rows.append((rating, question, answer, comment))
        return f"id-{len(self.rows)}"


@dataclass(frozen=True)
class Done:
    """Work that has ended."""

    state: str = "done"
    message: str = ""
    report: dict[str, Any] = field(default_factory=dict)


class Busy(Exception):
    """Somebody else works."""


@dataclass
class Worked:
    """Remembers work, and is done at once."""

    progress: Done = field(default_factory=Done)
    busy: bool = False
    fails: str = ""

    def add(self, folder: Path) -> None:
        self._end([{"id": path.name, "state": "added", "reason": ""} for path in sorted(folder.iterdir())])
        shutil.rmtree(folder)

    def remove(self, ids: Sequence[str]) -> None:
        self._end([{"id": id, "state": "removed", "reason": ""} for id in ids])

    def _end(self, files: list[dict[str, str]]) -> None:
        if self.busy:
            raise Busy
        report = {"files": files, "corpus_version": "v2", "seconds": 0.1}
        self.progress = Done("failed", self.fails) if self.fails else Done(report=report)


async def receive(files: Iterable[UploadFile]) -> Path:
    folder = Path(mkdtemp())
    for file in files:
        if not file.filename or file.filename.startswith("."):
            raise ValueError(f"{file.filename!r} is no name for a document")
        (folder / file.filename).write_bytes(await file.read())
    return folder


def client_of(kept: Kept | None = None, work: Worked | None = None) -> TestClient:
    app = FastAPI(docs_url=None, openapi_url=None)
    app.router.routes.append(api_section(open_desk(), kept or Kept(), Shelf(work or Worked(), Busy, receive)))
    guard(app, Access(public=True, admin_token="secret"))
    return TestClient(app)


def upload(name: str = "report.txt") -> dict[str, Any]:
    return {"files": [("files", (name, b"The summit was held."))]}


def test_rating_is_kept_with_the_whole_answer() -> None:
    kept = Kept()
    answer = answer_citing("The WIC has its headquarters in Beijing.")
    body = {"rating": "up", "question": "Where?", "answer": json.loads(json.dumps(answer.as_dict())), "comment": "Good"}
    reply = client_of(kept).post("/api/feedback", json=body)
    assert reply.json() == {"id": "id-1"}
    assert kept.rows == [("up", "Where?", answer, "Good")]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rating": "sideways"}, "rating must be 'up' or 'down'; it is \"sideways\"."),
        ({"rating": None}, "rating must be 'up' or 'down'; it is null."),
        ({"answer": {"question": "Where?"}}, "answer.standalone_question is missing."),
        ({"answer": "a"}, 'answer must be a JSON object; it is "a".'),
        ({"answer": None}, "answer must be a JSON object; it is null."),
        ({"answer": ["ab"]}, 'answer must be a JSON object; it is ["ab"].'),
        ({"answer": ANSWER | {"citations": [3]}}, "answer.citations.0 must be a JSON object; it is 3."),
        ({"answer": ANSWER | {"citations": []}}, "answer is refused: marks [1] do not match citations []"),
        ({"answer": ANSWER | {"confidence": float("nan")}}, "answer is refused: it holds NaN"),
        ({"answer": ANSWER | {"timings": 3}}, "answer.timings must be a JSON object; it is 3."),
        ({"answer": ANSWER | {"colour": 1}}, "answer.colour is no field that is known here; it is 1."),
        ({"comment": "a" * 5000}, "comment must have at most 4,000 characters, not 5,000"),
    ],
)
def test_what_is_no_rating_is_refused(changed: dict[str, object], told: str) -> None:
    body = {"rating": "up", "question": "Where?", "answer": ANSWER} | changed
    reply = client_of().post("/api/feedback", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["error"]["message"].startswith(told)


def test_administrator_adds_and_removes() -> None:
    client = client_of()
    added = client.post("/api/documents", headers=ADMIN, **upload())
    assert added.json()["files"] == [{"id": "report.txt", "state": "added", "reason": ""}]
    removed = client.delete(f"/api/documents/{ABOUT.id}", headers=ADMIN)
    assert removed.json()["files"] == [{"id": ABOUT.id, "state": "removed", "reason": ""}]


def test_nobody_else_does() -> None:
    client = client_of()
    for reply in (client.post("/api/documents", **upload()), client.delete(f"/api/documents/{ABOUT.id}")):
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "administrators_only")


@pytest.mark.parametrize(
    ("work", "name", "status", "code"),
    [
        (Worked(busy=True), "a.txt", 409, "busy"),
        (Worked(fails="a.txt is already in the corpus folder"), "a.txt", 409, "not_changed"),
        (Worked(), ".hidden", 422, "invalid"),
    ],
)
def test_what_cannot_be_done_is_told(work: Worked, name: str, status: int, code: str) -> None:
    reply = client_of(work=work).post("/api/documents", headers=ADMIN, **upload(name))
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)


def test_unknown_document_and_missing_files_are_told() -> None:
    client = client_of()
    assert client.delete("/api/documents/none.md", headers=ADMIN).json()["error"]["code"] == "no_document"
    assert client.post("/api/documents", headers=ADMIN).status_code == 422


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"json": {"files": 3}}, 415, "The body is sent as application/json; this address takes multipart/form-data."),
        ({"files": {"other": ("a.md", b"x")}}, 422, "files is missing."),
        ({"files": {"files": ("", b"x")}}, 422, 'files is refused: it must be files, each with its name; it is ["x"].'),
        ({"data": {"files": "x"}, "files": {"files": ("a.md", b"x")}}, 422, "files is refused: it must be files"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "The form cannot be read."),
    ],
)
def test_what_is_no_upload_is_told(sent: dict[str, Any], status: int, told: str) -> None:
    reply = client_of().post("/api/documents", **(sent | {"headers": ADMIN | sent.get("headers", {})}))
    assert reply.status_code == status
    assert reply.json()["error"]["message"].startswith(told)
