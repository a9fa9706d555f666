"""Tables in text form: CSV with commas, semicolons, tabs or bars."""

import csv
import re
from itertools import islice

from corpus.document import Extract
from corpus.formats.table import table_parts

DELIMITERS = ",;\t|"
SAMPLE = 100  # rows that decide on the delimiter
NUMBER = re.compile(r"[-+]?[\d.,/:-]*\d%?")


def read_delimited(text: str) -> Extract:
    """Return one row for each record; the first record names the columns unless it looks like the second."""
    text = text.replace("\x00", "")
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest  # Excel's own note
    else:
        delimiter = _delimiter(text)
    csv.field_size_limit(max(len(text), 131_072))
    rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    return Extract(tuple(table_parts(rows, int(_has_heads(rows)))))


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most rows into the same number of cells, above one."""
    lines = list(islice(text.splitlines(keepends=True), SAMPLE))

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    csv.field_size_limit(max(len(text), 131_072))
    return max(DELIMITERS, key=agreement)


def _has_heads(rows: list[list[str]]) -> bool:
    """Tell that the first record is not data: no column is a number in both the first and the second."""
    return len(rows) > 1 and not any(
        NUMBER.fullmatch(a.strip()) and NUMBER.fullmatch(b.strip()) for a, b in zip(rows[0], rows[1], strict=False)
    )
