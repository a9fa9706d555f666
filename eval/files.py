"""How well real files become documents: python -m eval files DIR [--json]

Every file below DIR is read as the desk reads it. Where docling's layout puts an expected Markdown beside the sources
(FORMAT/sources/NAME and FORMAT/groundtruth/NAME.md), its words are compared as multisets; where a folder is named after
a charset (encodings/Big5/NAME), the decoded text is compared with what that charset makes of the bytes.
"""

import argparse
import codecs
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from corpus.document import Document, Part
from corpus.encoding import declared_charset, decode
from corpus.formats.markdown import read_markdown, words_in
from corpus.guard import Limits, Reader, Unreadable

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
DECODED = {".txt", ".csv", ".html", ".htm", ".xml", ".md"}


@dataclass(frozen=True, slots=True)
class Scores:
    """How a text compares with the Markdown that was expected: F1, 0..1, None where neither has any."""

    words: float | None = None  # of the whole text against the Markdown without its markup, column names once
    body: float | None = None  # of paragraphs and items
    cells: float | None = None  # table cells with the names of their columns
    headings: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: str
    format: str
    reason: str  # "" where the file is indexed
    seconds: float
    characters: int = 0
    scores: Scores | None = None  # None where no Markdown is expected
    decoded: bool | None = None  # whether the text has the right characters


def main(arguments: list[str]) -> int:
    """Run the command; 0 when done, 1 when DIR is no folder."""
    parser = argparse.ArgumentParser(prog="python -m eval files", description=__doc__.split("\n")[0])
    parser.add_argument("dir", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="every file's outcome as JSON")
    parser.add_argument(
        "--seconds", type=float, default=Limits().seconds, help="limit for one file (default %(default)g)"
    )
    options = parser.parse_args(arguments)
    if not options.dir.is_dir():
        sys.stderr.write(f"{options.dir} is no folder; name one that holds files\n")
        return 1
    outcomes = list(measure(options.dir, Limits(seconds=options.seconds)))
    sys.stdout.write(as_json(outcomes) if options.json else as_table(outcomes))
    return 0


def measure(folder: Path, limits: Limits) -> Iterator[Outcome]:
    """Yield the outcome of every file below a folder, expected Markdown aside."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and "groundtruth" not in p.parts)
    with Reader(limits) as reader:
        for path in paths:
            yield _outcome(reader, path, str(path.relative_to(folder)))


def _outcome(reader: Reader, path: Path, name: str) -> Outcome:
    start = time.perf_counter()
    document: Document | None = None
    reason = ""
    try:
        document = reader.read(path, name)
    except Unreadable as error:
        reason = str(error)
    seconds = round(time.perf_counter() - start, 3)
    characters = len(document.text) if document else 0
    expected = _expected(path)
    scores = fidelity(document, expected.read_text(encoding="utf-8")) if expected else None
    return Outcome(name, path.suffix.lower() or "(none)", reason, seconds, characters, scores, _decoded(path))


def _expected(path: Path) -> Path | None:
    folder = path.parent.parent / "groundtruth"
    candidates = (folder / f"{path.name}.md", folder / f"{path.stem}.md")
    return next((c for c in candidates if path.parent.name == "sources" and c.is_file()), None)


def _decoded(path: Path) -> bool | None:
    """Compare with the charset that the folder is named after; None where it is not named after one."""
    try:
        charset = codecs.lookup(path.parent.name).name
        if path.suffix.lower() not in DECODED:
            return None
        data = path.read_bytes()
        return decode(data, declared_charset(data)).lstrip("\ufeff") == data.decode(charset).lstrip("\ufeff")
    except (LookupError, UnicodeError):
        return None


def fidelity(document: Document | None, markdown: str) -> Scores:
    """Return the scores of a document against the Markdown that was expected; a file that failed has found nothing."""
    expected = read_markdown(markdown).parts
    found = [Part(b.kind, document.text[b.start : b.end]) for b in document.blocks] if document else []
    return Scores(
        words=f1(_whole(found), Counter(words(words_in(markdown)))),
        body=f1(_body(found), _body(expected)),
        cells=f1(_cells(found), _cells(expected)),
        headings=f1(_headings(found), _headings(expected)),
    )


def words(text: str) -> list[str]:
    """Return the words in lower case, a Chinese or Japanese character being one."""
    return WORD.findall(text.lower())


def f1(found: Counter[str], expected: Counter[str]) -> float | None:
    """Return 2PR / (P + R) of two multisets, None where both are empty."""
    total = found.total() + expected.total()
    return 2 * (found & expected).total() / total if total else None


def _whole(parts: Sequence[Part]) -> Counter[str]:
    """Count all words, but a column's name, which every row repeats, once for each table."""
    counts: Counter[str] = Counter()
    names: set[str] = set()
    for part in parts:
        if part.kind != "row":
            names = set()
            counts.update(words(part.text))
            continue
        for cell in part.text.split("; "):
            name, _, value = cell.rpartition(": ")
            counts.update(words(value if name in names else cell))
            names.add(name)
    return counts


