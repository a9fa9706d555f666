"""Which years a question is about."""

from datetime import date

import pytest

from corpus.document import Document
from index.lexical import terms
from rag.edition import CHANGE, NEWEST, Program, dated, full_years, program_of, years

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The 2024 and the 2025 summit", {"2024", "2025"}),
        ("on 2016年11月16日", {"2016"}),
        ("2,025 guests, 12.2025 km, 120250", set()),
        ("in 1894", set()),
    ],
)
def test_years_are_told_from_other_numbers(text: str, found: set[str]) -> None:
    assert years(text) == found


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What was the theme of last year's summit?", "What was the theme of 2025 summit?"),
        ("What happened last year?", "What happened in 2025?"),
        ("What happened in this year?", "What happened in 2026?"),
        ("去年乌镇峰会的主题是什么？", "2025年乌镇峰会的主题是什么？"),
        ("What lasts years?", "What lasts years?"),
        ("Were there more cases in 2024 than the year before?", "Were there more cases in 2024 than in 2023?"),
        ("who spoke in 2023, and who a year later?", "who spoke in 2023, and who in 2024?"),
        ("2025年比前一年多了什么？", "2025年比2024年多了什么？"),
        ("the year before", "the year before"),
        ("from 2023 to 2024 and the year after?", "from 2023 to 2024 and the year after?"),
    ],
)
def test_years_relative_to_today_are_named(question: str, meant: str) -> None:
    assert dated(question, TODAY) == meant


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("25年香港峰会和24年的比", "2025年香港峰会和2024年的比"),
        ("the '23 summit and ’24", "the 2023 summit and 2024"),
        ("第20年、近25年、2025年、20年前、办了16年", "第20年、近25年、2025年、20年前、办了16年"),
        ("the '90 talks, '2023', it's 25", "the '90 talks, '2023', it's 25"),
    ],
)
def test_years_of_two_digits_are_written_out(text: str, whole: str) -> None:
    assert full_years(text) == whole


def test_questions_for_the_newest_and_for_a_change_are_told() -> None:
    assert NEWEST.search("What is the current number of members?")
    assert NEWEST.search("最新的会员数量是多少？")
    assert not NEWEST.search("Which electric currents flow?")
    assert CHANGE.search("How has the number of members changed?")
    assert CHANGE.search("历届乌镇峰会的主题")
    assert not CHANGE.search("How does the WIC help members?")


def summit(year: str, program: str = "Wuzhen Summit") -> Document:
    """A brief about one edition."""
    return Document(f"{year}.md", "", "", year, "event", "en", program, "", "", (), edition=year)


def test_the_program_that_a_question_names_is_told_with_its_editions() -> None:
    catalog = [summit("2024"), summit("2025"), summit("2026", "Asia-Pacific Summit"), summit("", "Membership")]
    assert program_of(terms("theme of the Wuzhen Summit"), catalog) == Program("Wuzhen Summit", ("2024", "2025"))
    assert program_of(terms("the Asia-Pacific Summit in Wuzhen, summit"), catalog) == Program(
        "Asia-Pacific Summit", ("2026",)
    )
    assert program_of(terms("membership fees"), catalog) is None  # it has no editions
    assert program_of(terms("theme of the summit"), catalog) is None


def test_a_program_is_named_without_the_kind_at_the_end_of_its_name() -> None:
    catalog = [summit("2025", "Straight to Wuzhen Competition"), summit("2024", "Award Program")]
    assert program_of(terms("entries of Straight to Wuzhen"), catalog) == Program(
        "Straight to Wuzhen Competition", ("2025",)
    )
    assert program_of(terms("the award"), catalog) is None  # one word is too few to tell it by
