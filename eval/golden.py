"""Golden questions: what is asked, what a right answer holds, and where it stands."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).with_name("golden")

Split = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a document that the answer rests on, found again by its words."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One golden question."""

    id: str
    question: str
    history: tuple[dict[str, str], ...]  # earlier turns: {"question", "answer"}
    category: str
    language: str
    split: Split
    answerable: bool
    facts: tuple[tuple[str, ...], ...]  # of each group one alternative must stand in the answer
    evidence: tuple[Evidence, ...]
    forbidden: tuple[str, ...]  # must not stand in the answer
    note: str = ""
    set: str = ""  # name of the file it came from


def load(paths: Iterable[Path] = ()) -> list[Case]:
    """Return the cases of the files, or of all shipped ones; ValueError names file, line and field."""
    chosen = list(paths) or sorted(FOLDER.glob("*.jsonl"))
    cases = [case for path in chosen for case in _read(path)]
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise ValueError(f"the id {case.id!r} stands twice; give each question its own")
        seen.add(case.id)
    return cases


def _read(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield replace(case_from(json.loads(line)), set=path.stem)
            except (ValueError, TypeError, KeyError) as error:
                raise ValueError(f"{path}:{number}: {error}") from None


def case_from(row: dict[str, Any]) -> Case:
    """Return the case of a JSON object; ValueError or TypeError if a field is missing, unknown or of another type."""
    names = {field.name for field in fields(Case)} - {"set"}
    if unknown := row.keys() - names:
        raise ValueError(f"unknown field {sorted(unknown)[0]!r}; the fields are {', '.join(sorted(names))}")
    if missing := names - row.keys() - {"note"}:
        raise ValueError(f"the field {min(missing)!r} is missing")
    case = Case(
        **{
            **row,
            "history": tuple(row["history"]),
            "facts": tuple(tuple(group) for group in row["facts"]),
            "evidence": tuple(Evidence(**item) for item in row["evidence"]),
            "forbidden": tuple(row["forbidden"]),
        }
    )
    if case.split != split_of(case.id):
        raise ValueError(f"split of {case.id!r} is {split_of(case.id)!r} by its hash, not {case.split!r}")
    if case.answerable and not case.facts:
        raise ValueError(f"{case.id!r} is answerable but has no facts; say what a right answer holds")
    return case


def split_of(id: str) -> Split:
    """Return the half a question belongs to, by the hash of its id."""
    return "test" if int(hashlib.sha256(id.encode()).hexdigest(), 16) % 2 else "dev"


def holds(text: str, wanted: str) -> bool:
    """Return whether `wanted` stands in the text, whatever the case, width and spacing; numbers only whole."""
    haystack, needle = _plain(text), _plain(wanted)
    before = r"(?<![\d.,])" if needle[:1].isdigit() else ""
    after = r"(?![\d]|[.,]\d)" if needle[-1:].isdigit() else ""
    return re.search(before + re.escape(needle) + after, haystack) is not None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join(re.sub(r"[’‘]", "'", re.sub(r"[“”]", '"', folded)).split())
