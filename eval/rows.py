"""Text files as UTF-8, and the rows of a JSONL file, with where each stands for the errors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, its line ends as they are, without a byte order mark; errors name the file."""
    return "".join(_raw_lines(path))


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of each line that is not blank; only LF and CRLF end one, as JSONL wants it."""
    for number, line in enumerate(_raw_lines(path), 1):
        if line.strip():
            yield number, line.removesuffix("\n").removesuffix("\r")


def _raw_lines(path: Path) -> Iterator[str]:
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; name one that exists")
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                byte = f"byte 0x{line[error.start]:02x} in line {number}"
                raise ValueError(f"{path} is not UTF-8 ({byte}); save it as UTF-8") from None


def place_to_write(path: Path) -> None:
    """Raise the error that says why no file can be written there, if none can: it is a folder, or has none."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}; make it, or name another")


def folder_to_write(path: Path) -> None:
    """Raise the error that says why no folder can be made there, if none can: a file is in its way."""
    for place in (path, *path.parents):
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(f"{place} is a file; name a folder, which is made if there is none")


def parsed(line: str) -> Any:
    """Return the value of a line of JSON; ValueError says what is wrong with it."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        fault = f"{error.msg} at character {error.pos}"
    except ValueError as error:  # a number of thousands of digits
        fault = str(error)
    except RecursionError:
        fault = "brackets in brackets, too many to read"
    raise ValueError(f"is not JSON ({fault}); write one object {{...}} a line")


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file:line, object) of each line that is not blank; ValueError names a line that is none."""
    for number, line in read_lines(path):
        yield f"{path}:{number}", _object(f"{path}:{number}", line)


def _object(where: str, line: str) -> dict[str, Any]:
    try:
        row = parsed(line)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
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


def passages_beside(path: Path) -> dict[str, tuple[str, str]]:
    """Return title and text of the passages by id, of the corpus.jsonl beside a file; the errors name that file."""
    next(read_lines(path), None)
    if not (corpus := path.with_name("corpus.jsonl")).is_file():
        raise FileNotFoundError(f"{path} needs a corpus.jsonl beside it; there is none in {path.parent}")
    return read_passages(corpus)
