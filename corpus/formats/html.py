"""HTML pages: what a reader sees of the content, without scripts, menus and form controls."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.document import Extract, Part
from corpus.encoding import declared_charset, decode
from corpus.formats.numbering import whole
from corpus.formats.properties import language
from corpus.formats.table import table_parts

SPACE = re.compile(r"\s+")
TEXT = "-text"
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul", "ol", "dl", "menu"}
LEFT_OUT = {
    *("head", "script", "style", "template", "noscript", "svg", "canvas", "iframe", "object", "audio", "video"),
    *("nav", "button", "select", "datalist", "textarea", "dialog", "rp"),
}
BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "details", "div", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "main", "p", "pre"),
    *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "li", "dt", "dd"),
    *LISTS,
    *HEADINGS,
}
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LAYOUT_CELL = 800  # characters; a longer cell in a table without heads makes it a means of layout
DEEPEST = 8  # level of an item, from 0; deeper ones are written like it
ISO_DATE = re.compile(r"((?:19|20)\d\d)(?:[-/.](\d\d?)(?:[-/.](\d\d?))?)?")
PUBLISHERS = (
    "og:site_name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "citation_publisher",
    "application-name",
)
DATES = (
    *("article:published_time", "datepublished", "dc.date", "dcterms.date", "dcterms.created", "dc.date.issued"),
    *("citation_publication_date", "publishdate", "pubdate", "date"),
)


def read_html(data: bytes) -> Extract:
    """Return the parts and the metadata of a page in whatever encoding it is."""
    return read_page(decode(data, declared_charset(data)))


def read_page(text: str) -> Extract:
    """Return the parts and the metadata of a page that is already decoded."""
    tree = LexborHTMLParser(text)
    return Extract(tuple(parts_of(tree.body)) if tree.body else (), _metadata(tree))


def parts_of(root: LexborNode) -> list[Part]:
    """Return the headings, paragraphs, items and rows below an element, in reading order."""
    page = Page()
    node: LexborNode | None = root
    while node is not None:
        child = node.first_child if page.enter(node) else None
        while child is None and node is not None:
            page.leave(node)
            child, node = (None, None) if node.mem_id == root.mem_id else (node.next, node.parent)
        node = child
    page.flush()
    return page.parts


@dataclass(slots=True)
class Page:
    """What has been read of a page so far; without recursion, for pages may nest without end."""

    parts: list[Part] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # of the open block; "\n" stands for a line break
    lists: list[int | None] = field(default_factory=list)  # next number of each open list, None for bullets
    mark: str = ""  # of an item that has begun and has no text yet
    depth: int = 0  # of that item
    level: int = 0  # of the open heading
    preformatted: int = 0

    def enter(self, node: LexborNode) -> bool:
        """Take up an element or a text; False where its children are not to be read."""
        tag = node.tag or ""
        if tag == TEXT:
            text = node.text_content or ""
            self.words.append(text if self.preformatted else SPACE.sub(" ", text))
            return False
        if tag in LEFT_OUT or _hidden(node):
            return False
        if tag in BLOCKS:
            self.flush()
        if tag == "table" and not _is_layout(node):
            self.parts.extend(_table(node))
            return False
        self._open(tag, node)
        return True

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self.words.append("\n")
        elif tag == "img" and not _has_caption(node):
            self.words.append(f" {node.attributes.get('alt') or ''} ")
        elif tag in HEADINGS:
            self.level = HEADINGS[tag]
        elif tag == "pre":
            self.preformatted += 1
        elif tag in LISTS:
            self.lists.append(_number(node.attributes.get("start"), 1) if tag == "ol" else None)
        elif tag in ("li", "dt", "dd"):
            self._begin_item(tag, node)

    def _begin_item(self, tag: str, node: LexborNode) -> None:
        number = self.lists[-1] if self.lists else None
        if number is not None:
            number = _number(node.attributes.get("value"), number)
            self.lists[-1] = number + 1
        self.mark = "- " if number is None else f"{number}. "
        self.depth = min(max(0, len(self.lists) - 1) + (tag == "dd"), DEEPEST)

    def leave(self, node: LexborNode) -> None:
        """Close an element."""
        tag = node.tag or ""
        if tag in BLOCKS:
            self.flush()
        if tag in HEADINGS:
            self.level = 0
        elif tag == "pre" and self.preformatted:
            self.preformatted -= 1
        elif tag in LISTS and self.lists:
            self.lists.pop()
        elif tag in ("li", "dt", "dd"):
            self.mark = ""

    def flush(self) -> None:
        """Turn the words of the open block into parts; two line breaks in a row part paragraphs."""
        text = "".join(self.words)
        self.words.clear()
        if self.preformatted:
            for block in re.split(r"\n[ \t]*\n", text):
                self._add(block.strip("\n").rstrip())
            return
        for paragraph in re.split(r"\n\s*\n", text):
            self._add(SPACE.sub(" ", paragraph).strip())

    def _add(self, text: str) -> None:
        if not text.strip():
            return
        if self.level:
            self.parts.append(Part("heading", text, self.level))
        elif self.mark:
            self.parts.append(Part("item", text, self.depth, mark=self.mark))
            self.mark = ""
        else:
            self.parts.append(Part("paragraph", text))


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") == "navigation"
        or bool(HIDDEN_STYLE.search(attributes.get("style") or ""))
    )


def _has_caption(image: LexborNode) -> bool:
    """Tell an image whose caption says what its alternative text would say again."""
    figure = image.parent
    while figure is not None and figure.tag in ("a", "picture", "div", "span", "p"):
        figure = figure.parent
    return figure is not None and figure.tag == "figure" and figure.css_first("figcaption") is not None


def _number(value: str | None, default: int) -> int:
    return whole(value.strip(), default, 1_000_000) if value else default


def _is_layout(table: LexborNode) -> bool:
    """Tell a table that only places things on the page: nested tables, long cells or one cell, and no heads."""
    if table.attributes.get("role") in ("presentation", "none"):
        return True
    rows = [list(_cells(row)) for row in _rows(table)]
    cells = [cell for row in rows for cell in row]
    if any(cell.tag == "th" for cell in cells):
        return False
    return len(cells) < 2 or _is_frame(rows) or any(len(cell.text()) > LAYOUT_CELL for cell in cells)


def _is_frame(rows: list[list[LexborNode]]) -> bool:
    """Tell a table around other tables, unless its rows are as even as those of data."""
    nested = sum(cell.css_first("table") is not None for row in rows for cell in row)
    even = len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1
    return nested > 0 and not (even and nested * 2 < sum(map(len, rows)))


def _table(table: LexborNode) -> Iterator[Part]:
    for caption in _children(table, "caption"):
        yield from parts_of(caption)
    rows = list(_rows(table))
    if not rows:
        return
    heads = _heads(rows)
    grid = _grid(rows, 1 if heads is None else heads)
    if heads == 0:
        grid = [[f"{row[0]}: {row[1]}", *row[2:]] if row[1:2] and row[0] and row[1] else row for row in grid]
    yield from table_parts(grid, heads)


def _heads(rows: list[LexborNode]) -> int | None:
    """Count the rows that name columns: 0 where names stand in the first column, None where nothing is marked."""
    kinds = [[cell.tag for cell in _cells(row)] for row in rows]
    heads = next((i for i, row in enumerate(rows) if "td" in kinds[i] or not _is_full(row, rows[0])), len(rows))
    if heads or not rows:
        return heads
    in_thead = sum(row.parent is not None and row.parent.tag == "thead" for row in rows)
    beside = all(row[0] == "th" for row in kinds if row) and all(len(row) <= 2 for row in kinds)
    return in_thead or (0 if beside else None)


def _is_full(row: LexborNode, first: LexborNode) -> bool:
    """Tell a row that, with what hangs down into it from the first one, has a cell for every column."""
    hanging = sum(_span(cell, "rowspan") > 1 for cell in _cells(first)) if row.mem_id != first.mem_id else 0
    width = sum(_span(cell, "colspan") for cell in _cells(first))
    return sum(_span(cell, "colspan") for cell in _cells(row)) + hanging >= width > 0


def _span(cell: LexborNode, name: str) -> int:
    return max(1, min(_number(cell.attributes.get(name), 1), 1_000))


def _grid(rows: list[LexborNode], heads: int) -> list[list[str]]:
    """Return the cells' texts; one over several rows counts for each, several columns for the first (heads: all)."""
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column -> (rows still to fill, text)
    for index, row in enumerate(rows):
        texts: list[str] = []
        cells = _cells(row)
        cell = next(cells, None)
        while cell is not None or len(texts) in below:
            column = len(texts)
            if column in below:
                left, text = below.pop(column)
                texts.append(text)
                if left > 1:
                    below[column] = (left - 1, text)
                continue
            assert cell is not None
            text = _cell_text(cell)
            across = _span(cell, "colspan")
            down = min(_span(cell, "rowspan"), len(rows) - index)
            for i in range(across):
                texts.append(text if i == 0 or index < heads else "")
                if down > 1:
                    below[column + i] = (down - 1, texts[-1])
            cell = next(cells, None)
        grid.append(texts)
    return grid


