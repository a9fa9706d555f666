"""Which notes no brief rests on.

    python -m eval coverage NOTES_DIR [--json]

A note is a text file that begins with lines such as `url: ...`, `publisher: ...` and `date: ...`, an empty line below
them. A brief rests on it when the brief's `sources` list that address, or, for a note without one, a page without
address of the same publisher and date.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.document import Reference
from corpus.guard import Reader
from index.originals import documents_in
from rag.settings import Settings

Key = tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Print the notes without a brief; 0 when there is none, else 1."""
    parser = argparse.ArgumentParser(prog="python -m eval coverage", description=__doc__.split("\n")[0])
    parser.add_argument("notes", type=Path, metavar="NOTES_DIR")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    known = notes(options.notes)
    uncovered = without_brief(known, references_in(Settings.load().corpus_dir))
    facts = {"notes": len(known), "without_brief": [path.name for path in uncovered]}
    lines = [f"{path}: {known[path].url or known[path].publisher}" for path in uncovered]
    lines.append(f"{len(uncovered)} of {len(known)} notes without a brief")
    sys.stdout.write((json.dumps(facts, indent=2) if options.json else "\n".join(lines)) + "\n")
    return 1 if uncovered else 0


def notes(folder: Path) -> dict[Path, Reference]:
    """Return the page of each note in a folder; ValueError names a file whose header tells none."""
    found = {path: _page(path) for path in sorted(folder.glob("*.txt"))}
    if not found:
        raise FileNotFoundError(f"{folder} holds no note (NAME.txt); name a folder that does")
    return found


def without_brief(notes: dict[Path, Reference], references: Iterable[Reference]) -> list[Path]:
    """Return the notes whose page is not among the references."""
    covered = {_key(reference) for reference in references}
    return [path for path, page in notes.items() if _key(page) not in covered]


def references_in(folder: Path) -> Iterator[Reference]:
    """Yield every page that a document of the folder lists; ValueError names a document that cannot be read."""
    with Reader() as reader:
        for id, path in documents_in(folder):
            yield from reader.read(path, id).references


def _page(path: Path) -> Reference:
    header = path.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    fields = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in header)}
    url, publisher = fields.get("url", ""), fields.get("publisher", "")
    if not (url or publisher):
        raise ValueError(f"{path} begins with neither `url: ...` nor `publisher: ...`; add one")
    return Reference(path.stem, publisher, fields.get("date", ""), url)


def _key(page: Reference) -> Key:
    """Return what two mentions of a page have in common."""
    if page.url:
        return (page.url.partition("://")[2].rstrip("/"),)
    return (page.publisher, page.date)
