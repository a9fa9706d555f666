"""A table as parts: one row per line, each cell with the name of its column."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Part

FIGURE = re.compile(r"[-+−(]?[€$£¥]?\s?\d[\d.,  ]*%?\)?")
YEAR = re.compile(r"(19|20)\d\d")
Grid = list[list[str]]


def row_text(columns: Sequence[str], cells: Sequence[str]) -> str:
    """Return a table row that keeps its column names: `Year: 2024; Members: 140`."""
    pairs = [
        f"{columns[i]}: {cell}" if i < len(columns) and columns[i] and cell != columns[i] else cell
        for i, cell in enumerate(cells)
    ]
    return "; ".join(pair for pair, cell in zip(pairs, cells, strict=True) if cell.strip())


def table_parts(rows: Sequence[Sequence[str]], heads: int | None = None, page: int | None = None) -> Iterator[Part]:
    """Yield the rows of a table whose first `heads` rows name the columns; None: as its cells look.

    A table of heads alone is its own text.
    """
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    rows = [row for row in rows if any(row)]
    while len(rows) > 1 and len(rows[0]) > 1 and len(set(rows[0])) == 1:
        yield Part("paragraph", rows[0][0], page=page)  # one cell over the whole width is the table's title
        rows = rows[1:]
    heads = int(not _is_data(rows)) if heads is None else heads
    heads += heads == 1 and _goes_on(rows)
    body = rows[heads:]
    columns = _columns(rows[:heads]) if body else []
    for row in body or rows:
        yield Part("row", row_text(columns, row), page=page)


def is_figure(text: str) -> bool:
    """Tell a number that counts or measures; a year may as well name a column."""
    return bool(FIGURE.fullmatch(text)) and not YEAR.fullmatch(text)


def _is_data(rows: Sequence[Sequence[str]]) -> bool:
    """Tell that the first row names nothing: it has a figure above a figure, or names stand in the first column."""
    if len(rows) < 2:
        return False
    named = sum(row[0].endswith((":", "：")) for row in rows)
    if max(map(len, rows)) == 2 and named * 2 > len(rows):
        return True
    return any(is_figure(above) and is_figure(below) for above, below in zip(rows[0], rows[1], strict=False))


def _goes_on(rows: Sequence[Sequence[str]]) -> bool:
    """Tell a second row of heads: it divides a head that stands over several columns, and begins empty or the same."""
    if len(rows) < 3:
        return False
    first, second = rows[0], rows[1]
    wide = [i for i in range(1, min(len(first), len(second))) if first[i] and first[i] == first[i - 1]]
    beside = second[:1] in ([""], first[:1])
    return bool(wide) and beside and all(second[i] and not any(c.isdigit() for c in second[i]) for i in wide)


def _columns(heads: Sequence[Sequence[str]]) -> list[str]:
    """Join the heads of each column from top to bottom, a repeated one once: `2024` over `Q1` -> `2024 Q1`."""
    width = max(map(len, heads), default=0)
    stacks = ([row[i] for row in heads if i < len(row) and row[i]] for i in range(width))
    return [" ".join(dict.fromkeys(stack)) for stack in stacks]
