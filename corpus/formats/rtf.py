"""Rich Text Format: its paragraphs and tables."""

import re
from collections.abc import Iterable

from striprtf.striprtf import rtf_to_text

from corpus.document import Extract, Part
from corpus.formats.plain import read_plain
from corpus.formats.table import table_parts

TABLE = re.compile(r"((?:^[^\n]*\|[ \t]*(?:\n+|\Z))+)", re.MULTILINE)  # the library ends each cell with a bar
TITLE = re.compile(rb"\\info\b.{0,2000}?\{\\title ([^{}]*)\}", re.DOTALL)


def read_rtf(data: bytes) -> Extract:
    """Return the parts of an RTF file; ValueError where it is none."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it is no .rtf file; open it in its program and save it again")
    title = TITLE.search(data)
    parts = tuple(part for run in TABLE.split(_text(data)) for part in _parts(run))
    return Extract(parts, {"title": _text(b"{\\rtf1 " + title[1] + b"}").strip()} if title else {})


def _parts(run: str) -> Iterable[Part]:
    """Return the parts of a table or of the text between two; a paragraph is one line, however long."""
    if TABLE.fullmatch(run):
        return table_parts([line.split("|") for line in run.splitlines() if line.strip("| ")])
    return read_plain(re.sub(r"\n+", "\n\n", run)).parts


def _text(data: bytes) -> str:
    return str(rtf_to_text(data.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
