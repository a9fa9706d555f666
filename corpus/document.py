"""A document: one plain text, its metadata, and the structure that was found in it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

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
class Reference:
    """A page that a document rests on."""

    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""

    def __str__(self) -> str:
        """Return the reference on one line."""
        return ", ".join(filter(None, (self.title, self.publisher, self.date, self.url)))


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
    event_date: str = ""  # day of what it is about, or "first/last"; `date` is when it was published
    edition: str = ""  # year of the edition it is about: "2025"
    references: tuple[Reference, ...] = ()  # the pages it rests on

    @property
    def outline(self) -> tuple[Heading, ...]:
        """Headings in reading order."""
        return tuple(Heading(self.text[b.start : b.end], b.level, b.start) for b in self.blocks if b.kind == "heading")

    @property
    def year(self) -> str:
        """The year it is about: of its edition, its event or its publication; "" where nobody says."""
        return (self.edition or self.event_date or self.date)[:4]

    def page_at(self, offset: int) -> int | None:
        """1-based number of the page that holds `offset`, or None where the format has no pages."""
        return sum(start <= offset for start in self.pages) or None


def as_plain(document: Document) -> dict[str, Any]:
    """Return a document as plain data for JSON."""
    values = {field.name: getattr(document, field.name) for field in fields(document)}
    return values | {
        "blocks": [(block.kind, block.start, block.end, block.level) for block in document.blocks],
        "origins": dict(document.origins),
        "references": [asdict(reference) for reference in document.references],
    }


def from_plain(values: Mapping[str, Any]) -> Document:
    """Return the document that `as_plain` described."""
    return Document(
        **{
            **values,
            "blocks": tuple(Block(*block) for block in values["blocks"]),
            "pages": tuple(values["pages"]),
            "references": tuple(Reference(**reference) for reference in values["references"]),
        }
    )


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
