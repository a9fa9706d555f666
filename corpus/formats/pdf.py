"""PDF: headings, paragraphs, items and table rows with their pages, read with PDFium."""

import ctypes
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.clean import clean
from corpus.document import Extract, Part
from corpus.formats.page import MARK, Glyph, Line, Rule, read_page, turn

PDFIUM = Lock()  # the library is not safe in two threads at once
BOLD = re.compile(r"bold|black|heavy|demi|-medi|cmbx|sfbx|[a-z]Bd|-bd\b", re.IGNORECASE)
PICTURES = re.compile(r"wingdings|webdings|dingbats", re.IGNORECASE)  # fonts whose letters are bullets
FINAL = re.compile(r"[.!?。！？…]['\"”’）)\]]*$")
HYPHENS = "\x02\ufffe\u00ad"  # what PDFium and typesetters write for a hyphen at a line's end
JUNK_TITLE = re.compile(r"untitled|microsoft|powerpoint|\.(docx?|pptx?|pdf|tex|dvi|indd|xlsx?|qxd)\b", re.IGNORECASE)
TOO_LONG = 240  # characters; no heading is longer

Outline = dict[str, int]  # heading without spaces -> level


def read_pdf(data: bytes, pages: int | None = None) -> Extract:
    """Return the parts of a PDF, of its first `pages` only where given; ValueError says what is wrong with it."""
    with PDFIUM:
        pdf = _open(data)
        try:
            numbered = [(n, _page_lines(pdf[n - 1])) for n in range(1, min(len(pdf), pages or len(pdf)) + 1)]
            outline, metadata = _outline(pdf), _metadata(pdf, data)
        except pypdfium2.PdfiumError as error:
            raise ValueError(f"the PDF is damaged: {error}; open it in a viewer and save it anew") from error
        finally:
            pdf.close()
    return Extract(clean(find_parts(numbered, outline)), metadata)


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("needs a password: save a copy without one and add that") from error
        raise ValueError("not a readable PDF (damaged or of another type): open it in a viewer and save it anew") from (
            error
        )


def _page_lines(page: pypdfium2.PdfPage) -> tuple[Line, ...]:
    text = page.get_textpage()
    try:
        return read_page(tuple(_glyphs(text)), tuple(_rules(page)))
    finally:
        text.close()
        page.close()


def _glyphs(text: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    style, last = (0.0, False, 0.0, False), 0
    for i in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, i))
        found = pdfium.FPDFText_GetTextObject(text, i)
        address = ctypes.addressof(found.contents) if found else last
        if address != last:
            style, last = _style(text, i), address
        pdfium.FPDFText_GetLooseCharBox(text, i, box)
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        size, bold, angle, drawn = style
        corners = [turn(a, b, angle) for a in (box.left, box.right) for b in (box.bottom, box.top)]
        baseline = turn(x.value, y.value, angle)[1]
        char = "-" if char in HYPHENS else "•" if drawn and char.isalpha() else char
        if char.isprintable() or char.isspace():
            edges = [corner[0] for corner in corners]
            yield Glyph(char, min(edges), max(edges), baseline, size, bold, round(angle) % 360)


