import pytest

from corpus.formats.delimited import read_delimited


def rows(text: str) -> list[str]:
    return [part.text for part in read_delimited(text).parts]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter: str) -> None:
    lines = [["Year", "Place"], ["2024", "Wuzhen, Zhejiang" if delimiter != "," else "Wuzhen"]]
    text = "\n".join(delimiter.join(line) for line in lines)
    assert rows(text) == [f"Year: 2024; Place: {lines[1][1]}"]


def test_quoted_cell_may_hold_delimiters_and_line_breaks() -> None:
    assert rows('Name,Note\nWIC,"one, two\nthree"\n') == ["Name: WIC; Note: one, two three"]


def test_excels_own_note_names_the_delimiter() -> None:
    assert rows("sep=;\nYear;N\n2024;1,5\n") == ["Year: 2024; N: 1,5"]


def test_numbers_in_the_first_record_make_it_data() -> None:
    assert rows("2023,Wuzhen\n2024,Hong Kong\n") == ["2023; Wuzhen", "2024; Hong Kong"]


def test_record_with_too_many_cells_keeps_them() -> None:
    assert rows("a,b\n1,2,3\n4,5\n") == ["a: 1; b: 2; 3", "a: 4; b: 5"]
