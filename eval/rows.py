"""Rows of a JSONL file, with where each stands for the errors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file:line, object) of each line that is not blank; ValueError names a line that is none."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; name one that exists")
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield f"{path}:{number}", _object(f"{path}:{number}", line)


def _object(where: str, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where}: not JSON ({error.msg}); write one object a line") from None
    if not isinstance(row, dict):
        raise ValueError(f"{where}: {type(row).__name__} instead of an object; write one object a line")
    return row


def text_of(row: dict[str, Any], name: str, where: str, *, empty: bool = False) -> str:
    """Return a field that is text; ValueError if it is missing, of another type, or blank without `empty`."""
    value = row.get(name, "" if empty else None)
    if not isinstance(value, str) or not (empty or value.strip()):
        raise ValueError(f"{where}: {name!r} is {value!r}; write text there")
    return value


def number_of(row: dict[str, Any], name: str, where: str) -> int:
    """Return a field that is a whole number; ValueError if it is missing or of another type."""
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{where}: {name!r} is {value!r}; write a whole number there")
    return value


def read_passages(path: Path) -> dict[str, tuple[str, str]]:
    """Return title, which may be empty, and text of each passage of a corpus.jsonl, by id."""
    return {
        text_of(row, "_id", where): (text_of(row, "title", where, empty=True), text_of(row, "text", where))
        for where, row in read_rows(path)
    }
