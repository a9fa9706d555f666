"""Workbooks: a heading for each sheet, and its tables wherever they stand on it."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import accumulate, pairwise
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from corpus.document import Extract, Part
from corpus.formats.properties import office_metadata
from corpus.formats.sheet import sheet_parts
from corpus.formats.table import Grid

MERGED = 1_000  # rows that one merged cell counts for
PERCENT = re.compile(r"0(?:\.(0+))?%")


def read_xlsx(data: bytes) -> Extract:
    """Return the visible sheets' parts and the core properties of a .xlsx, .xlsm or .xltx."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        own = "docProps/core.xml" in package.namelist()  # else the library makes up a date: today
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pictures and styles that the library drops hold no text
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
    """Return the sheet's texts; a merged cell counts for all its rows, for all its columns only above their names."""
    texts = {place: text for place, cell in sheet._cells.items() if (text := _text(cell))}
    for area in sheet.merged_cells.ranges:
        text = texts.get((area.min_row, area.min_col), "")
        if not text:
            continue
        for row in range(area.min_row + 1, min(area.max_row, area.min_row + MERGED) + 1):
            texts[row, area.min_col] = text
        across = range(area.min_col, min(area.max_col, area.min_col + MERGED) + 1)
        if all(texts.get((area.max_row + 1, column)) for column in across):
            texts.update({(area.min_row, column): text for column in across})
    # A file may claim a million empty rows, so gaps shrink to the one empty row that parts tables.
    rows, columns = (_close_up({place[axis] for place in texts}) for axis in (0, 1))
    grid = [[""] * (max(columns.values(), default=0) + 1) for _ in range(max(rows.values(), default=-1) + 1)]
    for (row, column), text in texts.items():
        grid[rows[row]][columns[column]] = text
    return grid


def _close_up(places: set[int]) -> dict[int, int]:
    """Return new numbers from 0 for row or column numbers, with one left out for every gap."""
    ordered = sorted(places)
    steps = [0, *(1 if b == a + 1 else 2 for a, b in pairwise(ordered))]
    return dict(zip(ordered, accumulate(steps), strict=False))


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
