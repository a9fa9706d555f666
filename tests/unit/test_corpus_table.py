from corpus.formats.table import row_text, sheet_parts, table_parts


def texts(rows: list[list[str]], heads: int = 1) -> list[str]:
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


def test_tables_side_by_side_on_a_sheet_are_read_apart() -> None:
    wide = [["Year", "N", "", "City", "M"], ["2024", "1", "", "Wuzhen", "2"]]
    assert [part.text for part in sheet_parts(wide)] == ["Year: 2024; N: 1", "City: Wuzhen; M: 2"]


def test_title_above_a_table_on_a_sheet_is_a_paragraph() -> None:
    grid = [["Ducks", ""], ["Year", "Number"], ["2024", "140"]]
    assert [(p.kind, p.text) for p in sheet_parts(grid)] == [
        ("paragraph", "Ducks"),
        ("row", "Year: 2024; Number: 140"),
    ]
