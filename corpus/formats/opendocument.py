"""OpenDocument texts, presentations and spreadsheets, as LibreOffice and OpenOffice write them."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpus.document import Extract, Part
from corpus.formats.html import iso_date
from corpus.formats.numbering import whole
from corpus.formats.properties import language, own_title
from corpus.formats.sheet import sheet_parts
from corpus.formats.table import Grid, table_parts

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
Element = Any  # lxml's element
REPEATS = 1_000  # a sheet repeats its empty cells to the edge of the page; nobody repeats text that often
TITLES = {"Title": 1, "Subtitle": 2}


def q(name: str) -> str:
    """Return `text:p` in lxml's notation."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


LEFT_OUT = {
    *map(q, ("text:tracked-changes", "office:annotation", "presentation:notes", "office:forms", "table:shapes")),
    *map(q, ("text:sequence-decls", "text:variable-decls", "style:header", "style:footer")),
}
SPACES = {q("text:s"), q("text:tab"), q("text:line-break")}
BOXES = (q("draw:text-box"), q("table:table"), q("text:p"), q("text:h"), q("text:list"))


def read_opendocument(data: bytes) -> Extract:
    """Return the parts and metadata of a .odt, .odp or .ods."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = etree.fromstring(package.read("content.xml"), parser)
        names = package.namelist()
        meta = etree.fromstring(package.read("meta.xml"), parser) if "meta.xml" in names else None
    walk = Walk(dict(_parents(content)), set(_numbered(content)))
    parts = [part for body in content.iterfind(f"{q('office:body')}/*") for part in walk.blocks(body)]
    return Extract((*parts, *walk.notes), {} if meta is None else _metadata(meta))


def _parents(content: Element) -> Iterator[tuple[str, str]]:
    for style in content.iter(q("style:style")):
        yield style.get(q("style:name"), ""), style.get(q("style:parent-style-name"), "")


def _numbered(content: Element) -> Iterator[str]:
    """Yield the names of list styles whose first level is numbered."""
    for style in content.iter(q("text:list-style")):
        first = next((e for e in style if e.get(q("text:level")) == "1"), None)
        if first is not None and first.tag == q("text:list-level-style-number"):
            yield style.get(q("style:name"), "")


def _metadata(meta: Element) -> dict[str, str]:
    def first(name: str) -> str:
        return str(meta.findtext(f".//{q(name)}", "") or "")

    values = {
        "title": own_title(first("dc:title")),
        "date": iso_date(first("dc:date") or first("meta:creation-date")),
        "language": language(first("dc:language")),
    }
    return {name: value for name, value in values.items() if value}


@dataclass(slots=True)
class Walk:
    """One pass over a document in reading order."""

    parents: dict[str, str]  # automatic style -> the named style that it varies
    numbered: set[str]  # list styles with numbers
    notes: list[Part] = field(default_factory=list)  # footnotes, read below the text
    page: int | None = None  # of the open slide

    def blocks(self, container: Element) -> Iterator[Part]:
        """Yield the parts of a body, section, slide, frame or cell."""
        for child in container:
            match child.tag:
                case tag if tag in LEFT_OUT or not isinstance(tag, str):
                    continue
                case tag if tag in (q("text:p"), q("text:h")):
                    yield from self.paragraph(child)
                case tag if tag == q("text:list"):
                    yield from self.items(child, 0, False)
                case tag if tag == q("table:table"):
                    yield from self.table(child, sheet=container.tag == q("office:spreadsheet"))
                case tag if tag == q("draw:page"):
                    self.page = (self.page or 0) + 1
                    yield from self.slide(child)
                case _:
                    yield from self.blocks(child)

    def slide(self, slide: Element) -> Iterator[Part]:
        """Yield a slide's title first, wherever it stands among the frames."""
        titles = [f for f in slide if f.get(q("presentation:class")) == "title"]
        for frame in titles:
            yield Part("heading", " ".join(p.text for p in self.blocks(frame)), 1, self.page)
        for frame in slide:
            if frame not in titles and frame.tag not in LEFT_OUT:
                yield from self.blocks([frame])

    def paragraph(self, node: Element, depth: int = 0, mark: str = "") -> Iterator[Part]:
        """Yield a paragraph as heading, item or paragraph, then what its frames hold."""
        text = " ".join("".join(self._pieces(node)).split())
        level = self._level(node)
        if text and level:
            yield Part("heading", text, level, self.page)
        elif text:
            yield Part("item" if mark else "paragraph", text, depth, self.page, mark or "- ")
        for box in node.iter(*BOXES):
            if box.getparent().tag in (q("draw:text-box"), q("draw:frame")) and _owner(box) is node:
                yield from self.blocks([box])

    def _level(self, node: Element) -> int:
        style = node.get(q("text:style-name"), "")
        title = TITLES.get(style) or TITLES.get(self.parents.get(style, ""), 0)
        if node.tag == q("text:h"):
            return max(1, whole(node.get(q("text:outline-level")), 1, 6))
        return title

    def _pieces(self, node: Element) -> Iterator[str]:
        yield node.text or ""
        for child in node:
            if child.tag in SPACES:
                yield " "
            elif child.tag == q("text:note"):
                self.notes.extend(self.blocks(child.find(q("text:note-body"))))
            elif child.tag not in (*LEFT_OUT, *BOXES) and isinstance(child.tag, str):
                yield from self._pieces(child)
            yield child.tail or ""

    def items(self, node: Element, depth: int, numbered: bool) -> Iterator[Part]:
        """Yield the items of a list; a list inside inherits the numbering."""
        style = node.get(q("text:style-name"))
        numbered = style in self.numbered if style else numbered
        number = 0
        for item in node.iterchildren(q("text:list-item"), q("text:list-header")):
            number = whole(item.get(q("text:start-value")), number + 1, 100_000)
            mark = f"{number}. " if numbered else "- "
            for child in item:
                if child.tag == q("text:list"):
                    yield from self.items(child, depth + 1, numbered)
                elif child.tag in (q("text:p"), q("text:h")):
                    yield from self.paragraph(child, depth, mark)
                    mark = ""

    def table(self, table: Element, *, sheet: bool) -> Iterator[Part]:
        """Yield a table's rows, below its name where it is a sheet."""
        rows = list(_rows(table))
        grid: Grid = []
        for row, times in rows:
            texts = self._row(row, grid[-1] if grid else [])
            grid += [texts] * (times if any(texts) else 1)
        width = max(map(len, grid), default=0)
        if sheet:
            parts = list(sheet_parts([row + [""] * (width - len(row)) for row in grid]))
            yield Part("heading", table.get(q("table:name"), "") if parts else "", 2)
            yield from parts
            return
        heads = sum(row.getparent().tag == q("table:table-header-rows") for row, _ in rows)
        if len(grid) == 1 and width == 1:
            yield Part("paragraph", grid[0][0], page=self.page)
        else:
            yield from table_parts(grid, heads or None, self.page)

    def _row(self, row: Element, above: Sequence[str]) -> list[str]:
        """Return a row's texts; a cell merged downwards counts for each of its rows, sideways for the first column."""
        texts: list[str] = []
        for cell in row:
            times = whole(cell.get(q("table:number-columns-repeated")), 1, REPEATS)
            if cell.tag == q("table:covered-table-cell"):
                inherited = above[len(texts)] if len(texts) < len(above) and not any(texts) else ""
                texts += [inherited, *[""] * (times - 1)]
            elif cell.tag == q("table:table-cell"):
                text = " ".join(_marked(part) for part in self.blocks(cell))
                texts += [" ".join(text.split())] * times
        while texts and not texts[-1]:
            texts.pop()
        return texts


def _marked(part: Part) -> str:
    return part.mark + part.text if part.kind == "item" else part.text


def _owner(box: Element) -> Element:
    """Return the paragraph that anchors a frame."""
    return next(box.iterancestors(q("text:p"), q("text:h")), None)


def _rows(table: Element) -> Iterator[tuple[Element, int]]:
    for child in table:
        if child.tag == q("table:table-row"):
            yield child, whole(child.get(q("table:number-rows-repeated")), 1, REPEATS)
        elif child.tag in (q("table:table-header-rows"), q("table:table-rows"), q("table:table-row-group")):
            yield from _rows(child)
