"""A document's blocks as the viewer shows them: grouped into lists, parted by pages, with the cited slice marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from corpus.document import Block, Document

NUMBERED = re.compile(r"[\w.()]*\d[\w.()]*|[a-z]{1,4}[.)]")


class Span(NamedTuple):
    """A slice of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text inside a block, cited or not."""

    text: str
    cited: bool = False
    first: bool = False  # the first cited piece of the page: links point here


@dataclass(frozen=True, slots=True)
class Line:
    """A block with its text in pieces."""

    kind: str
    start: int
    level: int
    pieces: tuple[Piece, ...]
    label: str  # what stands before a numbered item: "1."
    page: int | None  # set where a page begins


@dataclass(frozen=True, slots=True)
class Section:
    """A run of lines that share one element: a list, a table, or a single heading or paragraph."""

    kind: str
    lines: tuple[Line, ...]


def sections(document: Document, cited: Span | None = None) -> list[Section]:
    """Return the document in reading order, each list and each table in one section."""
    keyed = groupby(enumerate(lines(document, cited)), lambda pair: _group(*pair))
    return [Section(kind, tuple(line for _, line in run)) for (kind, _), run in keyed]


def _group(index: int, line: Line) -> tuple[str, int]:
    return (line.kind, -1 if line.kind in ("item", "row") else index)


def lines(document: Document, cited: Span | None = None) -> Iterator[Line]:
    """Yield each block of the document as a line."""
    previous, page = 0, None
    for block in document.blocks:
        now = document.page_at(block.start)
        label = document.text[previous : block.start].strip() if block.kind == "item" else ""
        marked = cited is not None and _first(document, block, cited)
        yield Line(
            block.kind,
            block.start,
            block.level,
            tuple(pieces(document.text, block, cited, marked)),
            label if NUMBERED.fullmatch(label) else "",
            now if now != page else None,
        )
        previous, page = block.end, now


def _first(document: Document, block: Block, cited: Span) -> bool:
    """Whether the cited slice begins in this block, or in the gap before it."""
    return next((b.start for b in document.blocks if b.end > cited.start), None) == block.start


def pieces(text: str, block: Block, cited: Span | None, first: bool = True) -> Iterator[Piece]:
    """Yield the block's text, parted where the cited slice begins and ends."""
    start, end = (block.start, block.start) if cited is None else (max(cited.start, block.start), cited.end)
    start = min(start, block.end)
    end = min(max(end, start), block.end)
    for piece in (
        Piece(text[block.start : start]),
        Piece(text[start:end], cited=True, first=first),
        Piece(text[end : block.end]),
    ):
        if piece.text:
            yield piece


def link_in(source: str) -> tuple[str, str]:
    """Return a document's source as (words, web address), either of which may be empty."""
    match = re.search(r"https?://\S+$", source)
    return (source[: match.start()].rstrip(" ,"), match[0]) if match else (source, "")
