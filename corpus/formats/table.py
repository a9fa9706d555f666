"""A table as parts: one row per line, each cell with the name of its column."""

from collections.abc import Iterator, Sequence

from corpus.document import Part


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
    body = rows[heads:]
    columns = _columns(rows[:heads]) if body else []
    for row in body or rows:
        yield Part("row", row_text(columns, row), page=page)


def _columns(heads: Sequence[Sequence[str]]) -> list[str]:
    """Join the heads of each column from top to bottom, a repeated one once: `2024` over `Q1` -> `2024 Q1`."""
    width = max(map(len, heads), default=0)
    stacks = ([row[i] for row in heads if i < len(row) and row[i]] for i in range(width))
    return [" ".join(dict.fromkeys(stack)) for stack in stacks]
