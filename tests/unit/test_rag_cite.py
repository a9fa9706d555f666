"""The rules of citing hold for whatever is composed, and an answer that breaks one cannot be made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Part, lay_out
from rag.cite import MARK, Answer, Claim, Source, answer_from, compose, support_of

TEXT = "Founded on July 12, 2022. The WIC sits in Beijing. 140 members came [3] to it."
LAYOUT = lay_out([Part("paragraph", TEXT)])
DOCUMENT = Document("d.md", "Title", "P", "2024", "", "en", "", "d.md", LAYOUT.text, LAYOUT.blocks)


def source(quote: str) -> Source:
    start = TEXT.index(quote)
    return Source(DOCUMENT, start, start + len(quote), "Section")


def answer(text: str, claims: list[Claim]) -> Answer:
    return Answer("q", "q", "en", "answered", text, compose(claims)[1])


SPANS = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)).map(lambda t: (t[0], min(len(TEXT), t[0] + t[1])))
CLAIMS = st.lists(
    st.builds(
        lambda spans, own, item: Claim(
            own if own is not None else TEXT[spans[0][0] : spans[0][1]],
            tuple(Source(DOCUMENT, start, end, "") for start, end in spans),
            item,
        ),
        st.lists(SPANS, min_size=1, max_size=3),
        st.none() | st.text(max_size=30),
        st.booleans(),
    ),
    max_size=6,
)


@given(CLAIMS)
def test_marks_are_1_to_n_by_appearance_and_each_opens_its_quote(claims: list[Claim]) -> None:
    text, citations = compose(claims)
    marks = list(dict.fromkeys(int(mark) for mark in MARK.findall(text)))
    assert marks == [c.number for c in citations] == list(range(1, len(citations) + 1))
    assert all(DOCUMENT.text[c.start : c.end] == c.quote for c in citations)


def test_a_bracketed_number_of_the_source_is_no_mark() -> None:
    text, citations = compose([Claim(TEXT, (source(TEXT),))])
    assert text.count("[3]") == 0
    assert len(citations) == 1


def test_a_claim_with_a_number_that_no_source_has_is_left_out() -> None:
    assert compose([Claim("150 members came to it.", (source("140 members came"),))]) == ("", ())


def test_a_claim_with_a_name_that_no_source_has_is_left_out() -> None:
    assert support_of(Claim("The WIC sits in Shanghai.", (source("The WIC sits in Beijing."),))) == "unsupported"


def test_the_same_source_keeps_its_number() -> None:
    beijing = source("The WIC sits in Beijing.")
    text, citations = compose([Claim(beijing.quote, (beijing,)), Claim(beijing.quote, (beijing,))])
    assert MARK.findall(text) == ["1", "1"]
    assert len(citations) == 1


def test_items_stand_on_lines_of_their_own() -> None:
    beijing, founded = source("The WIC sits in Beijing."), source("Founded on July 12, 2022.")
    text, _ = compose([Claim(beijing.quote, (beijing,)), Claim(founded.quote, (founded,), item=True)])
    assert text == "The WIC sits in Beijing. [1]\n\n- Founded on July 12, 2022. [2]"


@pytest.mark.parametrize(("text", "number"), [("No mark.", 1), ("Wrong mark. [2]", 1), ("Two. [1][2]", 1)])
def test_marks_that_do_not_match_the_citations_are_refused(text: str, number: int) -> None:
    with pytest.raises(ValueError, match="do not match citations"):
        answer(text, [Claim("The WIC sits in Beijing.", (source("The WIC sits in Beijing."),))] * number)


def test_a_declined_question_has_no_citations() -> None:
    _, citations = compose([Claim("The WIC sits in Beijing.", (source("The WIC sits in Beijing."),))])
    with pytest.raises(ValueError, match="'not_in_corpus' has no citations"):
        Answer("q", "q", "en", "not_in_corpus", "The documents do not say. [1]", citations)


def test_an_answer_without_citations_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a citation"):
        Answer("q", "q", "en", "answered", "Beijing.")


def test_an_answer_survives_its_json_form() -> None:
    beijing = source("The WIC sits in Beijing.")
    text, citations = compose([Claim(beijing.quote, (beijing,))])
    made = Answer("q", "q", "en", "answered", text, citations)
    assert answer_from(made.as_dict()) == made
