from corpus.document import Part
from corpus.formats.markdown import read_markdown, words_in


def test_list_in_a_list_is_one_level_deeper_with_its_own_marks() -> None:
    assert read_markdown("- a\n  1. b\n  2. c\n- d\n").parts == (
        Part("item", "a"),
        Part("item", "b", 1, mark="1. "),
        Part("item", "c", 1, mark="2. "),
        Part("item", "d"),
    )


def test_table_row_keeps_column_names_and_a_link_its_words() -> None:
    text = "| Year | Place |\n|-|-|\n| 2024 | [Wuzhen](https://example.org) |\n"
    assert read_markdown(text).parts == (Part("row", "Year: 2024; Place: Wuzhen"),)


def test_html_in_markdown_is_read_as_html() -> None:
    text = "One.\n\n<table><tr><th>Year<th>N</tr><tr><td>2024<td>1</tr></table>\n\nH<sub>2</sub>O\n\n<!-- no -->\n"
    assert [p.text for p in read_markdown(text).parts] == ["One.", "Year: 2024; N: 1", "H2O"]


def test_words_without_markup_hold_each_cell_once() -> None:
    assert words_in("# A *b*\n\n| c | d |\n|-|-|\n| e | f |\n\n<!-- x -->").split() == ["A", "b", "c", "d", "e", "f"]
