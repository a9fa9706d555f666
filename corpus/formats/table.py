"""A table as parts: one row per line, each cell with the name of its column."""

from collections.abc import Iterator, Sequence

from corpus.document import Part

Grid = list[list[str]]


def row_text(columns: Sequence[str], cells: Sequence[str]) -> str:
    """Return a table row that keeps its column names: `Year: 2024; Members: 140`."""
    pairs = [
        f"{columns[i]}: {cell}" if i < len(columns) and columns[i] and cell != columns[i] else cell
        for i, cell in enumerate(cells)
    ]
    return "; ".join(pair for pair, cell in zip(pairs, cells, strict=True) if cell.strip())


def table_parts(rows: Sequence[Sequence[str]], heads: int = 1, page: int | None = None) -> Iterator[Part]:
    """Yield the rows of a table whose first `heads` rows name the columns; a table of heads alone is its own text."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    rows = [row for row in rows if any(row)]
    while len(rows) > 1 and len(rows[0]) > 1 and len(set(rows[0])) == 1:
        yield Part("paragraph", rows[0][0], page=page)  # one cell over the whole width is the table's title
        rows = rows[1:]
    heads += heads == 1 and _goes_on(rows)
    body = rows[heads:]
    columns = _columns(rows[:heads]) if body else []
    for row in body or rows:
        yield Part("row", row_text(columns, row), page=page)


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


def sheet_parts(grid: Grid) -> Iterator[Part]:
    """Yield the tables and texts of a spreadsheet's sheet, wherever they stand on it."""
    for region in _regions(grid):
        yield from _region_parts(region)


def _regions(grid: Grid) -> Iterator[Grid]:
    """Yield the tables of a sheet from top to bottom: what empty rows and columns keep apart."""
    for band in _split(grid):
        columns = [list(column) for column in zip(*band, strict=True)]
        stacks = list(_split(columns))
        if len(stacks) == 1:
            yield [list(row) for row in zip(*stacks[0], strict=True)]
            continue
        for stack in stacks:
            yield from _regions([list(row) for row in zip(*stack, strict=True)])


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


def _region_parts(rows: Grid) -> Iterator[Part]:
    """Yield a table below its title; a row with one text over a wider table is the title."""
    while len(rows[0]) > 1 and sum(map(bool, rows[0])) == 1 and len(rows) > 1:
        yield Part("paragraph", next(filter(None, rows[0])))
        rows = rows[1:]
    if len(rows) == 1 and sum(map(bool, rows[0])) == 1:
        yield Part("paragraph", next(filter(None, rows[0])))
        return
    yield from table_parts(rows)