def _style(text: pypdfium2.PdfTextPage, i: int) -> tuple[float, bool, float, bool]:
    """Return (size in points, bold, degrees that it is turned by, drawn as a picture) of a character."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, i, matrix)
    size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    nearest = round(angle / 90) * 90
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text, i, buffer, 128, None)
    font = buffer.value.decode("utf-8", "replace")
    bold = bool(BOLD.search(font)) or 600 <= pdfium.FPDFText_GetFontWeight(text, i) <= 1000
    return size, bold, float(nearest % 360) if abs(angle - nearest) < 5 else angle, bool(PICTURES.search(font))


def _rules(page: pypdfium2.PdfPage) -> Iterator[Rule]:
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        if pdfium.FPDFPath_CountSegments(drawn) > 6:
            continue  # a drawing
        x0, y0, x1, y1 = drawn.get_bounds()
        if min(x1 - x0, y1 - y0) < 3 < max(x1 - x0, y1 - y0):
            yield Rule(x0, y0, x1, y1)
        elif 8 < y1 - y0 < 400 and x1 - x0 > 8:
            yield from (Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1), Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1))


def _outline(pdf: pypdfium2.PdfDocument) -> Outline:
    return {_key(entry.get_title() or ""): min(entry.level + 1, 6) for entry in pdf.get_toc(max_depth=6)}


def _key(text: str) -> str:
    return "".join(text.split()).casefold()


def _metadata(pdf: pypdfium2.PdfDocument, data: bytes) -> dict[str, str]:
    found = pdf.get_metadata_dict(skip_empty=True)
    title = " ".join(found.get("Title", "").split())
    day = re.match(r"(?:D:)?(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", found.get("CreationDate", ""))
    publisher = re.search(rb"<dc:publisher>.*?<rdf:li[^>]*>([^<]+)</rdf:li>", data, re.DOTALL)
    language = re.match(r"[A-Za-z]{2}\b", _language(pdf))
    values = {
        "title": "" if JUNK_TITLE.search(title) else title,
        "publisher": publisher[1].decode("utf-8", "replace").strip() if publisher else "",
        "date": "-".join(day.groups()) if day else "",
        "language": language[0].lower() if language else "",
    }
    return {name: value for name, value in values.items() if value}


def _language(pdf: pypdfium2.PdfDocument) -> str:
    length = pdfium.FPDFCatalog_GetLanguage(pdf, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    pdfium.FPDFCatalog_GetLanguage(pdf, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")


def find_parts(pages: Sequence[tuple[int, Sequence[Line]]], outline: Outline) -> tuple[Part, ...]:
    """Return lines as parts: paragraphs still hold their line breaks, which `clean` needs to see."""
    sizes: Counter[float] = Counter()
    bolds = 0
    for line in (line for _, lines in pages for line in lines if not line.row):
        sizes[round(line.size, 1)] += len(line.text)
        bolds += len(line.text) * line.bold
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    bold_tells = bolds < 0.4 * sizes.total()
    drafts: list[tuple[Part, float]] = []  # part and size of its letters
    for page, lines in pages:
        for block in find_blocks(lines):
            first = block[0]
            style = round(first.size * 2) / 2 + 0.25 * first.bold
            drafts.append((_part(block, page, body, bold_tells, outline), style))
    return tuple(_levelled(drafts, outline))


def find_blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Group the lines of a page that belong to one paragraph, heading or item."""
    leading = _leading(lines)
    block: list[Line] = []
    for line in lines:
        if block and not _continues(block, line, leading):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance of baselines, in sizes of a letter."""
    steps = [
        (a.y - b.y) / a.size
        for a, b in pairwise(lines)
        if a.column == b.column and abs(a.size - b.size) < 0.5 and 0.5 < (a.y - b.y) / max(a.size, 1) < 2.2
    ]
    return statistics.median_low(steps) if steps else 1.2


def _continues(block: list[Line], line: Line, leading: float) -> bool:
    last = block[-1]
    if line.row or last.row or line.column != last.column or _mark(line.text):
        return False
    if abs(line.size - last.size) > 0.12 * last.size or line.bold != last.bold:
        return False
    if not 0 < (last.y - line.y) / last.size < max(1.15 * leading, 1.25) + 0.1:
        return False
    if _mark(block[0].text) and line.x0 < block[0].x0 + 0.2 * line.size and not line.text[:1].islower():
        return False
    width, room = line.right - line.left, line.right - last.x1
    word = (line.x1 - line.x0) * len(line.text.split()[0]) / max(len(line.text), 1)
    if FINAL.search(last.text):
        indented = len(block) > 1 and line.x0 > last.x0 + 0.8 * line.size
        return not indented and room < word + 0.06 * width + line.size
    return room < word + 0.4 * width or line.text[:1].islower() or abs(_middle(line) - _middle(last)) < line.size


def _middle(line: Line) -> float:
    return (line.x0 + line.x1) / 2


def _mark(text: str) -> re.Match[str] | None:
    return re.match(rf"{MARK.pattern}\s+(?=\S)", text, re.IGNORECASE)


def _part(block: list[Line], page: int, body: float, bold_tells: bool, outline: Outline) -> Part:
    text = "\n".join(line.text for line in block)
    if block[0].row:
        return Part("row", text, page=page)
    if _key(text) in outline or _is_heading(block, text, body, bold_tells):
        return Part("heading", text, 1, page)
    mark = _mark(text)
    if not mark:
        return Part("paragraph", text, page=page)
    depth = min(3, max(0, round((block[0].x0 - block[0].left) / (2.5 * block[0].size))))
    sign = mark[1] + " " if mark[2] else "- "
    return Part("item", text[mark.end() :], depth, page, sign)


def _is_heading(block: list[Line], text: str, body: float, bold_tells: bool) -> bool:
    large = block[0].size > 1.12 * body
    bold = bold_tells and block[0].bold and block[0].size > 0.9 * body
    if not (large or bold) or block[0].turned:
        return False
    fits = 1 < len(text) <= TOO_LONG and len(block) < 5 and any(c.isalpha() for c in text)
    return fits and not re.search(r"[.;,:。；，：]$", text)


def _levelled(drafts: list[tuple[Part, float]], outline: Outline) -> Iterator[Part]:
    """Rank heading styles by size and weight; where the file's outline knows a style's headings, it decides."""
    known: dict[float, Counter[int]] = {}
    for part, style in drafts:
        if part.kind == "heading":
            known.setdefault(style, Counter())
            if level := outline.get(_key(part.text)):
                known[style][level] += 1
    ranks = {style: min(rank, 6) for rank, style in enumerate(sorted(known, reverse=True), start=1)}
    for part, style in drafts:
        if part.kind == "heading":
            said = outline.get(_key(part.text)) or (known[style].most_common(1)[0][0] if known[style] else 0)
            part = replace(part, level=said or ranks[style])
        yield part
