"""python -m eval convert: golden questions for a spreadsheet, and back.

    python -m eval convert core.jsonl core.csv
    python -m eval convert core.csv core.jsonl

A cell with several values has one on each line: facts as "one way | another way", evidence as "document: quote",
history as "Q: question" and "A: answer". An empty id or split is filled in. What would come back as something else is
refused.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from eval.golden import FOLDER, SHAPES, case_from, split_of
from eval.plural import counted
from eval.rows import place_to_write, read_rows, read_text

BETWEEN = " | "
TURN = {"Q: ": "question", "A: ": "answer"}
ONE_WORD = ("id", "category", "language", "split", "answerable")  # blanks around them mean nothing
TRUE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def to_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Return the cases as CSV; ValueError for a text that a cell cannot hold."""
    return _table(map(cells_of, rows))


def _table(rows: Iterable[dict[str, str]]) -> str:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(SHAPES)
    writer.writerows(cells.values() for cells in rows)
    return out.getvalue()


def cells_of(row: dict[str, Any]) -> dict[str, str]:
    """Return the cells of a case by column; ValueError if it is none, or would not come back from them as it is."""
    case_from(row)
    cells = _cells(row)
    back = _row(cells, set())
    for name, value in row.items():
        if back[name] != value:
            raise ValueError(f"{name}: {value!r} would come back from a cell as {back[name]!r}; reword it")
    return cells


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(row.get(name, "")) for name in SHAPES} | {
        "history": _lines(
            f"{key}{turn[name]}" for turn in row["history"] for key, name in TURN.items() if name in turn
        ),
        "answerable": "yes" if row["answerable"] else "no",
        "facts": _lines(BETWEEN.join(map(_alternative, group)) for group in row["facts"]),
        "evidence": _lines(f"{item['document']}: {item['quote']}" for item in row["evidence"]),
        "forbidden": _lines(row["forbidden"]),
    }


def _alternative(text: str) -> str:
    if BETWEEN in text:
        raise ValueError(f"{text!r} holds {BETWEEN!r}, which parts alternatives in a cell; reword it")
    return text


def _lines(values: Iterable[str]) -> str:
    listed = list(values)
    for value in listed:
        if "\n" in value or value.endswith("\r"):
            raise ValueError(f"{value!r} holds a line break, which parts values in a cell; reword it")
    return "\n".join(listed)


def from_csv(text: str) -> list[dict[str, Any]]:
    """Return the cases of a CSV; ValueError names the row and the column."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    if missing := SHAPES.keys() - set(reader.fieldnames or ()) - {"id", "split", "note", "history", "forbidden"}:
        raise ValueError(f"the column {min(missing)!r} is missing; the columns are {', '.join(SHAPES)}")
    rows: list[dict[str, Any]] = []
    try:
        for cells in reader:
            row = _row(cells, {row["id"] for row in rows})
            case_from(row)
            rows.append(row)
    except (ValueError, csv.Error) as error:
        raise ValueError(f"row {len(rows) + 2}: {error}") from None
    return rows


def _row(cells: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    cell = {name: cells.get(name) or "" for name in SHAPES}
    cell |= {name: cell[name].strip() for name in ONE_WORD}
    if cell["answerable"].lower() not in TRUE:
        raise ValueError(f"answerable: is {cell['answerable']!r}; write yes or no")
    id = cell["id"] or next_id(cell["category"], taken)
    return cell | {
        "id": id,
        "history": _turns(_values(cell["history"])),
        "split": cell["split"] or split_of(id),
        "answerable": TRUE[cell["answerable"].lower()],
        "facts": [re.split(r"\s+\|\s+", line) for line in _values(cell["facts"])],
        "evidence": [_evidence(line) for line in _values(cell["evidence"])],
        "forbidden": _values(cell["forbidden"]),
    }


def _values(cell: str) -> list[str]:
    return [line.removesuffix("\r") for line in cell.split("\n") if line.strip()]


def _turns(lines: Iterable[str]) -> list[dict[str, str]]:
    turns: list[dict[str, str]] = []
    for line in map(str.lstrip, lines):
        name = TURN.get(f"{line} "[:3])
        if name is None or (name == "answer" and not turns):
            raise ValueError(f"history: {line!r} is neither 'Q: question' nor an 'A: answer' after one")
        if name == "question":
            turns.append({})
        turns[-1][name] = line[3:]
    return turns


def _evidence(line: str) -> dict[str, str]:
    document, found, quote = line.partition(": ")
    if not found:
        raise ValueError(f"evidence: {line!r} is not 'document: quote'")
    return {"document": document.strip(), "quote": quote}


def next_id(category: str, taken: Iterable[str]) -> str:
    """Return an id that is not taken: the category and the next number."""
    stem = category.replace("_", "-") or "question"
    numbers = [int(match[1]) for id in taken if (match := re.fullmatch(rf"{re.escape(stem)}-(\d+)", id))]
    return f"{stem}-{max(numbers, default=0) + 1:03}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the golden questions of one file in the format of the other's name."""
    parser = argparse.ArgumentParser(prog="python -m eval convert", description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path, metavar="IN", help="a .jsonl or .csv file")
    parser.add_argument("target", type=Path, metavar="OUT", help="the other one of .jsonl and .csv")
    options = parser.parse_args(arguments)
    kinds = (options.source.suffix.lower(), options.target.suffix.lower())
    if set(kinds) != {".jsonl", ".csv"}:
        parser.error(f"from {kinds[0] or 'no ending'!r} to {kinds[1] or 'no ending'!r}: one must be .jsonl, one .csv")
    if not options.source.exists():
        raise FileNotFoundError(f"there is no file {options.source}; the golden files are in {FOLDER}")
    place_to_write(options.target)
    text, count = _from_csv(options.source) if kinds[0] == ".csv" else _from_jsonl(options.source)
    if not count:
        raise ValueError(f"{options.source} holds no question; nothing was written")
    options.target.write_bytes(text.encode("utf-8-sig" if kinds[1] == ".csv" else "utf-8"))
    sys.stdout.write(f"{counted(count, 'question')} written to {options.target}\n")
    return 0


def _from_csv(source: Path) -> tuple[str, int]:
    text = read_text(source)
    try:
        rows = from_csv(text)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), len(rows)


def _from_jsonl(source: Path) -> tuple[str, int]:
    rows = []
    for where, row in read_rows(source):
        try:
            rows.append(cells_of(row))
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    return _table(rows), len(rows)
