"""Whatever is wrong is told in one line that names the value and the remedy, without a traceback."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import run_module


def one_line_error(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for part in ("error: ", *parts):
        assert part in done.stderr


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question(question: str) -> None:
    one_line_error(run_module("rag", "ask", question), "the question is empty; write what you want to know")


def test_a_question_of_100_000_characters() -> None:
    done = run_module("rag", "ask", "-", stdin=b"a" * 100_000)
    one_line_error(done, "the question has 100,000 characters; shorten it to 2,000")


def test_nothing_but_control_characters_and_broken_utf8() -> None:
    one_line_error(run_module("rag", "ask", "-", stdin=b"\x00\x1b\x07\n"), "the question is empty")


def test_broken_utf8_and_control_characters_around_a_question_do_no_harm(briefs_index: Path) -> None:
    stdin = b"\xff\xfe\x00 Where is the WIC\x07 headquartered? \xc3"
    done = run_module("rag", "ask", "-", stdin=stdin, settings={"RAG_INDEX_DIR": str(briefs_index)})
    assert (done.returncode, done.stderr) == (0, "")
    assert "Beijing" in done.stdout


def test_no_index_yet(tmp_path: Path) -> None:
    done = run_module("rag", "ask", "Where?", settings={"RAG_INDEX_DIR": str(tmp_path / "none")})
    one_line_error(done, "there is no index in", "run `python -m index sync`")


def test_an_index_built_by_another_model(briefs_index: Path, tmp_path: Path) -> None:
    settings = {"RAG_INDEX_DIR": str(briefs_index), "RAG_EMBEDDING_MODEL": str(tmp_path)}
    one_line_error(
        run_module("rag", "ask", "Where?", settings=settings), "was built by the model", "python -m index sync"
    )


def test_a_corrupt_index_folder(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_bytes(b"\xff\xfe")
    done = run_module("rag", "ask", "Where?", settings={"RAG_INDEX_DIR": str(tmp_path)})
    one_line_error(done, "cannot be read", "run `python -m index sync`")


def test_an_index_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    one_line_error(run_module("index", "sync", "--quiet", settings={"RAG_INDEX_DIR": str(file)}), str(file))


def test_a_corpus_folder_that_is_missing(tmp_path: Path) -> None:
    settings = {"RAG_INDEX_DIR": str(tmp_path / "index"), "RAG_CORPUS_DIR": str(tmp_path / "none")}
    one_line_error(run_module("index", "sync", settings=settings), "does not exist; create it, or set RAG_CORPUS_DIR")


def test_a_corpus_folder_that_is_empty(tmp_path: Path) -> None:
    settings = {"RAG_INDEX_DIR": str(tmp_path / "index"), "RAG_CORPUS_DIR": str(tmp_path)}
    one_line_error(run_module("index", "sync", settings=settings), "holds no document; put files there")


def test_a_brief_without_title(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("---\npublisher: P\n---\nText.\n", encoding="utf-8")
    settings = {"RAG_INDEX_DIR": str(tmp_path / "index"), "RAG_CORPUS_DIR": str(tmp_path / "corpus")}
    one_line_error(run_module("index", "sync", "--quiet", settings=settings), "a.md", "no title; add a line such as")


def test_an_unknown_setting() -> None:
    done = run_module("rag", "ask", "Where?", settings={"RAG_INDEX_FOLDER": "x"})
    one_line_error(done, "RAG_INDEX_FOLDER is not a setting; the settings are RAG_CORPUS_DIR")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("RAG_CHROMA_URL", "localhost", "must be an address such as http://127.0.0.1:8000"),
        ("RAG_EMBEDDING_MODEL", " ", "must not be empty"),
    ],
)
def test_a_wrong_value_of_a_known_setting(name: str, value: str, reason: str) -> None:
    one_line_error(run_module("index", "status", settings={name: value}), f"{name}={value}", reason)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    settings = {"RAG_INDEX_DIR": str(tmp_path / "index"), "RAG_EMBEDDING_MODEL": str(tmp_path)}
    done = run_module("index", "sync", "--quiet", settings=settings)
    one_line_error(done, f"RAG_EMBEDDING_MODEL={tmp_path}", "no such model here")


def test_a_document_that_the_index_does_not_have(briefs_index: Path) -> None:
    done = run_module("index", "remove", "wuzhen-sumit.md", settings={"RAG_INDEX_DIR": str(briefs_index)})
    one_line_error(done, "no document 'wuzhen-sumit.md' in the index; the nearest is wuzhen-summit.md")


def test_a_history_that_is_none(tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text('{"a": 1}', encoding="utf-8")
    one_line_error(run_module("rag", "ask", "Where?", "--history", str(history)), "the history is not a list of")


def test_a_batch_line_that_is_no_json(tmp_path: Path) -> None:
    questions = tmp_path / "in.jsonl"
    questions.write_text('{"id": 1, "question": "Where?"}\nnonsense\n', encoding="utf-8")
    one_line_error(run_module("rag", "batch", str(questions), str(tmp_path / "out.jsonl")), "in.jsonl:2: not JSON")


def test_a_wrong_command_shows_the_usage() -> None:
    done = run_module("index", "synk")
    assert done.returncode == 2
    assert "usage: python -m index" in done.stderr
