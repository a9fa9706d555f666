from corpus.formats.sheet import sheet_parts


def texts(grid: list[list[str]]) -> list[str]:
    return [part.text for part in sheet_parts(grid)]


def test_tables_side_by_side_on_a_sheet_are_read_apart() -> None:
    grid = [["Year", "N", "", "City", "M"], ["2024", "1", "", "Wuzhen", "2"]]
    assert texts(grid) == ["Year: 2024; N: 1", "City: Wuzhen; M: 2"]


def test_empty_column_between_figures_does_not_part_a_table() -> None:
    grid = [["Zone", "", "Sales", "", "Profit"], ["Europe", "", "9467", "", "1570"]]
    assert texts(grid) == ["Zone: Europe; Sales: 9467; Profit: 1570"]


def test_heads_above_an_empty_row_name_the_columns_of_the_figures_below() -> None:
    grid = [["Zone", "Sales", "Profit"], ["", "net", "gross"], ["", "", ""], ["Europe", "9467", "1570"]]
    assert texts(grid) == ["Zone: Europe; Sales net: 9467; Profit gross: 1570"]


def test_title_above_a_table_on_a_sheet_is_a_paragraph() -> None:
    grid = [["Ducks", ""], ["Year", "Number"], ["2024", "140"]]
    assert [(p.kind, p.text) for p in sheet_parts(grid)] == [
        ("paragraph", "Ducks"),
        ("row", "Year: 2024; Number: 140"),
    ]
