"""Golden questions: what is asked, what a right answer holds, and where it stands."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from eval.rows import parsed, read_lines

FOLDER = Path(__file__).with_name("golden")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")  # but tabs and line ends

LANGUAGES = ("en", "zh")
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
    history: tuple[dict[str, str], ...]  # earlier turns: {"question", "answer"}, the answer may be missing
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
    found: dict[str, tuple[str, Case]] = {}
    for where, case in (one for path in chosen for one in _read(path)):
        if case.id in found:
            raise ValueError(f"{where}: the id {case.id!r} stands in {found[case.id][0]} too; give each its own")
        found[case.id] = where, case
    return [case for _, case in found.values()]


def _read(path: Path) -> Iterator[tuple[str, Case]]:
    for number, line in read_lines(path):
        try:
            yield f"{path}:{number}", replace(case_from(parsed(line)), set=path.stem)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from None


def case_from(row: Any) -> Case:
    """Return the case of a JSON object; ValueError says what is wrong with its first faulty field."""
    if faults := list(shape_faults(row)) or list(disagreements(row)):
        field, message = faults[0]
        raise ValueError(f"{field}: {message}")
    return Case(
        **{
            **row,
            "history": tuple(row["history"]),
            "facts": tuple(tuple(group) for group in row["facts"]),
            "evidence": tuple(Evidence(**item) for item in row["evidence"]),
            "forbidden": tuple(row["forbidden"]),
        }
    )


def shape_faults(row: Any) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong with it) for everything that keeps a JSON object from being a case."""
    if not isinstance(row, dict):
        yield "line", f"is {type(row).__name__}, not an object {{...}}"
        return
    for name in sorted(row.keys() - SHAPES.keys()):
        yield name, f"is no field; the fields are {', '.join(SHAPES)}"
    for name in [name for name in SHAPES if name not in row and name != "note"]:
        yield name, "is missing"
    for name, shape in SHAPES.items():
        if name in row and not shape.fits(row[name]):
            yield name, f"is {row[name]!r}; write {shape.example}"
        elif name in row and (found := CONTROL.search("\n".join(_texts(row[name])))):
            yield name, f"holds the control character U+{ord(found[0]):04X}; take it out"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def disagreements(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong with it) for fields of a case that do not go together."""
    if row["split"] != split_of(row["id"]):
        yield "split", f"of {row['id']!r} is {split_of(row['id'])!r} by its hash, not {row['split']!r}"
    if row["answerable"] and not row["facts"]:
        yield "facts", "are missing though the question is answerable; say what a right answer holds"
    for name in ("facts", "evidence"):
        if row[name] and not row["answerable"]:
            yield name, "must be [] where the documents do not hold the answer; take them out, or write answerable true"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field must look like."""

    fits: Callable[[Any], bool]
    example: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[\w-]+", value) is not None


def _all(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _is_turn(value: Any) -> bool:
    texts = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    return texts and _is_text(value.get("question")) and value.keys() <= {"question", "answer"}


def _is_evidence(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"document", "quote"} and all(map(_is_text, value.values()))


SHAPES = {
    "id": Shape(_is_id, '"single-fact-001", of letters, digits, - and _'),
    "question": Shape(_is_text, '"Where is it held?"'),
    "history": Shape(_all(_is_turn), '[] or [{"question": "...", "answer": "..."}]'),
    "category": Shape(_is_text, '"single_fact"'),
    "language": Shape(lambda value: value in LANGUAGES, '"en" or "zh"'),
    "split": Shape(lambda value: value in ("dev", "test"), '"dev" or "test", by the hash of the id'),
    "answerable": Shape(lambda value: isinstance(value, bool), "true or false"),
    "facts": Shape(
        _all(lambda group: bool(group) and _all(_is_text)(group)), '[["one way to say it", "another"], ...]'
    ),
    "evidence": Shape(_all(_is_evidence), '[{"document": "a.md", "quote": "Its sentence."}]'),
    "forbidden": Shape(_all(_is_text), '["must not be said"]'),
    "note": Shape(lambda value: isinstance(value, str), '""'),
}


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
