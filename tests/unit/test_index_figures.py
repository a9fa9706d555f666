"""Which figures contradict each other, and which only look so."""

import pytest

from corpus.document import Document, lay_out
from corpus.formats.markdown import read_markdown
from corpus.split import split
from index.figures import contradictions

PROGRAMS = ("Wuzhen Summit", "Asia-Pacific Summit", "Light of Internet Expo")


def document(name: str, text: str, edition: str = "") -> Document:
    layout = lay_out(read_markdown(text).parts)
    return Document(
        id=name,
        title="",
        publisher="",
        date="",
        kind="",
        language="en",
        program="Wuzhen Summit",
        source="",
        text=layout.text,
        blocks=layout.blocks,
        edition=edition,
    )


def disagree(one: str, other: str, edition: str = "") -> bool:
    documents = (document("a", one, edition), document("b", other, edition))
    sentences = [(d, s) for d in documents for passage in split(d) for s in passage.sentences]
    return bool(list(contradictions(sentences, PROGRAMS)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The 2023 Wuzhen Summit had 20 sub-forums.", "The Wuzhen Summit of 2023 had 24 sub-forums."),
        ("In 2020 fifteen achievements were released.", "14 achievements were released in 2020."),
        ("The expo of 2023 had 580 exhibitors.", "The expo of 2023 had more than 600 exhibitors."),
        ("China had 1.05 billion users in June 2022.", "In June 2022 China had 1.5 billion users."),
    ],
)
def test_another_number_of_the_same_thing_is_a_contradiction(one: str, other: str) -> None:
    assert disagree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The 2023 Wuzhen Summit had 20 sub-forums.", "The 2025 Wuzhen Summit had 24 sub-forums."),  # year
        ("As of May 2024 the WIC had 140 members.", "As of October 2024 the WIC had 170 members."),  # month
        ("The 2025 Wuzhen Summit had 24 forums.", "The 2025 Asia-Pacific Summit had 3 forums."),  # event
        ("The 2025 Wuzhen Summit had 24 forums.", "The 2025 Wuzhen Summit had 1,600 guests."),  # thing
        ("The expo of 2016 had 310 exhibitors.", "The expo of 2016 had more than 300 exhibitors."),  # over 300
        ("The expo of 2021 had nearly 2,000 guests.", "The expo of 2021 had 1,950 guests."),
        ("The summit ran from November 6 to 9, 2025.", "The summit ran from November 7 to 9, 2025."),  # days
        ("The expo of 2019 had 601 exhibitors.", "The expo of 2019 had 580 exhibitors, Xinhua reported."),  # whose
        ("The 2025 summit had 24 forums and 3 meetings.", "The 2025 summit had 3 meetings and 24 forums."),
    ],
)
def test_what_only_looks_like_a_contradiction_is_none(one: str, other: str) -> None:
    assert not disagree(one, other)


def test_a_sentence_without_a_year_takes_the_edition_of_its_brief() -> None:
    one, other = "The Wuzhen Summit had 20 sub-forums.", "The Wuzhen Summit had 24 sub-forums."
    assert disagree(one, other, edition="2023")
    assert not disagree(one, other)


TABLE = "The table lists the {} by year:\n\n| Edition | Exhibitors |\n|---|---|\n| 2016 (third) | {} |\n"


def test_rows_of_the_same_year_and_column_are_compared() -> None:
    assert disagree(TABLE.format("Light of Internet Expo", "310"), TABLE.format("Light of Internet Expo", "301"))


@pytest.mark.parametrize(
    ("program", "cell"), [("Light of Internet Expo", "310 companies from 20 countries"), ("Asia-Pacific Summit", "301")]
)
def test_rows_that_share_a_figure_or_tell_of_another_event_are_fine(program: str, cell: str) -> None:
    assert not disagree(TABLE.format("Light of Internet Expo", "310"), TABLE.format(program, cell))
