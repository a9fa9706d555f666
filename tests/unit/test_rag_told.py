"""What a model makes of true sentences: the false ones are not shown, the reworded ones are."""

import pytest

from corpus.document import Document, Part, lay_out
from rag.cite import Source
from rag.clause import clauses, phrases
from rag.prove import proof
from rag.told import leans_elsewhere
from rag.wording import one_wording

FOUNDED = "The World Internet Conference (WIC) was founded as an international organization on July 12, 2022."
SEAT = "The WIC has its headquarters in Beijing, China."
GROWN = "It has six initiators."
MEMBERS = (
    "The WIC introduction published in May 2024 counts 140 members, which come from around 30 countries on six "
    "continents."
)
MEETING = "The annual meeting of the WIC is the Wuzhen Summit, which is held in the town of Wuzhen."
FIRST = (
    "The Wuzhen Summit 2014, the first World Internet Conference (first WIC, 首届世界互联网大会), was held from "
    "November 19 to 21, 2014 in Wuzhen, Zhejiang Province."
)
DENIED = "He denied that the expo is cancelled."
TRANSLATED = "The blue book was translated from a report by Li Wei."
KINDS = "The members are of three kinds:"
ITEMS = ("initiating members", "senior members", "individual members")
ASKED = "When was the first Wuzhen Summit held?"
FIRST_ZH = "首届世界互联网大会于2014年11月19日至21日在浙江乌镇举办，来自约100个国家和地区的1000多名代表参加。"
RUMOUR_ZH = "有媒体称，论坛停办。"
QUOTES = (FOUNDED, GROWN, SEAT, MEMBERS, MEETING, FIRST, DENIED, TRANSLATED, KINDS, *ITEMS, ASKED, FIRST_ZH, RUMOUR_ZH)
LAYOUT = lay_out([Part("paragraph", " ".join(QUOTES))])
DOCUMENT = Document("d.md", "Title", "P", "2024", "", "en", "", "d.md", LAYOUT.text, LAYOUT.blocks)


def source(quote: str) -> Source:
    start = DOCUMENT.text.index(quote)
    return Source(DOCUMENT, start, start + len(quote), "")


SOURCES = [source(quote) for quote in QUOTES]

FALSE = {
    "another verb": "The World Internet Conference was dissolved as an international organization on July 12, 2022.",
    "an adverb": "The World Internet Conference was hardly founded as an international organization on July 12, 2022.",
    "a negation": "The WIC was not founded as an international organization on July 12, 2022.",
    "an adjective": "The WIC was founded as an illegal international organization on July 12, 2022.",
    "a noun": "The WIC was founded as an international company on July 12, 2022.",
    "a future": "The WIC will be founded as an international organization on July 12, 2022.",
    "a name of another": "The Wuzhen Summit was founded as an international organization on July 12, 2022.",
    "the place from another sentence": "The WIC has its headquarters in Wuzhen, China.",
    "the end of another sentence": "The WIC was founded as an international organization in Beijing, China.",
    "numbers swapped": (
        "The WIC introduction published in May 2024 counts 30 members, which come from around 140 countries on six "
        "continents."
    ),
    "another number": "The WIC introduction published in May 2024 counts 30 members.",
    "days swapped": "The Wuzhen Summit 2014 was held from November 21 to 19, 2014.",
    "another day": "The Wuzhen Summit 2014 was held on November 21, 2014.",
    "a verb for its opposite": "The Wuzhen Summit 2014 was cancelled from November 19 to 21, 2014 in Wuzhen.",
    "two clauses of two things": "The annual meeting of the WIC is the Wuzhen Summit and it has six initiators.",
    "what was denied": "The expo is cancelled.",
    "what a phrase belongs to": "The blue book was translated by Li Wei.",
    "a fragment": "The conference",
    "an article": "The",
    "a month": "July.",
    "a short name": "WIC.",
    "a name": "The World Internet Conference (WIC).",
    "the beginning of a sentence": "The Wuzhen Summit 2014, the first World Internet Conference",
    "a question": ASKED,
    "a question for an answer": "The WIC has its headquarters in Beijing, China?",
    "days turned round, zh": "首届世界互联网大会于2014年11月20日至18日在浙江乌镇举办。",
    "a wrong day, zh": "首届世界互联网大会于2014年11月18日至21日在浙江乌镇举办。",
    "stopped, zh": "首届世界互联网大会于2014年11月19日至21日在浙江乌镇停办。",
    "cancelled, zh": "首届世界互联网大会于2014年11月19日至21日在浙江乌镇取消。",
    "a wrong place, zh": "首届世界互联网大会于2014年11月19日至21日在浙江杭州举办。",
    "a wrong name, zh": "首届世界人工智能大会于2014年11月19日至21日在浙江乌镇举办。",
    "numbers swapped, zh": "来自约1000个国家和地区的100多名代表参加。",
    "what somebody says, zh": "论坛停办。",
    "a fragment, zh": "首届世界互联网大会。",
}

