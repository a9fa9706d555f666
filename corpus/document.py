"""A document: one plain text, its metadata, and the structure that was found in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]
TIGHT = ("item", "row")  # blocks that follow each other without an empty line


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file in reading order, before it has a place in a document's text."""

    kind: BlockKind
    text: str
    level: int = 0  # heading: 1..6; item: depth of nesting from 0
    page: int | None = None  # 1-based; None where the format has no pages
    mark: str = "- "  # what stands before an item: "- ", "1. "


@dataclass(frozen=True, slots=True)
class Extract:
    """What a format's reader found in one file: its parts and the metadata it carries itself."""

    parts: tuple[Part, ...]
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row: the slice `text[start:end]` of its document."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of a document's outline."""

    title: str
    level: int  # 1..6
    start: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its metadata. Every offset in the product points into `text`."""

    id: str  # path below its folder, with "/" between names
    title: str
    publisher: str  # "" where nobody says
    date: str  # ISO 8601: "2024-05-24", "2024-05", "2024" or ""
    kind: str
    language: str  # ISO 639-1, or "" where undecided
    program: str
    source: str  # what a reader can open or look up: an address, or title and publisher of the original
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...] = ()  # offset at which each page begins; empty where the format has no pages
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # metadata field -> where from

    @property
    def outline(self) -> tuple[Heading, ...]:
        """Headings in reading order."""
        return tuple(Heading(self.text[b.start : b.end], b.level, b.start) for b in self.blocks if b.kind == "heading")

    def page_at(self, offset: int) -> int | None:
        """1-based number of the page that holds `offset`, or None where the format has no pages."""
        return sum(start <= offset for start in self.pages) or None


@dataclass(frozen=True, slots=True)
class Layout:
    """Parts joined into one text, with the places where they ended up."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[int, ...]


def lay_out(parts: Iterable[Part]) -> Layout:
    """Join parts into one text: an empty line between blocks, none between items or rows of one run."""
    pieces: list[str] = []
    blocks: list[Block] = []
    pages: list[int] = []
    position = 0

    def write(piece: str) -> None:
        nonlocal position
        pieces.append(piece)
        position += len(piece)

    for part in parts:
        if not part.text.strip():
            continue
        if blocks:
            tight = part.kind in TIGHT and blocks[-1].kind == part.kind
            write("\n" if tight else "\n\n")
        while part.page is not None and len(pages) < part.page:
            pages.append(position)
        if part.kind == "item":
            write("  " * part.level + part.mark)
        text = part.text.strip()
        blocks.append(Block(part.kind, position, position + len(text), part.level))
        write(text)
    return Layout("".join(pieces), tuple(blocks), tuple(pages))
