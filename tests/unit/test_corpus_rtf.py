import pytest

from corpus.formats.rtf import read_rtf


def test_paragraphs_in_a_legacy_code_page_are_read() -> None:
    data = (
        b"{\\rtf1\\ansi\\ansicpg1252{\\info{\\title Report}}The caf\\'e9 opened.\\par It closed at \\u20013\\'3f.\\par}"
    )
    extract = read_rtf(data)
    assert [p.text for p in extract.parts] == ["The café opened.", "It closed at 中."]
    assert dict(extract.metadata) == {"title": "Report"}


def test_table_rows_keep_column_names() -> None:
    row = b"\\trowd\\intbl %b\\cell\\intbl %b\\cell\\row "
    data = b"{\\rtf1 Before\\par " + row % (b"Year", b"N") + row % (b"2024", b"140") + b"After\\par}"
    assert [p.text for p in read_rtf(data).parts] == ["Before", "Year: 2024; N: 140", "After"]


def test_file_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no \.rtf file"):
        read_rtf(b"hello")
