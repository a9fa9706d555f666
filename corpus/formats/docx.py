"""Word documents: headings by style, list items by numbering, tables in place; tracked deletions are left out."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document as open_docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from corpus.document import Extract, Part
from corpus.formats.chart import related_charts
from corpus.formats.numbering import BULLET, Counters, Level, whole
from corpus.formats.package import plain_package
from corpus.formats.properties import office_metadata
from corpus.formats.table import table_parts

Element = Any  # lxml's element; python-docx has no types for its own
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
VARIANTS = re.compile(rb"application/vnd\.(ms-word|openxmlformats)[\w.-]*\.(document|template)[\w.]*\.?main\+xml")
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
LEFT_OUT = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pPr"),
    qn("w:rPr"),
    qn("w:txbxContent"),  # read after the paragraph that anchors it
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
MARKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
DEEPEST = 8  # level of a list, from 0
HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_docx(data: bytes) -> Extract:
    """Return the parts and core properties of a .docx, .docm or .dotx; the library's own errors where it is broken."""
    document = open_docx(io.BytesIO(plain_package(data, MAIN_TYPE, VARIANTS)))
    walk = Walk(_styles(document), _numbering(document), document.part, paged=_has_pages(document))
    body = list(walk.blocks(document.element.body))
    own = any(r.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for r in document.part.package.rels.values())
    metadata = office_metadata(document.core_properties) if own else {}
    return Extract((*body, *_footnotes(document, walk)), metadata)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says about structure."""

    level: int = 0  # of a heading, 1..6; 0 for other text
    list_id: str = ""
    depth: int = 0


@dataclass(slots=True)
class Walk:
    """One pass over a document's body in reading order."""

    styles: dict[str, Style]
    lists: dict[str, tuple[str, dict[int, Level]]]  # numId -> (its abstract list, the levels)
    part: Any = None  # of the package, where its charts are found
    paged: bool = False
    page: int = 1
    counters: Counters = field(default_factory=Counters)

    def blocks(self, container: Element) -> Iterator[Part]:
        """Yield the parts of a body, cell, text box or content control."""
        for child in container:
            if child.tag == qn("w:p"):
                yield from self.paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self.table(child)
            elif child.tag in WRAPPERS:
                yield from self.blocks(child)

    def paragraph(self, paragraph: Element) -> Iterator[Part]:
        """Yield a paragraph as heading, item or paragraph, then what its text boxes hold."""
        page = self.page if self.paged else None
        text = " ".join("".join(_pieces(paragraph)).split())
        if text:
            yield self._part(paragraph, text, page)
        if self.paged:
            self.page += len(paragraph.findall(".//" + qn("w:lastRenderedPageBreak")))
        for box in _boxes(paragraph):
            yield from self.blocks(box)
        if self.part is not None:
            yield from related_charts(self.part, paragraph)

    def _part(self, paragraph: Element, text: str, page: int | None) -> Part:
        style = self.styles.get(_value(paragraph, "w:pPr/w:pStyle"), self.styles.get("", Style()))
        outline = _value(paragraph, "w:pPr/w:outlineLvl")
        level = int(outline) + 1 if outline.isdecimal() and int(outline) < 6 else style.level
        list_id = _value(paragraph, "w:pPr/w:numPr/w:numId") or style.list_id
        depth = whole(_value(paragraph, "w:pPr/w:numPr/w:ilvl"), style.depth, DEEPEST)
        mark = ""
        if list_id in self.lists:
            abstract, levels = self.lists[list_id]
            mark = self.counters.next(abstract, depth, levels)
        if level:
            return Part("heading", text if mark == BULLET else mark + text, level, page)
        return Part("item", text, depth, page, mark) if mark else Part("paragraph", text, page=page)

    def table(self, table: Element) -> Iterator[Part]:
        """Yield a table row by row; a table of a single cell is a frame around ordinary blocks."""
        rows = list(table.iterchildren(qn("w:tr")))
        cells = [cell for row in rows for cell in _cells(row)]
        if len(cells) == 1:
            yield from self.blocks(cells[0])
            return
        page = self.page if self.paged else None
        heads = sum(row.find(qn("w:trPr") + "/" + qn("w:tblHeader")) is not None for row in rows)
        yield from table_parts(self.grid(rows), heads or None, page)

    def grid(self, rows: list[Element]) -> list[list[str]]:
        """Return the texts of a table; a merged cell counts for all its rows, but for all its columns only in heads."""
        grid: list[list[str]] = []
        for row in rows:
            texts = [""] * whole(_value(row, "w:trPr/w:gridBefore"), 0)
            for cell in _cells(row):
                merge = cell.find(qn("w:tcPr") + "/" + qn("w:vMerge"))
                above = grid[-1][len(texts)] if grid and len(texts) < len(grid[-1]) else ""
                goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
                texts.append(above if goes_on else " ".join(_marked(part) for part in self.blocks(cell)))
                further = whole(_value(cell, "w:tcPr/w:gridSpan"), 1) - 1
                texts += [texts[-1] if len(grid) < 2 else ""] * further
            grid.append(texts)
        return grid


def _marked(part: Part) -> str:
    return part.mark + part.text if part.kind == "item" else part.text


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag in WRAPPERS:
            yield from _cells(child)


