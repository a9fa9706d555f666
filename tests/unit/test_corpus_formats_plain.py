"""Plain text: headings, items and paragraphs from its lines alone."""

import pytest

from corpus.document import Part
from corpus.formats.plain import read_plain

PROSE = "The harbour office counted the ships of the league in spring and in autumn, and wrote the numbers down."
LONG = PROSE + " " + PROSE


def outline(text: str) -> list[tuple[str, int]]:
    return [(part.text, part.level) for part in read_plain(text).parts if part.kind == "heading"]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in read_plain(text).parts]


def test_short_lines_that_stand_alone_above_prose_are_headings() -> None:
    text = f"Harbour News\n\nThe office counts ships\n\n{PROSE}\n\nThe office closes in May\n\n{PROSE}\n\nTel: 010-5"
    assert outline(text) == [("Harbour News", 1), ("The office counts ships", 2), ("The office closes in May", 2)]


def test_a_heading_and_one_below_it_may_stand_together() -> None:
    assert outline(f"Harbour News\nThe office counts ships\n\n{LONG}") == [
        ("Harbour News", 1),
        ("The office counts ships", 2),
    ]


def test_numbers_say_how_deep_a_heading_is() -> None:
    text = f"Harbour\n\n1. About us\n\n{PROSE}\n\nShips\n\n{PROSE}\n\n2. Members\n\n{PROSE}\n\n2.1 Towns\n\n{PROSE}"
    assert outline(text) == [("Harbour", 1), ("1. About us", 2), ("Ships", 3), ("2. Members", 2), ("2.1 Towns", 3)]


def test_chinese_headings_are_found() -> None:
    prose = "港口办公室在春天和秋天清点联盟的船只,并把数字记录下来。"
    assert outline(f"港口新闻\n\n一、关于我们\n\n{prose}\n\n（一）船只\n\n{prose}") == [
        ("港口新闻", 1),
        ("一、关于我们", 2),
        ("（一）船只", 3),
    ]


@pytest.mark.parametrize("line", ["It is done.", "We need:", "in lower case", "Dear all,", "x" * 160])
def test_a_line_that_is_no_title_is_no_heading(line: str) -> None:
    assert outline(f"{line}\n\n{PROSE}") == []


def test_a_line_with_nothing_below_it_is_no_heading() -> None:
    assert outline(f"{PROSE}\n\nThe End") == []


def test_lines_between_a_title_and_the_first_heading_are_paragraphs() -> None:
    text = f"Harbour News\n\nAnn Clerk\n\nPort Office\n\nThe office counts ships\n\n{PROSE}"
    assert outline(text) == [("Harbour News", 1), ("The office counts ships", 2)]


def test_long_lines_are_a_paragraph_each() -> None:
    assert kinds(f"Harbour counts ships\n{LONG}\n{LONG}") == [
        ("heading", "Harbour counts ships"),
        ("paragraph", LONG),
        ("paragraph", LONG),
    ]


def test_wrapped_lines_are_joined() -> None:
    text = (
        "The harbour office counted the ships\nof the league in spring. It wrote the\nnumbers down and sent them out."
    )
    assert kinds(text + "\n\nA second one.") == [
        ("paragraph", " ".join(text.split())),
        ("paragraph", "A second one."),
    ]


def test_a_line_with_room_for_the_next_word_ends_its_paragraph() -> None:
    text = (
        "The harbour office counted the ships\nof the league.\nIt wrote the numbers down and sent them\nto the towns."
    )
    assert [text for _, text in kinds(text)] == [
        "The harbour office counted the ships of the league.",
        "It wrote the numbers down and sent them to the towns.",
    ]


def test_wrapped_chinese_lines_are_joined_without_spaces() -> None:
    text = "港口办公室在春天和秋天清点联盟的船只\n并把数字记录下来再送到各个城镇去给人\n们看。"
    assert kinds(text) == [("paragraph", text.replace("\n", ""))]


def test_a_list_of_names_stays_a_list_of_names() -> None:
    names = ("Ann Clerk, Port Office of the Northern Town", "Bob Smith, Port Office of the Northern Town")
    assert [text for _, text in kinds("\n".join(names))] == list(names)


@pytest.mark.parametrize(
    ("lines", "marks"),
    [
        ("- one\n- two", ["- ", "- "]),
        ("1. one\n2) two", ["1. ", "2) "]),
        ("(1) one\n(2) two", ["(1) ", "(2) "]),
        ("•\tone\n●\ttwo", ["- ", "- "]),
        ("（1）one\n（2）two", ["（1） ", "（2） "]),
    ],
)
def test_marks_begin_items(lines: str, marks: list[str]) -> None:
    parts = read_plain(lines).parts
    assert [(p.kind, p.mark, p.text) for p in parts] == [
        ("item", mark, text) for mark, text in zip(marks, ("one", "two"), strict=True)
    ]


def test_an_item_goes_on_in_its_wrapped_line() -> None:
    assert kinds("- the ships of the north\n  and of the south\n- the towns") == [
        ("item", "the ships of the north and of the south"),
        ("item", "the towns"),
    ]


def test_markdown_in_a_text_file_is_read_as_such() -> None:
    text = f"#### Papers\n\n# Tides\n\n{PROSE}\n\n| Year | Ships |\n|---|---|\n| 2024 | 7 |"
    extract = read_plain(text)
    assert extract.metadata == {"title": "Tides"}
    assert extract.parts == (
        Part("heading", "Papers", 4),
        Part("heading", "Tides", 1),
        Part("paragraph", PROSE),
        Part("row", "Year: 2024; Ships: 7"),
    )


def test_one_line_with_a_hash_is_no_heading() -> None:
    assert kinds("# 1 of the list\n\nis not a title.")[0][0] == "paragraph"


def test_an_underlined_line_is_a_heading() -> None:
    assert outline(f"Tides\n=====\n\nShips\n-----\n{PROSE}") == [("Tides", 1), ("Ships", 2)]


def test_form_feeds_divide_pages_whose_heads_go() -> None:
    pages = [f"Harbour Papers   {n}\n\n{word} stands here.\n" for n, word in enumerate(("One", "Two", "Three"), 1)]
    assert [(p.page, p.text) for p in read_plain("\f".join(pages)).parts] == [
        (1, "One stands here."),
        (2, "Two stands here."),
        (3, "Three stands here."),
    ]


def test_every_kind_of_line_end_is_one() -> None:
    assert kinds("One.\r\n\r\nTwo.\r\rThree.") == [
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("paragraph", "Three."),
    ]


def test_an_empty_text_has_no_parts() -> None:
    assert read_plain(" \n\f\n").parts == ()


def test_prose_keeps_every_word() -> None:
    text = "\n\n".join([f"Harbour counts ships\n\n{PROSE}", "- one\n- two", f"Ships:\n\n{PROSE}"])
    parts = read_plain(text).parts
    assert " ".join(f"{p.mark if p.kind == 'item' else ''}{p.text}" for p in parts).split() == text.split()
