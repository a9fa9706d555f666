"""Workbooks: a heading for each sheet, and its tables wherever they stand on it."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpus.document import Extract, Part
from corpus.formats.properties import office_metadata
from corpus.formats.table import table_parts

Grid = list[list[str]]
PERCENT = re.compile(r"0(?:\.(0+))?%")


def read_xlsx(data: bytes) -> Extract:
    """Return the visible sheets' parts and the core properties of a .xlsx, .xlsm or .xltx."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        own = "docProps/core.xml" in package.namelist()  # else the library makes up a date: today
    book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    parts: list[Part] = []
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            parts.extend(_sheet(sheet))
    return Extract(tuple(parts), office_metadata(book.properties) if own else {})


def _sheet(sheet: Worksheet) -> Iterator[Part]:
    tables = [part for region in regions(_grid(sheet)) for part in _region(region)]
    if tables:
        yield Part("heading", sheet.title, 2)
        yield from tables


def _grid(sheet: Worksheet) -> Grid:
    """Return the sheet's texts; a cell merged downwards counts for each of its rows, sideways for the first column."""
    grid = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        text = grid[area.min_row - 1][area.min_col - 1]
        for row in range(area.min_row, min(area.max_row, len(grid))):
            grid[row][area.min_col - 1] = text
    return grid


def _text(cell: Any) -> str:
    """Return a cell as its reader sees it: 45% and not 0.45, no midnight behind a date."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float() if match_ := PERCENT.search(cell.number_format or ""):
            return f"{value * 100:.{len(match_[1] or '')}f}%"
        case float():
            return f"{value:.15g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return " ".join(str(value).split())


def regions(grid: Grid) -> Iterator[Grid]:
    """Yield the tables of a sheet from top to bottom: what empty rows and columns keep apart."""
    for band in _split(grid):
        columns = [list(column) for column in zip(*band, strict=True)]
        stacks = list(_split(columns))
        if len(stacks) == 1:
            yield [list(row) for row in zip(*stacks[0], strict=True)]
            continue
        for stack in stacks:
            yield from regions([list(row) for row in zip(*stack, strict=True)])


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


def _region(rows: Grid) -> Iterator[Part]:
    """Yield a table below its title; a row with one text over a wider table is the title."""
    while len(rows[0]) > 1 and sum(map(bool, rows[0])) == 1 and len(rows) > 1:
        yield Part("paragraph", next(filter(None, rows[0])))
        rows = rows[1:]
    if len(rows) == 1 and sum(map(bool, rows[0])) == 1:
        yield Part("paragraph", next(filter(None, rows[0])))
        return
    yield from table_parts(rows)
