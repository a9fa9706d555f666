"""Rows of a JSONL file: what is wrong is told with its line."""

from pathlib import Path

import pytest

from eval.rows import number_of, passages_beside, read_passages, read_rows, read_text, text_of


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\n{"a": 2}\n', encoding="utf-8")
    assert list(read_rows(path)) == [(f"{path}:1", {"a": 1}), (f"{path}:3", {"a": 2})]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", r"2: is not JSON \(Expecting"),
        ("[1]", "2: list instead of an object"),
        ("[" * 100_000, r"2: is not JSON \(brackets"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n' + line, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        list(read_rows(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file .*corpus\.jsonl"):
        read_passages(tmp_path / "corpus.jsonl")


def test_a_field_of_another_type_is_named() -> None:
    with pytest.raises(ValueError, match="f:1: 'text' is None; write text"):
        text_of({}, "text", "f:1")
    with pytest.raises(ValueError, match="f:1: 'text' is ' '; write text"):
        text_of({"text": " "}, "text", "f:1")
    with pytest.raises(ValueError, match="f:1: 'start' is True; write a whole number"):
        number_of({"start": True}, "start", "f:1")


def test_a_title_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"_id": "a", "text": "Rain."}\n', encoding="utf-8")
    assert read_passages(path) == {"a": ("", "Rain.")}


@pytest.mark.parametrize("inside", ["\u2028", "\u2029", "\x85"])
def test_only_a_line_feed_ends_a_line(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(f'\ufeff{{"a": "{inside}"}}\r\n\r\n{{"a": 2}}'.encode())
    assert [row["a"] for _, row in read_rows(path)] == [inside, 2]


def test_what_is_no_text_file_is_named_with_what_helps(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("x", encoding="utf-16")
    with pytest.raises(ValueError, match=r"a\.jsonl is not UTF-8 \(byte 0xff in line 1\); save it as UTF-8"):
        read_text(path)
    with pytest.raises(IsADirectoryError, match="is a folder; name a file in it"):
        read_text(tmp_path)


def test_a_corpus_is_looked_for_beside_a_file_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no file .*asked\.jsonl"):
        passages_beside(tmp_path / "asked.jsonl")
    (tmp_path / "asked.jsonl").touch()
    with pytest.raises(FileNotFoundError, match=r"asked\.jsonl needs a corpus\.jsonl beside it; there is none in"):
        passages_beside(tmp_path / "asked.jsonl")
