"""A spreadsheet's sheet as parts: its titles and tables, wherever they stand on it."""

from collections.abc import Iterator

from corpus.document import Part
from corpus.formats.table import Grid, is_figure, table_parts

HEADS = 4  # rows of heads, at most, that an empty row may part from their table


def sheet_parts(grid: Grid) -> Iterator[Part]:
    """Yield the tables and texts of a sheet from top to bottom; empty rows and columns keep them apart."""
    heads: Grid = []
    for band in _split(grid):
        if heads and any(map(is_figure, band[0])):
            yield from _table([*heads, *band], len(heads))
            heads = []
            continue
        if heads:
            yield from _band(heads)
        heads = band if _names_columns(band) else []
        if not heads:
            yield from _band(band)
    if heads:
        yield from _band(heads)


def _split(rows: Grid) -> Iterator[Grid]:
    """Yield the runs of rows between empty ones."""
    run: Grid = []
    for row in rows:
        if any(row):
            run.append(row)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _names_columns(band: Grid) -> bool:
    """Tell rows that may be the heads of a table below them: several texts and no figures."""
    several = sum(map(bool, band[-1])) > 1
    return several and len(band) <= HEADS and not any(is_figure(cell) for row in band for cell in row)


def _band(band: Grid) -> Iterator[Part]:
    """Yield what stands between two empty rows: tables side by side, or one with empty columns between its own."""
    stacks = [_turned(stack) for stack in _split(_turned(band))]
    if len(stacks) > 1 and all(_stands_alone(stack) for stack in stacks):
        for stack in stacks:
            yield from sheet_parts(stack)
    else:
        yield from _table([[cell for stack in stacks for cell in stack[i]] for i in range(len(band))])


def _turned(grid: Grid) -> Grid:
    return [list(column) for column in zip(*grid, strict=True)]


def _stands_alone(stack: Grid) -> bool:
    """Tell a table of its own: two columns at least, with names above them."""
    rows = [row for row in stack if any(row)]
    return len(rows) > 1 and len(rows[0]) > 1 and not any(map(is_figure, rows[0]))


def _table(rows: Grid, heads: int | None = None) -> Iterator[Part]:
    """Yield a table below its title; a row with one text over a wider table is the title."""
    while len(rows) > 1 and len(rows[0]) > 1 and len(set(filter(None, rows[0]))) == 1:
        yield Part("paragraph", next(filter(None, rows[0])))
        rows, heads = rows[1:], heads and max(0, heads - 1)
    if len(rows) == 1 and sum(map(bool, rows[0])) == 1:
        yield Part("paragraph", next(filter(None, rows[0])))
    else:
        yield from table_parts(rows, heads)