def _pieces(node: Element) -> Iterator[str]:
    """Yield the words of a paragraph or run as the author sees them with all changes accepted."""
    for child in node:
        if child.tag in LEFT_OUT:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag == MATH + "oMath":
            yield f" {_formula(child)} "
        else:
            yield from _pieces(child)


def _formula(node: Element) -> str:
    """Return a formula on one line: a^2, x_1, (a)/(b), √(c)."""
    name = etree.QName(node).localname if isinstance(node.tag, str) else ""
    parts = {etree.QName(c).localname: c for c in node if isinstance(c.tag, str)}
    base, above, below = (_formula(parts[n]) if n in parts else "" for n in ("e", "sup", "sub"))
    match name:
        case "t":
            return node.text or ""
        case "sSup" | "sSub" | "sSubSup":
            return base + (f"_{below}" if below else "") + (f"^{above}" if above else "")
        case "f":
            return f"({_formula(parts['num'])})/({_formula(parts['den'])})"
        case "rad":
            return f"√({base})"
        case "nary":
            symbol = node.find(f"{MATH}naryPr/{MATH}chr")
            sign = symbol.get(MATH + "val", "") if symbol is not None else "∫"
            return f"{sign}_{below}^{above} {base}"
        case "d":
            return "(" + ", ".join(_formula(c) for c in node if c.tag == MATH + "e") + ")"
        case _:
            return "".join(map(_formula, node))


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes of a paragraph once: the copy for old programs is left out, a nested box left to its own."""
    for box in paragraph.iter(qn("w:txbxContent")):
        ancestors = [a for a in box.iterancestors() if a.tag in LEFT_OUT]
        nearest = next(box.iterancestors(qn("w:p")), None)
        if nearest is paragraph and not any("Fallback" in a.tag for a in ancestors):
            yield box


def _value(node: Element, path: str) -> str:
    found = node.find("/".join(map(qn, path.split("/"))))
    return "" if found is None else found.get(qn("w:val"), "")


def _has_pages(document: Any) -> bool:
    return document.element.body.find(".//" + qn("w:lastRenderedPageBreak")) is not None


def _styles(document: Any) -> dict[str, Style]:
    """Return the structure of every paragraph style, inherited from those it is based on; "" is the default style."""
    elements = {s.get(qn("w:styleId"), ""): s for s in document.styles.element.iterchildren(qn("w:style"))}
    styles = {name: _style(element, elements) for name, element in elements.items()}
    default = next((n for n, e in elements.items() if _is_default(e)), "")
    return {**styles, "": styles.get(default, Style())}


def _is_default(style: Element) -> bool:
    return style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true")


def _style(element: Element, elements: dict[str, Element]) -> Style:
    level, list_id, depth = 0, "", ""
    seen: set[int] = set()
    current: Element | None = element
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        level = level or _heading_level(current)
        list_id = list_id or _value(current, "w:pPr/w:numPr/w:numId")
        depth = depth or _value(current, "w:pPr/w:numPr/w:ilvl")
        current = elements.get(_value(current, "w:basedOn"))
    return Style(level, list_id, whole(depth, 0, DEEPEST))


def _heading_level(style: Element) -> int:
    name = _value(style, "w:name")
    outline = _value(style, "w:pPr/w:outlineLvl")
    if match := HEADING.match(name):
        return max(1, min(int(match[1]), 6))
    if name.lower() == "title":
        return 1
    return min(int(outline) + 1, 6) if outline.isdecimal() and int(outline) < 9 else 0


def _numbering(document: Any) -> dict[str, tuple[str, dict[int, Level]]]:
    part = _related(document.part, RELATIONSHIP_TYPE.NUMBERING)
    if part is None:
        return {}
    abstract = {e.get(qn("w:abstractNumId"), ""): _levels(e) for e in part.iterchildren(qn("w:abstractNum"))}
    lists = {}
    for number in part.iterchildren(qn("w:num")):
        key = _value(number, "w:abstractNumId")
        own = {whole(o.get(qn("w:ilvl")), 0): o for o in number.iterchildren(qn("w:lvlOverride"))}
        starts = {
            d: whole(_value(o, "w:startOverride"), 1, 100_000) for d, o in own.items() if _value(o, "w:startOverride")
        }
        levels = {d: Level(v.style, v.pattern, starts.get(d, v.start)) for d, v in abstract.get(key, {}).items()}
        list_id = number.get(qn("w:numId"), "")
        lists[list_id] = (f"{key}/{list_id}" if starts else key, levels)
    return lists


def _levels(abstract: Element) -> dict[int, Level]:
    return {
        whole(level.get(qn("w:ilvl")), 0): Level(
            _value(level, "w:numFmt") or "decimal",
            _value(level, "w:lvlText"),
            whole(_value(level, "w:start"), 1, 100_000),
        )
        for level in abstract.iterchildren(qn("w:lvl"))
    }


def _related(part: Any, kind: str) -> Element | None:
    """Return the root of the part that is related in this way; None where there is none."""
    related = next((r.target_part for r in part.rels.values() if r.reltype == kind and not r.is_external), None)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return None if related is None else etree.fromstring(related.blob, parser)


def _footnotes(document: Any, walk: Walk) -> Iterator[Part]:
    """Yield the footnotes and endnotes below the text, where they cannot cut a sentence in two."""
    for kind in (RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.ENDNOTES):
        root = _related(document.part, kind)
        for note in [] if root is None else root:
            if note.get(qn("w:type")) in (None, "normal"):
                yield from walk.blocks(note)
