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
from corpus.formats.table import Grid, sheet_parts

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
    tables = list(sheet_parts(_grid(sheet)))
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
