"""Repair of text extracted from PDFs: each step alone, and clean text left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import (
    clean,
    drop_bold_marks,
    drop_contents,
    drop_fragments,
    drop_interruptions,
    drop_marks,
    drop_page_lines,
    join_sentences,
    level_headings,
    mend_words,
    spell_out,
    unhead_sentences,
)
from corpus.document import Part
from corpus.formats.plain import read_plain
from corpus.words import join_lines, mend_ai, mend_hyphens, vocabulary


def paragraphs(*texts: str, page: int | None = None) -> tuple[Part, ...]:
    return tuple(Part("paragraph", text, page=page) for text in texts)


def texts(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts]


EXTRACTED = """\
#### Papers of the Harbour Research Programme

# **Tides and Trade**

# **Contents**

I.	Why ports matter	01
	(I) The old harbour	01
	(II) Al in the new harbour	02
II.	What comes next	03

# I. Why ports matter

## (I) The old harbour

In the spring, the harbour office counted the first ships of the Interna-

In the spring, the harbour office counted the first ships of the International League, and the \
land-scape of trade changed.<sup>1</sup> The non-UN members of the league, and its high-level council, \
ﬁrst met here.

# (II) AI in the new harbour

Al cranes now lift most loads. With AI, a crane needs one hand; AI plans the rest. The use of AI grew, \
and Al Jazeera reported it. The landscape of the bay stays flat.2 We should widen the

# Papers of the Harbour Research Programme

quays and deepen the channel. **Second, train people.** The harbour pilots learn the new system in a year.

# The harbour is the heart of the town and the reason for its rise.

# II. What comes next

