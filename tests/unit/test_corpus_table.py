import pytest

from corpus.formats.table import is_figure, row_text, table_parts


def texts(rows: list[list[str]], heads: int | None = None) -> list[str]:
    return [part.text for part in table_parts(rows, heads)]


def test_row_keeps_the_names_of_its_columns() -> None:
    assert row_text(["Year", "Members"], ["2024", "140"]) == "Year: 2024; Members: 140"


def test_empty_cells_are_left_out() -> None:
    assert row_text(["Year", "Members", "Note"], ["2024", "", "x"]) == "Year: 2024; Note: x"


def test_table_of_heads_alone_is_its_own_text() -> None:
    assert texts([["Year", "Members"]]) == ["Year; Members"]


def test_second_row_of_heads_names_the_columns_with_the_first() -> None:
    rows = [["", "2023", "2023"], ["", "men", "women"], ["Speakers", "7", "9"]]
    assert texts(rows) == ["Speakers; 2023 men: 7; 2023 women: 9"]


def test_one_cell_over_the_whole_width_is_the_title() -> None:
    rows = [["Members", "Members"], ["Year", "Number"], ["2024", "140"]]
    assert [(p.kind, p.text) for p in table_parts(rows)] == [
        ("paragraph", "Members"),
        ("row", "Year: 2024; Number: 140"),
    ]


def test_figures_in_the_first_row_make_it_data() -> None:
    assert texts([["Zone", "12,553"], ["Total", "46,293"]]) == ["Zone; 12,553", "Total; 46,293"]


def test_years_may_name_columns() -> None:
    assert texts([["", "2023", "2024"], ["Members", "120", "140"]]) == ["Members; 2023: 120; 2024: 140"]


def test_names_with_colons_in_the_first_column_leave_no_heads() -> None:
    assert texts([["Seat:", "Beijing"], ["Founded:", "2022"]]) == ["Seat:; Beijing", "Founded:; 2022"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12,553", True), ("-3.5%", True), ("(17)", True), ("€ 5", True), ("2024", False), ("Q1", False), ("", False)],
)
def test_figure_is_told_from_a_name(text: str, expected: bool) -> None:
    assert is_figure(text) is expected
