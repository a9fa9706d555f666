import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from corpus import worker
from corpus.document import Document, as_plain, from_plain
from corpus.guard import Limits, Reader, Unreadable, check_file, check_inside, read_guarded
from corpus.read import read


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(Limits(seconds=20)) as one:
        yield one


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("---\ntitle: 乌镇\ndate: 2024\n---\n# One\n\n- Text.\n")
    return path


def test_document_from_the_worker_equals_the_one_read_here(reader: Reader, note: Path) -> None:
    assert reader.read(note, "a/note.md") == read(note, "a/note.md")


def test_reason_comes_back_from_the_worker(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(b"x")
    with pytest.raises(Unreadable, match=r"save it as \.docx"):
        reader.read(path, "a.doc")


@pytest.mark.parametrize("name", ["with space.txt", "line\nbreak.txt", "乌镇'\"$(x).txt", "-rf.txt"])
def test_file_name_may_hold_any_character(reader: Reader, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Text.")
    assert reader.read(tmp_path / name, name).id == name


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_file_name_may_be_no_text_at_all(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.txt")
    path.write_text("Text.")
    assert reader.read(path, "odd").text == "Text."


def test_next_file_is_read_after_the_worker_was_killed(note: Path) -> None:
    with Reader() as reader:
        reader.read(note, "a")
        assert reader._process is not None
        reader._process.send_signal(signal.SIGSEGV)
        reader._process.wait()
        with pytest.raises(Unreadable, match=r"ended the reader \(signal 11\)"):
            reader.read(note, "a")
        assert reader.read(note, "a").title == "乌镇"


def test_file_that_takes_too_long_is_given_up(note: Path) -> None:
    with Reader(Limits(seconds=0.001)) as reader:
        start = time.perf_counter()
        with pytest.raises(Unreadable, match=r"takes more than 0.001 seconds; divide it"):
            reader.read(note, "a")
        assert time.perf_counter() - start < 5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound a process's memory")
def test_file_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("word " * 20_000_000)
    with pytest.raises(Unreadable, match=r"takes more than 0.2 GB of memory|ended the reader"):
        read_guarded(path, "a", Limits(memory=200_000_000))


def test_worker_without_memory_is_replaced_before_the_file_is_blamed(
    monkeypatch: pytest.MonkeyPatch, note: Path
) -> None:
    with Reader() as reader:
        reader.read(note, "a")
        first = reader._process
        answers = iter([{"reason": "too much", "memory": True}])
        ask = reader._document
        monkeypatch.setattr(reader, "_document", lambda answer: ask(next(answers, answer)))
        assert reader.read(note, "a").title == "乌镇"
        assert reader._process is not first


def test_worker_loads_nothing_of_the_index_or_the_page() -> None:
    code = "import sys, corpus.worker; print({'torch', 'chromadb', 'gradio', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def serve(path: Path, **limits: Any) -> dict[str, Any]:
    request = {"path": str(path), "id": "a", "limits": {"seconds": 60, "characters": 100, "pages": 10, "memory": 1}}
    request["limits"] = {**request["limits"], **limits}  # type: ignore[dict-item]
    answers = BytesIO()
    worker.serve(BytesIO(json.dumps(request).encode() + b"\n"), answers)
    return dict(json.loads(answers.getvalue()))


def test_file_with_too_much_text_is_refused(note: Path) -> None:
    assert serve(note, characters=3)["reason"] == "it has 12 characters, more than the limit of 3; divide it"


def test_file_that_changes_while_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    def read_and_change(path: Path, document_id: str) -> Document:
        document = read(path, document_id)
        path.write_text("Other text, and more of it.")
        return document

    monkeypatch.setattr(worker, "read", read_and_change)
    assert serve(note)["reason"] == "it changed while it was read; try again when it is complete"


def test_memory_error_is_a_reason_and_ends_the_worker(monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
    def exhausted(path: Path, document_id: str) -> Document:
        raise MemoryError

    monkeypatch.setattr(worker, "read", exhausted)
    assert serve(note, memory=2_000_000_000) == {
        "reason": "reading it takes more than 2 GB of memory; divide it or save it as PDF",
        "memory": True,
    }


def test_description_of_a_document_is_read_back_whole(note: Path) -> None:
    document = read(note, "a")
    assert from_plain(json.loads(json.dumps(as_plain(document)))) == document


def test_large_file_is_refused_before_it_is_opened(note: Path) -> None:
    with pytest.raises(Unreadable, match="bytes, more than the limit of 10; divide it"):
        check_file(note, Limits(size=10))


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"cannot be opened \(No such file"):
        check_file(tmp_path / "none.txt", Limits())


def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(Unreadable, match="no ordinary file"):
        check_file(tmp_path / "a.txt", Limits())


def test_link_out_of_the_folder_is_refused_and_one_within_it_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (folder / "own.txt").write_text("x")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "in.txt").symlink_to(folder / "own.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    check_inside(folder / "in.txt", folder)
    with pytest.raises(Unreadable, match="leads out of the folder"):
        check_inside(folder / "out.txt", folder)
    with pytest.raises(Unreadable, match="leads nowhere"):
        check_inside(folder / "loop.txt", folder)
