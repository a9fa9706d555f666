"""python -m eval feedback: list what people said of answers, and turn what was wrong into golden cases to complete.

    python -m eval feedback                          newest first
    python -m eval feedback --rating down --json
    python -m eval feedback --cases cases.jsonl      a golden case of each thumb down that the file does not hold yet

A case is written with the question, and with the facts and the evidence empty: somebody who knows completes it.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.golden import split_of
from eval.plural import counted
from eval.rows import folder_to_write, read_rows
from rag.settings import Settings

TODO = "complete: facts and evidence of a right answer, or answerable false; then drop this note"


@dataclass(frozen=True, slots=True)
class Rating:
    """A thumb with its comment, and the answer that it is about."""

    id: str
    created: str  # ISO 8601, UTC
    rating: str  # "up" or "down"
    comment: str
    question: str
    answer: dict[str, Any]  # the Answer as JSON
    corpus_version: str


def main(arguments: Sequence[str] | None = None) -> int:
    """List feedback, or write cases; 0 done."""
    options = _parser().parse_args(arguments)
    if options.cases:
        _check(options.cases)
    ratings = read(Settings.load().data_dir / "feedback.sqlite3")
    wanted = [r for r in ratings if options.rating in (None, r.rating)]
    if options.cases:
        written = write_cases([r for r in wanted if r.rating == "down"], options.cases)
        sys.stdout.write(f"{counted(written, 'case')} added to {options.cases}; {TODO.split(';')[0]}\n")
    elif options.json:
        sys.stdout.write(json.dumps([asdict(r) for r in wanted], ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join([*map(line, wanted), summary(wanted)]) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval feedback", description="What people said of answers.")
    parser.add_argument("--rating", choices=("up", "down"), help="only these")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--cases", type=Path, metavar="FILE.jsonl", help="add a golden case for each thumb down")
    return parser


def _check(path: Path) -> None:
    """Raise the error that says why cases cannot be added there, if they cannot."""
    folder_to_write(path.parent)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file in it")
    if path.suffix != ".jsonl":
        raise ValueError(f"{path} is no .jsonl file; golden questions stand in such")
    for _ in read_rows(path) if path.exists() else ():
        pass


def read(path: Path) -> list[Rating]:
    """Return all feedback, newest first; none where nobody gave any yet."""
    if not path.is_file():
        return []
    columns = "id, created, rating, comment, question, answer, corpus_version"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT {columns} FROM feedback ORDER BY created DESC, id").fetchall()
    return [
        Rating(id, created, rating, comment, question, json.loads(answer), version)
        for id, created, rating, comment, question, answer, version in rows
    ]


def line(rating: Rating) -> str:
    """Return one rating for a terminal."""
    said = f"\n    {_one_line(rating.comment)}" if rating.comment else ""
    head = f"{rating.created[:10]} {rating.rating:4} {rating.answer['state']:13} {_one_line(rating.question)}"
    return f"{head}{said}\n    {_one_line(rating.answer['answer'])[:200]}"


def summary(ratings: Sequence[Rating]) -> str:
    """Return how many were good and how many bad."""
    up = sum(r.rating == "up" for r in ratings)
    return f"{counted(len(ratings), 'rating')}: {up} up, {len(ratings) - up} down"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def write_cases(ratings: Sequence[Rating], path: Path) -> int:
    """Add a case to complete for each rating that the file does not hold yet; return how many were added."""
    held = {row.get("id") for _, row in read_rows(path)} if path.is_file() else set()
    new = [case for rating in ratings if (case := case_of(rating))["id"] not in held]
    path.parent.mkdir(parents=True, exist_ok=True)
    unended = path.is_file() and path.read_bytes()[-1:] not in (b"", b"\n")
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n" if unended and new else "")
        file.writelines(json.dumps(case, ensure_ascii=False) + "\n" for case in new)
    return len(new)


def case_of(rating: Rating) -> dict[str, Any]:
    """Return the golden case of a wrong answer: what was asked, with what a right answer holds left open."""
    id = f"feedback-{rating.id[:12]}"
    return {
        "id": id,
        "question": rating.answer["standalone_question"] or rating.question,
        "history": [],
        "category": "feedback",
        "language": rating.answer["language"],
        "split": split_of(id),
        "answerable": True,
        "facts": [],
        "evidence": [],
        "forbidden": [],
        "note": f"{TODO} | said: {rating.comment or '-'} | answered: {rating.answer['answer'][:300]}",
    }
