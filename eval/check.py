"""python -m eval check: every fault of golden files at once, by line and field.

python -m eval check [FILE...]        default: eval/golden/*.jsonl; needs the index, but no model
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from eval.categories import categories, category
from eval.config import golden_files
from eval.evidence import Texts, find_quote
from eval.golden import FOLDER, disagreements, holds, shape_faults
from eval.plural import counted
from eval.rows import parsed, read_lines
from index.records import Records
from index.store import generation_folder, searchable_generation
from rag.cite import NUMBER
from rag.settings import Settings

ALIKE = 92.0  # of 100: two questions with the same numbers that are so similar ask the same
ENOUGH = 8  # questions of a category, before its halves are compared
LEAST_SHARE = 0.25  # of a category, in its smaller half


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a golden file, and where."""

    path: Path
    line: int  # 1-based
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a golden file that is a case."""

    path: Path
    line: int
    fields: dict[str, Any]

    @property
    def place(self) -> str:
        """Where it stands and its name."""
        return f"{self.path.name}:{self.line} ({self.fields['id']})"

    def fault(self, field: str, message: str) -> Fault:
        """Return a fault of this line."""
        return Fault(self.path, self.line, field, message)


def check(paths: Iterable[Path], texts: Texts) -> tuple[int, list[Fault]]:
    """Return the number of lines that are cases and every fault of the files; `texts` gives a document's text."""
    rows: list[Row] = []
    lines = [(path, list(read_lines(path))) for path in paths]
    faults = [Fault(path, 1, "file", "holds no question; write one object {...} a line") for path, e in lines if not e]
    for path, line, text in ((path, *numbered) for path, each in lines for numbered in each):
        fields, found = _parsed(text)
        faults += [Fault(path, line, field, message) for field, message in found]
        if not found:
            rows.append(Row(path, line, fields))
    for row in rows:
        faults += [row.fault(field, message) for field, message in _content(row.fields, texts)]
    faults += [*_same_id(rows), *_alike(rows), *_unbalanced(rows)]
    return len(rows), sorted(faults, key=lambda fault: (str(fault.path), fault.line, fault.field))


def _parsed(text: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    try:
        row = parsed(text)
    except ValueError as error:
        return {}, [("line", str(error))]
    return row, list(shape_faults(row))


def _content(row: dict[str, Any], texts: Texts) -> Iterator[tuple[str, str]]:
    """Yield what the documents, the list of categories and its own fields say against a case."""
    yield from disagreements(row)
    if row["category"] not in categories():
        yield "category", f"{row['category']!r} is none of {', '.join(categories())}"
    if row["answerable"] and not category(row["category"]).answerable:
        yield "answerable", f"is true, but the documents answer no question of {row['category']!r}"
    if row["answerable"] and not row["evidence"]:
        yield "evidence", "is missing though the question is answerable"
    for item in row["evidence"]:
        if fault := _evidence_fault(item, texts):
            yield "evidence", fault
    quotes = " ".join(item["quote"] for item in row["evidence"])
    for group in row["facts"] if quotes else []:
        if not any(holds(quotes, alternative) for alternative in group):
            yield "facts", f"{' | '.join(group)!r} stands in no quote of the evidence"
    for text in row["forbidden"]:
        if any(holds(alternative, text) for group in row["facts"] for alternative in group):
            yield "forbidden", f"{text!r} is part of a fact that the answer must hold"


def _evidence_fault(item: dict[str, str], texts: Texts) -> str:
    text = texts(item["document"])
    if text is None:
        return f"there is no document {item['document']!r}; `python -m index list` shows which there are"
    if find_quote(text, item["quote"]) is None:
        return f"{item['quote']!r} does not stand in {item['document']}"
    return ""


def _same_id(rows: Sequence[Row]) -> Iterator[Fault]:
    for first, *others in _by(rows, "id").values():
        for row in others:
            yield row.fault("id", f"{row.fields['id']!r} stands already in {first.place}; give each question its own")


def _alike(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a fault of each question that an earlier one asks too: word for word, or nearly."""
    asked = [(row, " ".join(row.fields["question"].lower().split())) for row in rows]
    for (first, one), (second, other) in combinations(asked, 2):
        if first.fields["history"] != second.fields["history"] or abs(len(one) - len(other)) > 0.2 * len(one):
            continue
        if one == other:
            yield second.fault("question", f"is asked already in {first.place}")
        elif sorted(NUMBER.findall(one)) == sorted(NUMBER.findall(other)) and fuzz.ratio(one, other) >= ALIKE:
            yield second.fault("question", f"nearly the same is asked in {first.place}: {first.fields['question']!r}")


def _unbalanced(rows: Sequence[Row]) -> Iterator[Fault]:
    for name, group in _by(rows, "category").items():
        dev = sum(row.fields["split"] == "dev" for row in group)
        if len(group) >= ENOUGH and min(dev, len(group) - dev) < LEAST_SHARE * len(group):
            halves = f"{dev} questions in dev and {len(group) - dev} in test"
            yield group[-1].fault("category", f"{name!r} is unbalanced: {halves}; add some, or choose other ids")


def _by(rows: Iterable[Row], field: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.fields[field]].append(row)
    return groups


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every fault; 0 if there is none, else 1."""
    parser = argparse.ArgumentParser(prog="python -m eval check", description="Report every fault of golden files.")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: eval/golden/*.jsonl")
    options = parser.parse_args(arguments)
    files = golden_files(options.files, FOLDER)
    settings = Settings.load()
    generation, _ = searchable_generation(settings.index_dir, settings.embedding_model)
    with closing(Records(generation_folder(settings.index_dir, generation) / "records.sqlite3")) as records:
        count, faults = check(files, lambda id: document.text if (document := records.document(id)) else None)
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    among = f"{counted(count, 'question')} in {counted(len(files), 'file')}"
    sys.stdout.write(f"{among}, {counted(len(faults), 'fault')}\n")
    return 1 if faults else 0
