from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.originals import Place
from index.sync import Progress, Report
from tests.unit.web_desk import ABOUT, FakeChatbot, FakeStore, open_desk
from web.desk import Desk
from web.documents import session as session_module
from web.documents.admin import admin_routes
from web.documents.routes import document_routes
from web.documents.session import Sessions
from web.documents.table import Wanted, table
from web.documents.timeline import timeline
from web.documents.upload import name_of
from web.documents.words import DOCUMENTS
from web.documents.work import Work
from web.viewer.original import original_routes

SUMMIT = replace(
    ABOUT, id="a b/summit.md", title="Summit <b>2025</b>", program="Summit", kind="event",
    event_date="2025-11-07/2025-11-09", edition="2025",
)  # fmt: skip
AWARD = replace(ABOUT, id="award.md", title="Award", program="Summit", kind="award", edition="2025")
CATALOG = (ABOUT, SUMMIT, AWARD)
TOKEN = "open sesame"


def test_list_is_narrowed_by_program_kind_year_and_words() -> None:
    assert [d.id for d in table(CATALOG, Wanted(program="Summit")).documents] == ["award.md", "a b/summit.md"]
    assert [d.id for d in table(CATALOG, Wanted(year="2025", kind="event")).documents] == ["a b/summit.md"]
    assert [d.id for d in table(CATALOG, Wanted(words="SUMMIT 2025")).documents] == ["a b/summit.md"]
    assert table(CATALOG, Wanted(words="nowhere")).documents == ()


def test_count_of_a_choice_obeys_the_other_filters() -> None:
    narrowed = table(CATALOG, Wanted(kind="event"))
    assert narrowed.total == 3
    assert narrowed.kinds == (("award", 1), ("event", 1), ("profile", 1))
    assert narrowed.programs == (("Summit", 1),)
    assert narrowed.years == (("2025", 1),)


def test_timeline_goes_by_year_and_day_and_puts_what_has_no_day_last() -> None:
    earlier = replace(SUMMIT, id="2024.md", event_date="2024-11", edition="2024")
    [newest, oldest] = timeline((ABOUT, AWARD, earlier, SUMMIT))
    assert (newest.year, [(e.document.id, e.day) for e in newest.entries]) == (
        "2025", [("a b/summit.md", "2025-11-07 – 2025-11-09"), ("award.md", "")],
    )  # fmt: skip
    assert (oldest.year, [e.day for e in oldest.entries]) == ("2024", ["2024-11"])


