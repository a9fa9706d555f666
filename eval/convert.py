"""python -m eval convert: golden questions for a spreadsheet, and back.

    python -m eval convert core.jsonl core.csv
    python -m eval convert core.csv core.jsonl

A cell with several values has one on each line: facts as "one way | another way", evidence as "document: quote",
history as "Q: question" and "A: answer". An empty id or split is filled in.
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

BETWEEN = " | "
TURN = {"Q: ": "question", "A: ": "answer"}
TRUE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def to_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Return the cases as CSV; ValueError for a text that a cell cannot hold."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(SHAPES)
    for row in rows:
        case_from(row)
        writer.writerow(_cells(row).values())
    return out.getvalue()


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
        if "\n" in value:
            raise ValueError(f"{value!r} holds a line break, which parts values in a cell; reword it")
    return "\n".join(listed)


def from_csv(text: str) -> list[dict[str, Any]]:
    """Return the cases of a CSV; ValueError names the row and the column."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    if missing := SHAPES.keys() - set(reader.fieldnames or ()) - {"id", "split", "note", "history", "forbidden"}:
        raise ValueError(f"the column {min(missing)!r} is missing; the columns are {', '.join(SHAPES)}")
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(reader, 2):
        try:
            rows.append(_row(cells, {row["id"] for row in rows}))
            case_from(rows[-1])
        except ValueError as error:
            raise ValueError(f"row {number}: {error}") from None
    return rows


def _row(cells: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    cell = {name: (cells.get(name) or "").strip() for name in SHAPES}
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
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _turns(lines: Iterable[str]) -> list[dict[str, str]]:
    turns: list[dict[str, str]] = []
    for line in lines:
        name = TURN.get(line[:3])
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
    return {"document": document, "quote": quote}


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
    if not options.source.is_file():
        raise FileNotFoundError(f"there is no file {options.source}; the golden files are in {FOLDER}")
    try:
        text, count = _converted(options.source)
    except ValueError as error:
        raise ValueError(f"{options.source}: {error}") from None
    options.target.write_bytes(text.encode("utf-8-sig" if kinds[1] == ".csv" else "utf-8"))
    sys.stdout.write(f"{count} questions written to {options.target}\n")
    return 0


def _converted(source: Path) -> tuple[str, int]:
    text = source.read_text(encoding="utf-8-sig")
    if source.suffix.lower() == ".csv":
        rows = from_csv(text)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), len(rows)
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    return to_csv(rows), len(rows)
