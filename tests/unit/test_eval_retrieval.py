from math import log2

import pytest

from eval.evidence import Span, find_quote, holds_span, place_of, same_place
from eval.golden import Evidence
from eval.retrieval import new_evidence, retrieval


def span(start: int, end: int, document: str = "a") -> Span:
    return Span(document, start, end)


OTHER = span(500, 600)


def test_evidence_in_the_second_passage() -> None:
    found = retrieval([OTHER, span(0, 100)], [span(10, 20)])
    assert found["mrr"] == 1 / 2
    assert (found["recall_at_1"], found["recall_at_5"]) == (0, 1)
    assert found["ndcg_at_10"] == pytest.approx(1 / log2(3))


def test_half_of_the_evidence_is_found() -> None:
    found = retrieval([span(0, 100)], [span(10, 20), span(300, 310)])
    assert (found["recall_at_1"], found["recall_at_10"]) == (0.5, 0.5)
    assert found["ndcg_at_10"] == pytest.approx(1 / (1 + 1 / log2(3)))


def test_a_passage_with_two_pieces_of_evidence_gains_twice() -> None:
    evidence = [span(10, 20), span(30, 40), span(300, 310)]
    found = retrieval([span(300, 400), span(0, 100)], evidence)
    assert found["recall_at_1"] == pytest.approx(1 / 3)
    assert found["ndcg_at_10"] == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))


def test_evidence_counts_in_the_first_passage_that_holds_it() -> None:
    assert new_evidence([span(0, 100), span(0, 50)], [span(10, 20)]) == [[0], []]


def test_evidence_that_is_gone_from_the_documents_is_not_found() -> None:
    assert retrieval([span(0, 100)], [None])["recall_at_10"] == 0


def test_nothing_found_has_zero() -> None:
    assert set(retrieval([], [span(0, 5)]).values()) == {0.0}


def test_nothing_is_measured_without_evidence() -> None:
    assert retrieval([OTHER], []) == {}


def test_another_document_holds_nothing() -> None:
    assert not holds_span(span(0, 100, "b"), span(10, 20))


def test_a_quote_that_reaches_into_the_next_passage_is_held_by_the_one_with_most_of_it() -> None:
    assert holds_span(span(0, 100), span(95, 104))
    assert not holds_span(span(100, 200), span(95, 104))


def test_a_citation_of_the_sentence_around_the_evidence_is_of_the_same_place() -> None:
    assert same_place(span(0, 100), span(40, 60))
    assert not same_place(span(0, 50), span(45, 100))


TEXT = "It began in 2014. The summit welcomed 1,000 guests from many countries of the world. It ended."


@pytest.mark.parametrize(
    "quote",
    [
        "The summit welcomed 1,000 guests from many countries of the world.",
        "The summit  welcomed 1,000\nguests from many countries of the world.",
        "The summit welcomed 1,000 guests from many countries in the world.",
    ],
    ids=["word for word", "other white space", "edited"],
)
def test_a_quote_is_found_again(quote: str) -> None:
    found = find_quote(TEXT, quote)
    assert found
    assert TEXT[slice(*found)].startswith("The summit welcomed")
    assert TEXT[slice(*found)].endswith("world.")


@pytest.mark.parametrize(
    "quote",
    ["The summit welcomed 2,000 guests from many countries of the world.", "Nobody came to the place at all.", ""],
    ids=["other number", "other words", "empty"],
)
def test_another_statement_is_not_taken_for_the_quote(quote: str) -> None:
    assert find_quote(TEXT, quote) in (None, (0, 0))


def test_evidence_in_no_document_has_no_place() -> None:
    assert place_of(Evidence("gone.md", "It began."), lambda id: None) is None
