from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from eval.feedback import case_of, line, main, read, summary, write_cases
from eval.golden import case_from
from tests.unit.web_desk import answer_citing
from web.api.handlers import handle_errors
from web.feedback import Feedback, feedback_routes

ANSWER = replace(answer_citing("It has members."), corpus_version="c0ffee", standalone_question="Who has members?")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "feedback.sqlite3"


@pytest.fixture
def client(path: Path) -> TestClient:
    app = FastAPI()
    handle_errors(app)
    app.include_router(feedback_routes(Feedback(path)))
    return TestClient(app)


def given(rating: str = "down") -> dict[str, object]:
    return {"rating": rating, "question": "Who?", "answer": ANSWER.as_dict()}


def test_rating_and_comment_are_kept_with_question_answer_and_corpus_version(client: TestClient, path: Path) -> None:
    id = client.post("/feedback", json=given()).json()["id"]
    assert client.post("/feedback", json={"id": id, "comment": "wrong year"}).status_code == 200
    [rating] = read(path)
    assert (rating.rating, rating.comment, rating.question) == ("down", "wrong year", "Who?")
    assert rating.corpus_version == "c0ffee"
    assert rating.answer == ANSWER.as_dict()


@pytest.mark.parametrize(
    "sent",
    [{}, {"rating": "down"}, given("great"), given() | {"answer": {}}, given() | {"question": "x" * 9_999},
     {"id": "x", "comment": "y" * 4_001}],
)  # fmt: skip
def test_incomplete_or_overlong_feedback_is_refused(client: TestClient, path: Path, sent: dict[str, object]) -> None:
    assert client.post("/feedback", json=sent).status_code == 422
    assert read(path) == []


def test_comment_on_unknown_feedback_is_refused(client: TestClient) -> None:
    assert client.post("/feedback", json={"id": "none", "comment": "x"}).status_code == 404


def test_form_of_another_site_is_refused(client: TestClient) -> None:
    assert client.post("/feedback", data={"rating": "up"}).status_code == 415


def test_list_is_newest_first_and_counts_both_thumbs(path: Path) -> None:
    feedback = Feedback(path)
    feedback.rate("up", "First\x1b[31m?", ANSWER)
    feedback.rate("down", "Second?", ANSWER, "no")
    ratings = read(path)
    assert "\x1b" not in "".join(line(r) for r in ratings)
    assert summary(ratings) == "2 ratings: 1 up, 1 down"


def test_thumb_down_becomes_a_golden_case_to_complete_once(path: Path, tmp_path: Path) -> None:
    Feedback(path).rate("down", "Who?", ANSWER, "wrong")
    cases = tmp_path / "cases.jsonl"
    assert write_cases(read(path), cases) == 1
    assert write_cases(read(path), cases) == 0
    case = case_of(read(path)[0])
    assert case["question"] == "Who has members?"
    with pytest.raises(ValueError, match="facts: are missing though"):
        case_from(case)
    assert case_from(case | {"facts": [["members"]]}).id == case["id"]


def test_command_lists_and_writes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAG_DATA_DIR", str(path.parent))
    assert main([]) == 0
    assert capsys.readouterr().out == "0 ratings: 0 up, 0 down\n"
    Feedback(path).rate("down", "Who?", ANSWER)
    assert main(["--cases", str(tmp_path / "c.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("1 case added to")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("c.txt", None, r"c\.txt is no \.jsonl file"),
        ("c.jsonl", "{", r"c\.jsonl:1: is not JSON"),
        ("c.jsonl/d.jsonl", "", r"c\.jsonl is a file; name a folder"),
    ],
)
def test_where_no_case_can_be_added_is_told_without_any_feedback(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None, message: str
) -> None:
    monkeypatch.setenv("RAG_DATA_DIR", str(path.parent))
    if text is not None:
        (tmp_path / "c.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises((ValueError, OSError), match=message):
        main(["--cases", str(tmp_path / name)])


def test_cases_begin_on_a_line_of_their_own(path: Path, tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "other"}', encoding="utf-8")
    Feedback(path).rate("down", "Who?", ANSWER)
    assert write_cases(read(path), tmp_path / "c.jsonl") == 1
    assert len((tmp_path / "c.jsonl").read_text(encoding="utf-8").split("\n")) == 3
