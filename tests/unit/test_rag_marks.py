"""However a reply is cut into pieces, its sentences come out with their marks and without markup."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cite import MARK
from rag.marks import Parser, Written

ANYTHING = st.text(st.sampled_from("[]()12 9,.-!?。a B\n<>【】#*`https://x.y中文") | st.characters(), max_size=80)


def parse(text: str, sources: int = 3) -> list[Written]:
    parser = Parser(sources)
    return [*parser.feed(text), *parser.end()]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("It is in Beijing [1].", (1,)),
        ("It is in Beijing. [1]", (1,)),
        ("It is in Beijing.[1][2]", (1, 2)),
        ("It is in Beijing [2, 1].", (2, 1)),
        ("It is in Beijing [1-3].", (1, 2, 3)),
        ("It is in Beijing 【2】.", (2,)),
        ("It is in Beijing [Source 2].", (2,)),
        ("It is in Beijing [1][1].", (1,)),
        ("[1] It is in Beijing.", (1,)),
        ("It is in Beijing [1](http://evil.example/x).", (1,)),
    ],
)
def test_marks_are_read_in_every_form_that_models_use(text: str, marks: tuple[int, ...]) -> None:
    assert parse(text) == [Written("It is in Beijing.", marks, False)]


def test_marks_behind_a_full_stop_belong_to_the_sentence_before() -> None:
    assert [w.marks for w in parse("One is here. [1] Two is there. [2]")] == [(1,), (2,)]


def test_marks_of_unknown_sources_are_removed_and_counted() -> None:
    parser = Parser(2)
    assert parser.feed("It is so [1][7][0][99999999999].\n") == [Written("It is so.", (1,), False)]
    assert parser.unknown == 2  # 7, and 0, which a number that is too long counts as


def test_an_open_bracket_is_held_back() -> None:
    parser = Parser(2)
    parser.feed("It is in Beijing [")
    assert parser.draft == "It is in Beijing"
    parser.feed("1")
    assert parser.draft == "It is in Beijing"
    parser.feed("], the capital")
    assert parser.draft == "It is in Beijing, the capital"


def test_a_sentence_is_finished_when_the_next_one_has_begun() -> None:
    parser = Parser(2)
    assert parser.feed("It is in Beijing. ") == []
    assert parser.feed("It") == []
    assert parser.feed(" began") == [Written("It is in Beijing.", (), False)]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert [w.text for w in parse("Dr. Smith of the U.S. Government spoke. He left.")] == [
        "Dr. Smith of the U.S. Government spoke.",
        "He left.",
    ]


def test_chinese_sentences_end_without_spaces() -> None:
    assert parse("总部在北京[1]。大会在乌镇[2]。") == [
        Written("总部在北京。", (1,), False),
        Written("大会在乌镇。", (2,), False),
    ]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("See [the page](https://evil.example/a?b=c) now.", "See the page now."),
        ("Look ![x](https://evil.example/p.png) here.", "Look here."),
        ("Go to https://evil.example/x now.", "Go to now."),
        ('Go <a href="https://evil.example">there</a> now.', "Go there now."),
        ("It <img src=x onerror=alert(1)> is.", "It is."),
        ("**Bold** and `code`.", "Bold and code."),
        ("# Heading", "Heading"),
        ("It is in _Beijing_ and *only* there.", "It is in Beijing and only there."),
        ("大会在*北京*举行。", "大会在北京举行。"),
        ("The file a_b_c has 2 * 3 * 4 parts.", "The file a_b_c has 2 * 3 * 4 parts."),
        ("| Seat | Beijing |", "Seat Beijing"),
        ("A javascript:alert(1) link.", "A link."),
    ],
)
def test_links_images_and_markup_are_removed(text: str, clean: str) -> None:
    assert [w.text for w in parse(text)] == [clean]


def test_lines_of_a_list_are_items() -> None:
    assert parse("Kinds:\n- One [1]\n2. Two [2]\n") == [
        Written("Kinds:", (), False),
        Written("One", (1,), True),
        Written("Two", (2,), True),
    ]


@pytest.mark.parametrize(
    "lead_in",
    [
        "Answer: ",
        "**Answer:** ",
        "Based on the sources, ",
        "Answer: based on the provided sources, ",
        "According to source 1, ",
        "According to [1], ",
        "答案：",
        "根据以上资料，",
    ],
)
def test_what_only_announces_an_answer_is_no_part_of_it(lead_in: str) -> None:
    (written,) = parse(f"{lead_in}the WIC has members [1].")
    assert written == Written("The WIC has members.", (1,), False)


def test_what_names_a_source_of_its_own_is_a_part_of_it() -> None:
    assert parse("According to the WIC, it has members.") == [
        Written("According to the WIC, it has members.", (), False)
    ]


@given(ANYTHING, st.lists(st.integers(0, 80), max_size=6))
def test_how_a_reply_is_cut_makes_no_difference(text: str, cuts: list[int]) -> None:
    parser = Parser(3)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    found = [w for start, end in pairwise(places) for w in parser.feed(text[start:end])]
    assert [*found, *parser.end()] == parse(text)


@given(ANYTHING)
def test_no_bracket_and_no_unknown_source_comes_through(text: str) -> None:
    for written in parse(text):
        assert not MARK.search(written.text)
        assert not set("[]<>\n") & set(written.text)
        assert set(written.marks) <= {1, 2, 3}


@given(ANYTHING)
def test_a_draft_shows_no_bracket(text: str) -> None:
    parser = Parser(3)
    for character in text:
        parser.feed(character)
        assert not set("[]<>\n") & set(parser.draft)