def _body(parts: Iterable[Part]) -> Counter[str]:
    return Counter(word for part in parts if part.kind in ("paragraph", "item") for word in words(part.text))


def _cells(parts: Iterable[Part]) -> Counter[str]:
    cells = (cell for part in parts if part.kind == "row" for cell in part.text.split("; "))
    return Counter(key for cell in cells if (key := " ".join(words(cell))))


def _headings(parts: Iterable[Part]) -> Counter[str]:
    return Counter(key for part in parts if part.kind == "heading" if (key := " ".join(words(part.text))))


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Return all outcomes and their summary as JSON."""
    return json.dumps({"summary": summary(outcomes), "files": [asdict(o) for o in outcomes]}, indent=1) + "\n"


def summary(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float | int | None]]:
    """Return counts, times and mean scores for each format and for `total`."""
    formats = sorted({o.format for o in outcomes})
    groups = {name: [o for o in outcomes if o.format == name] for name in formats}
    return {name: _row(group) for name, group in {**groups, "total": list(outcomes)}.items()}


def _row(group: Sequence[Outcome]) -> dict[str, float | int | None]:
    scores = [o.scores for o in group if o.scores is not None]
    decoded = [o.decoded for o in group if o.decoded is not None]
    return {
        "files": len(group),
        "indexed": sum(not o.reason for o in group),
        "failed": sum(bool(o.reason) for o in group),
        "seconds": round(sum(o.seconds for o in group), 1),
        "slowest": max((o.seconds for o in group), default=0.0),
        "compared": len(scores),
        **{
            name: _mean([v for s in scores if (v := getattr(s, name)) is not None])
            for name in (field.name for field in fields(Scores))
        },
        "decoded": _mean(decoded),
    }


def _mean(values: Sequence[float | bool]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None


def as_table(outcomes: Sequence[Outcome]) -> str:
    """Return the summary as a table, then how often each reason for a failure occurs."""
    rows = summary(outcomes)
    columns = list(rows["total"])
    lines = ["".join([f"{'format':<10}", *(f"{c:>10}" for c in columns)])]
    for name, row in rows.items():
        lines.append("".join([f"{name:<10}", *(f"{'-' if row[c] is None else row[c]:>10}" for c in columns)]))
    reasons = Counter((o.format, _kind(o.reason)) for o in outcomes if o.reason)
    lines += ["", "failed, with reason:"]
    lines += [f"{count:>5}  {name:<8} {reason}" for (name, reason), count in sorted(reasons.items())]
    return "\n".join(lines) + "\n"


def _kind(reason: str) -> str:
    """Return a reason without what belongs to one file only, so that equal ones can be counted."""
    return re.sub(r"\d[\d,.]*", "N", re.sub(r"\(.*\)", "(...)", reason))
