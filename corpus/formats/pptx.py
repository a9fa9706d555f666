"""Slides: a heading for each title, its texts, lists, tables, charts and diagrams; the slide's number is the page."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn

from corpus.document import Extract, Part
from corpus.formats.chart import related_charts
from corpus.formats.package import plain_package
from corpus.formats.properties import office_metadata
from corpus.formats.table import table_parts

Shape = Any  # python-pptx has no types
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
VARIANTS = re.compile(
    rb"application/vnd\.(ms-powerpoint|openxmlformats)[\w.-]*\.(presentation|slideshow|template)[\w.]*\.?main\+xml"
)
BULLETS = (qn("a:buChar"), qn("a:buAutoNum"), qn("a:buBlip"))
SMALL_PLACEHOLDERS = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")


def read_pptx(data: bytes) -> Extract:
    """Return the slides' parts and the core properties of a .pptx, .pptm, .ppsx or .potx."""
    deck = Presentation(io.BytesIO(plain_package(data, MAIN_TYPE, VARIANTS)))
    parts = [replace(part, page=n) for n, slide in enumerate(deck.slides, 1) for part in _slide(slide)]
    own = any(r.reltype.endswith("/core-properties") for r in deck.part.package._rels.values())
    return Extract(tuple(parts), office_metadata(deck.core_properties) if own else {})


def _slide(slide: Any) -> Iterator[Part]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        yield Part("heading", " ".join(title.text_frame.text.split()), 1)
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)


def _shape(shape: Shape) -> Iterator[Part]:
    if shape.is_placeholder and shape.placeholder_format.type.name in SMALL_PLACEHOLDERS:
        return
    if hasattr(shape, "shapes"):
        for inner in shape.shapes:
            yield from _shape(inner)
    elif getattr(shape, "has_table", False):
        yield from table_parts(_grid(shape.table))
    elif getattr(shape, "has_chart", False):
        yield from related_charts(shape.part, shape._element)
    elif shape.has_text_frame:
        yield from _paragraphs(shape)
    else:
        yield from _diagram(shape)


def _paragraphs(shape: Shape) -> Iterator[Part]:
    styles = list(_list_styles(shape))
    numbers: dict[int, int] = {}  # depth -> last number
    for paragraph in shape.text_frame.paragraphs:
        depth = paragraph.level
        text = " ".join(_text(paragraph).split())
        bullet = _bullet(paragraph, styles)
        if not text:
            continue
        if bullet == qn("a:buAutoNum"):
            numbers[depth] = numbers.get(depth, 0) + 1
        numbers = {d: n for d, n in numbers.items() if d < depth or (d == depth and bullet == qn("a:buAutoNum"))}
        mark = f"{numbers[depth]}. " if depth in numbers else "- "
        yield Part("item", text, depth, mark=mark) if bullet else Part("paragraph", text)


def _text(paragraph: Any) -> str:
    return "".join(e.text or "" if e.tag == qn("a:t") else " " for e in paragraph._p.iter(qn("a:br"), qn("a:t")))


def _bullet(paragraph: Any, styles: list[Any]) -> str:
    """Return the tag of the bullet that a paragraph has itself or inherits, "" for none."""
    own = paragraph._p.pPr
    level = qn(f"a:lvl{paragraph.level + 1}pPr")
    for properties in (own, *(style.find(level) for style in styles)):
        for child in [] if properties is None else properties:
            if child.tag in BULLETS:
                return str(child.tag)
            if child.tag == qn("a:buNone"):
                return ""
    return ""


def _list_styles(shape: Shape) -> Iterator[Any]:
    """Yield the list styles that apply to a shape, nearest first: its own, its layout's, its master's."""
    holder = shape
    while holder is not None and holder.has_text_frame:
        style = holder.text_frame._txBody.find(qn("a:lstStyle"))
        if style is not None:
            yield style
        holder = getattr(holder, "_base_placeholder", None) if holder.is_placeholder else None
    if shape.is_placeholder and shape.placeholder_format.type.name in ("BODY", "OBJECT", "VERTICAL_BODY"):
        style = shape.part.slide_layout.slide_master.element.find(f"{qn('p:txStyles')}/{qn('p:bodyStyle')}")
        if style is not None:
            yield style


def _grid(table: Any) -> list[list[str]]:
    """Return a table's texts; a merged cell counts for all its rows, but for all its columns only in heads."""
    grid: list[list[str]] = []
    for row in table.rows:
        texts: list[str] = []
        for cell in row.cells:
            if cell._tc.vMerge and grid and len(texts) < len(grid[-1]):
                texts.append(grid[-1][len(texts)])
            elif cell._tc.hMerge and texts:
                texts.append(texts[-1] if len(grid) < 2 else "")
            else:
                texts.append(" ".join(cell.text_frame.text.split()))
        grid.append(texts)
    return grid


def _diagram(shape: Shape) -> Iterator[Part]:
    """Yield the texts of a SmartArt diagram, which live in a part of their own."""
    names = shape._element.findall(".//" + "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds")
    for name in names:
        key = name.get(qn("r:dm"))
        if key not in shape.part.rels:
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for paragraph in etree.fromstring(shape.part.rels[key].target_part.blob, parser).iter(qn("a:p")):
            yield Part("item", " ".join(t.text or "" for t in paragraph.iter(qn("a:t"))))