def _cell_text(cell: LexborNode) -> str:
    return " ".join(part.mark + part.text if part.kind == "item" else part.text for part in parts_of(cell))


def _children(node: LexborNode, *tags: str) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        if child.tag in tags:
            yield child
        child = child.next


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for group in _children(table, "thead", "tbody", "tfoot"):
        yield from _children(group, "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return _children(row, "td", "th")


def _metadata(tree: LexborHTMLParser) -> dict[str, str]:
    """Return title, publisher, date and language where the page's head names them."""
    named: dict[str, str] = {}
    for meta in tree.css("meta[content]"):
        key = meta.attributes.get("property") or meta.attributes.get("name") or meta.attributes.get("itemprop") or ""
        named.setdefault(key.lower(), " ".join((meta.attributes.get("content") or "").split()))
    title = tree.css_first("head > title")
    root = tree.css_first("html")
    values = {
        "title": named.get("og:title") or (" ".join(title.text().split()) if title else ""),
        "publisher": next((named[name] for name in PUBLISHERS if named.get(name)), ""),
        "date": next(filter(None, (iso_date(named.get(name, "")) for name in DATES)), ""),
        "language": language(root.attributes.get("lang")) if root else "",
    }
    return {name: value for name, value in values.items() if value}


def iso_date(text: str) -> str:
    """Return the date that a text begins with as YYYY, YYYY-MM or YYYY-MM-DD; "" where there is none."""
    match = ISO_DATE.match(text.strip())
    if not match:
        return ""
    year, month, day = match.groups()
    if month and not 1 <= int(month) <= 12:
        return year
    return "-".join([year, *(f"{int(n):02}" for n in (month, day) if n and 1 <= int(n) <= 31)])