TRUE = {
    "headquartered": "The World Internet Conference is headquartered in Beijing, China.",
    "based": "The WIC is based in Beijing, China.",
    "the first part of a place": "The WIC is based in Beijing.",
    "a short name": "The WIC was founded as an international organization on July 12, 2022.",
    "the date first": "On July 12, 2022, the WIC was founded as an international organization.",
    "the year": "The World Internet Conference was founded as an international organization in 2022.",
    "the month": "The WIC was founded as an international organization in July 2022.",
    "no date": "The WIC was founded as an international organization.",
    "another date form": "The Wuzhen Summit 2014 was held from 19 to 21 November 2014 in Wuzhen.",
    "a dash": "The Wuzhen Summit 2014 was held on November 19–21, 2014 in Wuzhen, Zhejiang Province.",
    "place before date": "The Wuzhen Summit 2014 was held in Wuzhen, Zhejiang Province, from November 19 to 21, 2014.",
    "what commas set off": "The first World Internet Conference took place from November 19 to 21, 2014.",
    "no relative clause": "The annual meeting of the WIC is the Wuzhen Summit.",
    "two sentences as two clauses": (
        "The WIC was founded as an international organization on July 12, 2022 and has its headquarters in "
        "Beijing, China."
    ),
    "what it means": "The World Internet Conference (WIC) has six initiators.",
    "a clause, zh": "首届世界互联网大会于2014年11月19日至21日在浙江乌镇举办。",
}


@pytest.mark.parametrize("name", FALSE)
def test_what_says_more_or_something_else_is_shown_by_nothing(name: str) -> None:
    assert proof(FALSE[name], (1, 3, 5), SOURCES) == ()


@pytest.mark.parametrize("name", TRUE)
def test_what_is_worded_in_another_way_is_shown(name: str) -> None:
    assert proof(TRUE[name], (), SOURCES)


@pytest.mark.parametrize("quote", [quote for quote in QUOTES if quote not in (ASKED, *ITEMS)])
def test_every_source_sentence_shows_itself(quote: str) -> None:
    assert proof(quote, (), SOURCES) == (source(quote),)


@pytest.mark.parametrize("item", ["Senior members", "The first World Internet Conference"])
def test_an_item_of_a_list_needs_no_verb(item: str) -> None:
    assert proof(item, (), SOURCES, item=True)
    assert proof(item, (), SOURCES) == ()


def test_a_list_in_a_sentence_is_shown_by_its_introduction_and_its_items() -> None:
    shown_by = tuple(map(source, (KINDS, *ITEMS[:2])))
    marks = tuple(SOURCES.index(one) + 1 for one in shown_by)
    text = "The members are of three kinds: initiating members and senior members."
    assert proof(text, marks, SOURCES) == shown_by
    assert proof(text.replace("members are", "summits are"), marks, SOURCES) == ()


def test_a_full_name_is_shown_with_the_sentence_that_spells_it_out() -> None:
    assert proof(TRUE["headquartered"], (3,), SOURCES) == (source(FOUNDED), source(SEAT))


def test_a_name_that_only_the_document_spells_out_is_cited_from_there() -> None:
    shown_by = proof(TRUE["headquartered"], (1,), [source(SEAT)])
    assert [one.quote for one in shown_by] == [SEAT, "The World Internet Conference (WIC)"]


def test_it_means_what_stands_before_it_in_the_source() -> None:
    assert not leans_elsewhere(GROWN, [source(GROWN)], [source(FOUNDED)])
    assert not leans_elsewhere(GROWN, [source(GROWN)], [])
    assert leans_elsewhere(GROWN, [source(GROWN)], [source(MEETING)])
    assert not leans_elsewhere(SEAT, [source(SEAT)], [source(MEETING)])


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("from November 19 to 21, 2014", "from @2014_11_19~21"),
        ("19–21 November 2014", "@2014_11_19~21"),
        ("in May 2024", "in @2024_05"),
        ("June 30 to July 2, 2024", "@_06_30~2024_07_02"),
        ("1,140 members on six continents", "1140 members on 6 continents"),
        ("The summits were held in 2014.", "The summits was held in 2014."),
        ("The World Internet Conference (WIC) took place", "The WIC was held"),
    ],
)
def test_dates_numbers_and_names_have_one_wording(text: str, worded: str) -> None:
    assert one_wording(text, {"WIC": "World Internet Conference"}) == worded
    assert one_wording(worded, {"WIC": "World Internet Conference"}) == worded


def test_a_sentence_falls_into_phrases() -> None:
    found = phrases(one_wording("The WIC was founded as an international organization on July 12, 2022.", {}))
    assert [(p.lead, " ".join(p.words), p.kind) for p in found] == [
        ("", "WIC", ""),
        ("", "was founded", ""),
        ("as", "international organization", ""),
        ("on", "@2022_07_12", "date"),
    ]


def test_a_later_clause_has_the_subject_of_the_first() -> None:
    assert clauses("The WIC was founded in 2022, and it has members; guests come") == [
        "The WIC was founded in 2022",
        "The WIC has members",
        "guests come",
    ]
    assert clauses("The WIC has members and guests") == []
