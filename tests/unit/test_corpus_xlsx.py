import io
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from corpus.document import Part
from corpus.formats.xlsx import read_xlsx


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_of(*rows: list[Any]) -> tuple[Workbook, Any]:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    return book, sheet


def test_sheet_name_is_the_heading_of_its_rows() -> None:
    book, sheet = sheet_of(["Year", "Members"], [2024, 140.0])
    sheet.title = "Growth"
    assert read_xlsx(saved(book)).parts == (Part("heading", "Growth", 2), Part("row", "Year: 2024; Members: 140"))


def test_values_are_written_as_a_reader_sees_them() -> None:
    book, sheet = sheet_of(["Share", "Day", "Open"], [0.456, datetime(2024, 5, 24), True])
    sheet["A2"].number_format = "0.0%"
    assert read_xlsx(saved(book)).parts[1].text == "Share: 45.6%; Day: 2024-05-24; Open: TRUE"


def test_tables_between_empty_rows_have_their_own_columns() -> None:
    book, _ = sheet_of(["Year", "N"], [2024, 1], [], [], ["City", "M"], ["Wuzhen", 2])
    assert [p.text for p in read_xlsx(saved(book)).parts[1:]] == ["Year: 2024; N: 1", "City: Wuzhen; M: 2"]


def test_cell_at_the_end_of_a_huge_sheet_costs_nothing() -> None:
    book, sheet = sheet_of(["first"])
    sheet["XFD1048576"] = "last"
    assert [p.text for p in read_xlsx(saved(book)).parts[1:]] == ["first", "last"]


def test_hidden_sheet_is_left_out() -> None:
    book, _ = sheet_of(["shown"])
    hidden = book.create_sheet("secret")
    hidden["A1"], hidden.sheet_state = "not shown", "hidden"
    assert [p.text for p in read_xlsx(saved(book)).parts] == ["Sheet", "shown"]


def test_head_merged_over_columns_names_each_of_them() -> None:
    book, sheet = sheet_of(["City", "2024", None], [None, "men", "women"], ["Wuzhen", 7, 9])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    assert read_xlsx(saved(book)).parts[1].text == "City: Wuzhen; 2024 men: 7; 2024 women: 9"


def test_merged_cell_counts_for_each_of_its_rows() -> None:
    book, sheet = sheet_of(["City", "Year"], ["Wuzhen", 2023], [None, 2024])
    sheet.merge_cells("A2:A3")
    rows = [p.text for p in read_xlsx(saved(book)).parts[1:]]
    assert rows == ["City: Wuzhen; Year: 2023", "City: Wuzhen; Year: 2024"]