class Index:
    """A place with two files, and a sync that waits until the test lets it go on."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder / "corpus", folder / "index", "model")
        self.place.corpus_dir.mkdir()
        (self.place.corpus_dir / "award.md").write_text("# Award")
        self.release = Event()
        self.release.set()
        self.failed: dict[str, str] = {}
        self.synced: list[Place] = []

    def sync(self, place: Place, progress: Progress) -> Report:
        self.synced.append(place)
        progress("reading", 1, 2)
        self.release.wait(5)
        added = [path.name for path in place.added_dir.iterdir()] if place.added_dir.is_dir() else []
        good = tuple(name for name in added if name not in self.failed)
        return Report(added=good, failed=self.failed, corpus_version="c1", seconds=0.5)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


def client_of(index: Index, token: str = TOKEN, desk: Desk | None = None) -> TestClient:
    desk = desk or open_desk(FakeChatbot(store=FakeStore({d.id: d for d in CATALOG})))
    app, sessions = FastAPI(), Sessions(token)
    app.include_router(document_routes(desk, sessions, index.place))
    app.include_router(original_routes(desk, index.place))
    if sessions.on:
        app.include_router(admin_routes(desk, sessions, Work(index.place, index.sync)))
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def client(index: Index) -> TestClient:
    return client_of(index)


@pytest.fixture
def admin(client: TestClient) -> TestClient:
    assert client.post("/documents/sign-in", data={"token": TOKEN}).status_code == 303
    return client


def wait(client: TestClient) -> dict[str, object]:
    for _ in range(500):
        progress: dict[str, object] = client.get("/documents/work").json()
        if progress["state"] != "working":
            return progress
        Event().wait(0.01)
    raise TimeoutError("the work does not end")


def test_page_lists_documents_as_text_with_links_and_no_administration(client: TestClient) -> None:
    page = client.get("/documents", params={"program": "Summit"}).text
    assert "2 of 3 documents" in page
    assert "Summit &lt;b&gt;2025&lt;/b&gt;" in page
    assert 'href="/source/a%20b/summit.md"' in page
    assert "Remove" not in page
    assert client.get("/timeline").text.count('href="/source/') == 2


def test_pages_speak_chinese_to_those_who_want_it(client: TestClient) -> None:
    assert "2 / 3 份文件" in client.get("/documents?program=Summit", headers={"accept-language": "zh-CN,en"}).text
    client.cookies.set("wic-desk-language", "zh")
    assert "大事年表" in client.get("/timeline").text
    assert DOCUMENTS["en"].keys() == DOCUMENTS["zh"].keys()


def test_pages_before_the_desk_is_ready_look_again_by_themselves(index: Index) -> None:
    reply = client_of(index, desk=Desk(FakeChatbot)).get("/documents")
    assert reply.status_code == 503
    assert 'http-equiv="refresh"' in reply.text


def test_without_a_token_there_is_no_administration(index: Index) -> None:
    client = client_of(index, token="")
    assert "Administration" not in client.get("/documents").text
    assert client.post("/documents/sign-in", data={"token": ""}).status_code in (404, 405)
    assert client.post("/documents/remove", data={"id": "award.md"}).status_code in (404, 405)


@pytest.mark.parametrize("path", ["upload", "remove"])
def test_nobody_changes_the_index_without_signing_in(client: TestClient, index: Index, path: str) -> None:
    reply = client.post(f"/documents/{path}", data={"id": "award.md"}, files={"files": ("a.txt", b"text")})
    assert reply.status_code == 401
    assert index.synced == []
    assert client.get("/documents/work").status_code == 401


def test_wrong_token_is_refused_and_many_are_slowed_down(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [client.post("/documents/sign-in", data={"token": "wrong"}).status_code for _ in range(6)]
    assert codes == [401, 401, 401, 401, 429, 429]
    assert client.post("/documents/sign-in", data={"token": TOKEN}).status_code == 429
    monkeypatch.setattr(session_module, "MINUTE", 0.0)
    assert client.post("/documents/sign-in", data={"token": TOKEN}).status_code == 303


@pytest.mark.parametrize(
    ("language", "told", "slower"),
    [("en", "This token is not right", "Too many wrong tokens"), ("zh", "令牌不正确", "令牌错误次数过多")],
)
def test_wrong_token_is_told_beside_the_form_and_the_way_back(
    client: TestClient, language: str, told: str, slower: str
) -> None:
    replies = [
        client.post("/documents/sign-in", data={"token": "wrong"}, headers={"accept-language": language})
        for _ in range(5)
    ]
    for reply, reason in ((replies[0], told), (replies[4], slower)):
        assert reason in reply.text
        assert 'name="token"' in reply.text
        assert 'href="/documents"' in reply.text
    assert "form-action 'self'" in replies[0].headers["content-security-policy"]


def test_address_of_the_form_leads_back_to_the_documents(client: TestClient) -> None:
    assert client.get("/documents/sign-in").headers["location"] == "/documents"


def test_below_a_path_signing_in_leads_to_the_documents_there(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.link._root", "/ask")
    reply = client.post("/documents/sign-in", data={"token": TOKEN})
    assert reply.headers["location"] == "/ask/documents"
    assert "Path=/ask/documents" in reply.headers["set-cookie"]


def test_session_is_a_cookie_for_this_site_that_scripts_cannot_read(client: TestClient) -> None:
    cookie = client.post("/documents/sign-in", data={"token": TOKEN}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie


def test_signing_out_ends_the_session(admin: TestClient) -> None:
    assert "Remove" in admin.get("/documents").text
    [session] = [cookie.value for cookie in admin.cookies.jar]
    admin.post("/documents/sign-out")
    admin.cookies.set("wic-desk-admin", str(session), path="/documents")
    assert "Remove" not in admin.get("/documents").text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}])
def test_request_of_another_site_is_refused_even_with_a_session(
    admin: TestClient, index: Index, headers: dict[str, str]
) -> None:
    reply = admin.post("/documents/remove", data={"id": "award.md"}, headers=headers)
    assert reply.status_code == 403
    assert index.synced == []


def test_token_in_a_header_needs_no_session(client: TestClient) -> None:
    allowed = {"authorization": f"Bearer {TOKEN}"}
    assert client.post("/documents/remove", data={"id": "award.md"}, headers=allowed).status_code == 202


def test_upload_reports_each_file_and_keeps_only_those_that_could_be_read(admin: TestClient, index: Index) -> None:
    index.failed = {"bad.pdf": "it has no text"}
    files = [
        ("files", ("good.txt", b"text")),
        ("files", ("bad.pdf", b"%PDF")),
        ("files", ("good.txt.yaml", b"title: T")),
    ]
    assert admin.post("/documents/upload", files=files).status_code == 202
    report = wait(admin)["report"]
    assert report == {
        "files": [
            {"id": "bad.pdf", "state": "failed", "reason": "it has no text"},
            {"id": "good.txt", "state": "added", "reason": ""},
        ],
        "corpus_version": "c1",
        "seconds": 0.5,
    }
    assert {path.name for path in index.place.added_dir.iterdir()} == {"good.txt", "good.txt.yaml"}


def test_progress_is_told_and_other_work_waits(admin: TestClient, index: Index) -> None:
    index.release.clear()
    admin.post("/documents/remove", data={"id": "award.md"})
    for _ in range(500):
        if admin.get("/documents/work").json()["total"]:
            break
        Event().wait(0.01)
    progress = admin.get("/documents/work").json()
    assert (progress["step"], progress["done"], progress["total"]) == ("reading", 1, 2)
    reply = admin.post("/documents/upload", files={"files": ("a.txt", b"text")})
    assert (reply.status_code, "already" in reply.json()["message"]) == (409, True)
    index.release.set()
    assert wait(admin)["state"] == "done"


def test_file_that_is_in_the_corpus_folder_is_not_overwritten(admin: TestClient) -> None:
    admin.post("/documents/upload", files={"files": ("award.md", b"# Other")})
    failed = wait(admin)
    assert failed["state"] == "failed"
    assert "award.md is already in" in str(failed["message"])


def test_removing_an_unknown_document_is_told(admin: TestClient) -> None:
    assert "no document" in admin.post("/documents/remove", data={"id": "x"}).json()["message"]


@pytest.mark.parametrize("told", ["", ".hidden", "~$lock.docx", "a/", "..", "x\x00.txt", "a\nb.txt", "é" * 150])
def test_name_that_no_document_can_have_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match=r"rename the file|shorten it"):
        name_of(told)


@pytest.mark.parametrize(
    ("told", "name"),
    [("../../etc/passwd", "passwd"), (r"C:\x\报告 1.pdf", "报告 1.pdf"), ("<img src=x>.md", "<img src=x>.md")],
)
def test_name_loses_its_folders(told: str, name: str) -> None:
    assert name_of(told) == name


def test_two_files_of_one_name_are_refused(admin: TestClient) -> None:
    reply = admin.post("/documents/upload", files=[("files", ("a.txt", b"1")), ("files", ("x/a.txt", b"2"))])
    assert (reply.status_code, reply.json()["message"]) == (400, "two of the files are named 'a.txt'; rename one")


def test_upload_without_a_file_is_told(admin: TestClient) -> None:
    reply = admin.post("/documents/upload", data={"x": "y"}, files={"other": ("a.txt", b"1")})
    assert "no file was chosen" in reply.json()["message"]


def test_upload_over_the_limit_is_refused(admin: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.documents.upload.MOST", 1)
    assert admin.post("/documents/upload", files={"files": ("a.txt", b"123")}).status_code == 413


def test_failed_files_are_listed_with_their_reasons_for_administrators_alone(client: TestClient, index: Index) -> None:
    index.place.index_dir.mkdir()
    index.place.failed_file.write_text('{"<b>.pdf": ["hash", "it is encrypted"]}')
    assert "encrypted" not in client.get("/documents").text
    client.post("/documents/sign-in", data={"token": TOKEN})
    assert "<strong>&lt;b&gt;.pdf</strong>: it is encrypted" in client.get("/documents").text


def test_original_of_an_indexed_document_is_handed_out_as_a_file_only(client: TestClient) -> None:
    reply = client.get("/original/award.md")
    assert reply.content == b"# Award"
    assert reply.headers["content-disposition"] == 'attachment; filename="award.md"'
    assert reply.headers["content-type"] == "application/octet-stream"
    assert client.get("/original/../award.md").status_code == 404
    assert client.get("/original/nothing.md").status_code == 404


def test_original_that_is_gone_or_leads_out_of_its_folder_is_told(
    client: TestClient, index: Index, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    (index.place.corpus_dir / "award.md").unlink()
    (index.place.corpus_dir / "award.md").symlink_to(tmp_path / "secret")
    reply = client.get("/original/award.md")
    assert reply.status_code == 404
    assert "no longer there" in reply.text


def test_work_that_fails_unexpectedly_says_so_without_a_traceback(index: Index) -> None:
    def fail(place: Place, progress: Progress) -> Report:
        raise RuntimeError("secret")

    work = Work(index.place, fail)
    work.remove(["award.md"])
    for _ in range(500):
        if work.progress.state == "failed":
            break
        Event().wait(0.01)
    assert work.progress.message == "RuntimeError; see the log of the server"
