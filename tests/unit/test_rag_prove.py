"""A sentence stands only where sources show it: figures, names, months and sense."""

import pytest

from corpus.document import Document, Part, lay_out
from rag.cite import Source
from rag.prove import facts, proof, shows

FOUNDED = "The World Internet Conference was founded on July 12, 2022 in Beijing."
MEMBERS = "It has 1,140 members from six continents."
PLACE = "The Wuzhen Summit is held in the town of Wuzhen every year."
NEVER = "The committee did not meet in 2020."
LAYOUT = lay_out([Part("paragraph", " ".join((FOUNDED, MEMBERS, PLACE, NEVER)))])
DOCUMENT = Document("d.md", "Title", "P", "2024", "", "en", "", "d.md", LAYOUT.text, LAYOUT.blocks)


def source(quote: str) -> Source:
    start = DOCUMENT.text.index(quote)
    return Source(DOCUMENT, start, start + len(quote), "")


SOURCES = [source(FOUNDED), source(MEMBERS), source(PLACE), source(NEVER)]


@pytest.mark.parametrize(
    "text",
    [
        FOUNDED,
        "The World Internet Conference was founded in Beijing on July 12, 2022.",
        "The World Internet Conference was founded in Beijing.",
        "On July 12, 2022, the World Internet Conference was founded in Beijing.",
    ],
)
def test_what_the_source_says_is_shown(text: str) -> None:
    assert shows([source(FOUNDED)], text)


@pytest.mark.parametrize(
    "text",
    [
        "The World Internet Conference was founded on July 13, 2022 in Beijing.",
        "The World Internet Conference was founded on June 12, 2022 in Beijing.",
        "The World Internet Conference was founded on July 12, 2022 in Shanghai.",
        "The World Internet Summit was founded on July 12, 2022 in Beijing.",
        "The World Internet Conference was not founded on July 12, 2022 in Beijing.",
        "Shanghai: the World Internet Conference was founded on July 12, 2022 in Beijing.",
        "The World Internet Conference was cancelled on July 12, 2022 in Beijing.",
        "founded on July 12, 2022",
        "I love you.",
        "",
        "!!!",
    ],
)
def test_what_the_source_does_not_say_is_not_shown(text: str) -> None:
    assert not shows([source(FOUNDED)], text)


def test_numbers_in_words_must_stand_in_the_source_too() -> None:
    assert shows([source(MEMBERS)], "It has 1,140 members from six continents.")
    assert not shows([source(MEMBERS)], "It has 1,140 members from seven continents.")


def test_a_part_of_a_number_is_another_number() -> None:
    assert not shows([source(MEMBERS)], "140 members from six continents.")


def test_a_negation_of_the_source_must_not_get_lost() -> None:
    assert not shows([source(NEVER)], "The committee did meet in 2020.")


def test_the_mark_that_shows_a_sentence_alone_is_the_only_one_kept() -> None:
    assert proof(PLACE, (1, 3), SOURCES) == (SOURCES[2],)


def test_a_sentence_with_a_wrong_mark_is_given_the_source_that_shows_it() -> None:
    assert proof(PLACE, (2,), SOURCES) == (SOURCES[2],)
    assert proof(PLACE, (), SOURCES) == (SOURCES[2],)


def test_two_sources_may_show_a_sentence_together() -> None:
    text = "The World Internet Conference was founded on July 12, 2022 in Beijing and has 1,140 members."
    assert proof(text, (1, 2), SOURCES) == (SOURCES[0], SOURCES[1])


def test_nothing_shows_an_invention() -> None:
    assert proof("The budget is 12 million yuan.", (1, 2), SOURCES) == ()
    assert proof("Anything.", (), []) == ()


def test_facts_are_figures_numbers_months_and_names() -> None:
    assert list(facts("The first of 1,140 members met Ren in May, in the WIC.")) == ["1140", "1", "ren", "may", "wic"]