The council will decide in
May which of the two
plans is built.
"""


def test_every_defect_of_an_extracted_text_is_repaired() -> None:
    extract = read_plain(EXTRACTED)
    assert extract.metadata == {"title": "Tides and Trade"}
    assert [(p.kind, p.level, p.text) for p in extract.parts] == [
        ("heading", 4, "Papers of the Harbour Research Programme"),
        ("heading", 1, "Tides and Trade"),
        ("heading", 1, "I. Why ports matter"),
        ("heading", 2, "(I) The old harbour"),
        (
            "paragraph",
            0,
            "In the spring, the harbour office counted the first ships of the International League, and the landscape "
            "of trade changed. The non-UN members of the league, and its high-level council, first met here.",
        ),
        ("heading", 2, "(II) AI in the new harbour"),
        (
            "paragraph",
            0,
            "AI cranes now lift most loads. With AI, a crane needs one hand; AI plans the rest. The use of AI grew, "
            "and Al Jazeera reported it. The landscape of the bay stays flat. We should widen the quays and deepen "
            "the channel. Second, train people. The harbour pilots learn the new system in a year.",
        ),
        ("paragraph", 0, "The harbour is the heart of the town and the reason for its rise."),
        ("heading", 1, "II. What comes next"),
        ("paragraph", 0, "The council will decide in May which of the two plans is built."),
    ]


def test_cleaning_twice_changes_nothing() -> None:
    once = clean(read_plain(EXTRACTED).parts)
    assert clean(once) == once


LINES = st.sampled_from(
    (
        "Annual Report",
        "3",
        "Page 4 of 9",
        "Contents",
        "One .......... 1",
        "Two\t2",
        "Three 3",
        "The office will decide in",
        "may which of the plans is built.",
        "A land-",
        "scape. The landscape is flat.2",
        "Al rules and AI tools; AI grows.<sup>1</sup>",
        "**Bold** claims end here.",
        "1. First",
        "(I) Second",
        "",
    )
)


@given(
    st.lists(
        st.builds(
            Part,
            st.sampled_from(("heading", "paragraph", "item", "row")),
            st.one_of(st.lists(LINES, max_size=3).map("\n".join), st.text(max_size=40)),
            st.integers(1, 4),
            st.one_of(st.none(), st.integers(1, 4)),
        ),
        max_size=12,
    )
)
def test_cleaning_any_parts_twice_changes_nothing(parts: list[Part]) -> None:
    once = clean(parts)
    assert clean(once) == once


def test_clean_text_stays_as_it_is() -> None:
    parts = (
        Part("heading", "1. Report 2024", 1),
        *paragraphs(
            "The co-operation of non-profit groups grew by 2.5 per cent in 2023. See Sec.2 and version 2.2.",
            "Contents of the box: pens",
            "It cost 3**2 dollars, i.e. 9; e-mail and email both work.",
        ),
        Part("item", "first", mark="1. "),
        Part("row", "Year: 2024; Members: 140"),
    )
    assert clean(parts) == parts


def test_ligatures_are_spelt_out_and_invisible_characters_dropped() -> None:
    assert texts(spell_out(paragraphs("The ﬁrst oﬃce\u200b was co\u00adoled"))) == ["The first office was cooled"]


def test_bold_marks_are_dropped_but_powers_stay() -> None:
    assert texts(drop_bold_marks(paragraphs("III. Ways of **AI Governance** System, 2**3**4"))) == [
        "III. Ways of AI Governance System, 2**3**4"
    ]


def test_heads_feet_and_numbers_of_pages_are_dropped() -> None:
    pages = [
        paragraphs(f"Harbour Report | {n}", f"Text {word}.", f"- {n} -", page=n)
        for n, word in enumerate(("one", "two", "three"), start=1)
    ]
    assert texts(drop_page_lines(sum(pages, ()))) == ["Text one.", "Text two.", "Text three."]


def test_a_title_that_pages_repeat_stays_where_it_is_the_heading() -> None:
    title = Part("heading", "Harbour Report", 1, 1)
    rest = [paragraphs("Harbour Report", f"{word} is told.", page=n) for n, word in ((2, "This"), (3, "That"))]
    assert texts(drop_page_lines((title, *paragraphs("It is told.", page=1), *sum(rest, ())))) == [
        "Harbour Report",
        "It is told.",
        "This is told.",
        "That is told.",
    ]


def test_captions_at_the_edges_of_pages_are_no_feet() -> None:
    words = {1: "One", 2: "Two", 3: "Three"}
    parts = sum((paragraphs(f"{word}.", f"Figure {n}: A quay", page=n) for n, word in words.items()), ())
    assert drop_page_lines(parts) == parts


def test_chapters_that_begin_their_pages_are_no_heads() -> None:
    parts = sum(((Part("heading", f"Chapter {n}", 1, n), *paragraphs("ab" * n, page=n)) for n in (1, 2, 3)), ())
    assert drop_page_lines(parts) == parts


def test_a_page_of_nothing_but_a_number_keeps_it() -> None:
    assert texts(drop_page_lines(paragraphs("42", page=1))) == ["42"]


def test_a_page_head_inside_a_sentence_is_dropped_wherever_it_stands_again() -> None:
    head = Part("heading", "Harbour Report", 1)
    parts = (head, *paragraphs("We should widen the joint"), head, *paragraphs("quays of the town."), head)
    assert texts(drop_interruptions(parts)) == ["Harbour Report", "We should widen the joint", "quays of the town."]


def test_a_page_number_inside_a_sentence_is_dropped() -> None:
    parts = paragraphs("We should widen the joint", "12", "quays of the town.", "12")
    assert texts(drop_interruptions(parts)) == ["We should widen the joint", "quays of the town.", "12"]


def test_a_heading_that_recurs_between_whole_sentences_stays() -> None:
    head = Part("heading", "Summary", 2)
    parts = (head, *paragraphs("One is done."), head, *paragraphs("Two is done."))
    assert drop_interruptions(parts) == parts


@pytest.mark.parametrize("lead", [" ........ ", "\t", " . . . . . ", "…… "])
def test_contents_are_dropped_whatever_leads_to_their_numbers(lead: str) -> None:
    lines = paragraphs(f"1 Ports{lead}1", f"1.1 Ships{lead}1", f"2 Trade{lead}7")
    parts = (Part("heading", "Contents", 1), *lines, *paragraphs("The text begins."))
    assert texts(drop_contents(parts)) == ["The text begins."]


def test_contents_without_leaders_need_their_heading() -> None:
    lines = paragraphs("Ports 1", "Ships 4", "Trade 9")
    assert drop_contents(lines) == lines
    assert drop_contents((Part("paragraph", "目 录"), *lines)) == ()


def test_lines_whose_numbers_fall_are_no_contents() -> None:
    lines = paragraphs("Pens\t12", "Ink\t3", "Paper\t9")
    assert drop_contents(lines) == lines


def test_the_beginning_of_a_paragraph_that_stands_twice_is_dropped() -> None:
    whole = "During the first forum for international trade, ports were named."
    assert texts(drop_fragments(paragraphs("During the first forum for interna-", whole))) == [whole]


def test_two_paragraphs_that_begin_alike_both_stay() -> None:
    parts = paragraphs("The office is open.", "The office is open. It closes at six.")
    assert drop_fragments(parts) == parts


def test_a_sentence_cut_by_a_page_break_is_joined_past_a_caption() -> None:
    parts = paragraphs("The council decided to widen", "Figure 2: The quay", "the quays in May.")
    assert texts(join_sentences(parts)) == ["The council decided to widen\nthe quays in May.", "Figure 2: The quay"]


def test_a_sentence_that_breaks_off_at_a_small_word_goes_on_with_a_name() -> None:
    assert len(join_sentences(paragraphs("They met at the Forum of the", "United Nations in May."))) == 1


def test_chinese_prose_is_joined_across_pages_only() -> None:
    parts = (
        Part("paragraph", "世界互联网大会于二零二二年七月十二日在北京成立并且是一", page=1),
        *paragraphs("个组织。", page=2),
    )
    assert len(join_sentences(parts)) == 1
    assert len(join_sentences((*paragraphs(parts[0].text), *paragraphs("个组织。")))) == 2


@pytest.mark.parametrize("end", [".", ":", "?", '."', "。", ";"])
def test_a_paragraph_that_is_complete_is_not_joined(end: str) -> None:
    parts = paragraphs(f"The council decided to widen{end}", "iPads are used.")
    assert join_sentences(parts) == parts


@pytest.mark.parametrize(
    ("wrapped", "elsewhere", "joined"),
    [
        ("land-\nscape", "The landscape", "landscape"),
        ("non-\nUN", "", "non-UN"),
        ("high-\nlevel", "", "high-level"),
        ("decision-\nmaking", "decision-making", "decision-making"),
        ("cost-\nbenefit", "The cost has a benefit", "cost-benefit"),
        ("under-\nstand", "Under the stand", "understand"),
        ("in 2019-\n2020", "", "in 2019-2020"),
        ("govern-\nance", "", "governance"),
        ("世界互联网\n大会", "", "世界互联网大会"),
        ("two\nlines", "", "two lines"),
    ],
)
def test_a_word_split_at_a_lines_end_is_joined_as_the_document_writes_it(
    wrapped: str, elsewhere: str, joined: str
) -> None:
    assert join_lines(wrapped, vocabulary([wrapped, elsewhere])) == joined


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the land-scape", "the landscape"),
        ("China-ASE-AN", "China-ASEAN"),
        ("co-operation", "co-operation"),
        ("non-profit", "non-profit"),
        ("well-known", "well-known"),
    ],
)
def test_a_stray_hyphen_goes_only_where_the_whole_is_a_word_and_no_half_is(broken: str, whole: str) -> None:
    words = vocabulary([broken, "landscape ASEAN cooperation nonprofit wellknown well known"])
    assert mend_hyphens(broken, words) == whole


@pytest.mark.parametrize(
    ("scanned", "read"),
    [
        ("Al governance", "AI governance"),
        ("Al-driven", "AI-driven"),
        ("the Al Action Summit", "the AI Action Summit"),
        ("the Al Rules of the bay", "the AI Rules of the bay"),
        ("Al Jazeera", "Al Jazeera"),
        ("Al-Azhar", "Al-Azhar"),
        ("in Al.", "in Al."),
        ("Also", "Also"),
    ],
)
def test_al_is_ai_where_the_document_shows_it(scanned: str, read: str) -> None:
    words = vocabulary([scanned, "AI is here. AI stays. AI takes actions by a rule."])
    assert mend_ai(scanned, words) == read


def test_al_stays_where_the_document_never_writes_ai() -> None:
    assert texts(mend_words(paragraphs("Al met Al governance."))) == ["Al met Al governance."]


def test_footnote_marks_go_and_numbers_stay() -> None:
    parts = paragraphs(
        "It grew.<sup>1</sup> See Sec.2 of 10<sup>2</sup> m and fig.3", "The system.2 Then it rained.", 'He said "no."3'
    )
    assert texts(drop_marks(parts)) == [
        "It grew. See Sec.2 of 102 m and fig.3",
        "The system. Then it rained.",
        'He said "no."',
    ]


def test_a_digit_after_a_full_stop_stays_where_no_footnotes_are() -> None:
    parts = paragraphs("Use the system.2 Then rest.")
    assert drop_marks(parts) == parts


def test_a_heading_that_is_a_sentence_becomes_a_paragraph() -> None:
    text = "Building synergy is an important lesson drawn from the past."
    assert unhead_sentences((Part("heading", text, 1),)) == paragraphs(text)


def test_headings_numbered_alike_get_one_level() -> None:
    found = [("I. One", 1), ("(I) Two", 1), ("(II) Three", 2), ("II. Four", 1), ("Five", 4)]
    parts = level_headings(tuple(Part("heading", text, level) for text, level in found))
    assert [p.level for p in parts] == [1, 2, 2, 1, 4]


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text", ["a" * 200_000, "a" + " " * 200_000 + "b", "<sup>1," * 30_000, "x-" * 50_000, "." * 99_999]
)
def test_no_text_makes_cleaning_slow(text: str) -> None:
    assert clean(paragraphs(text))
