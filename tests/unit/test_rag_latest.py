"""The newest of sentences that answer equally well."""

from dataclasses import replace

import numpy as np

from corpus.document import Document
from corpus.split import Passage, Sentence
from rag.latest import asked_of, latest_first, newer_first
from rag.question import Question
from rag.retrieve import Hit
from rag.score import Candidate

QUESTION = Question("How many exhibitors were there?", "How many exhibitors were there?", "en", "number")


def candidate(text: str, years: set[str], similarity: float, program: str = "Expo") -> Candidate:
    """A sentence of a document of its own."""
    document = Document(f"{text}.md", "Expo", "", "", "", "en", program, "", text, ())
    sentence = Sentence(document.id, 0, len(text), "paragraph")
    passage = Passage(document.id, 0, len(text), (), None, (sentence,))
    hit = Hit(document, passage, np.empty((1, 0), np.float32), 1.0, 1, 1)
    return Candidate(hit, sentence, similarity, 1.0, 1.0, 1.0, frozenset(years), similarity)


OLD = candidate("310 exhibitors in 2016", {"2016"}, 0.90)
NEW = candidate("670 exhibitors in 2025", {"2025"}, 0.89)
WORSE = candidate("some guests in 2026", {"2026"}, 0.80)
ELSEWHERE = candidate("99 exhibitors in 2026", {"2026"}, 0.90, program="Other")


def test_the_newest_of_equal_answers_comes_first_and_tells_of_the_earlier_ones() -> None:
    latest = latest_first(QUESTION, [OLD, NEW, WORSE, ELSEWHERE])
    assert latest.ranked == [NEW, WORSE, ELSEWHERE]
    assert latest.earlier == ("2016",)


def test_a_question_that_names_its_year_or_asks_for_a_change_keeps_the_order() -> None:
    for question in (replace(QUESTION, years=frozenset({"2016"})), replace(QUESTION, change=True)):
        assert latest_first(question, [OLD, NEW]).ranked == [OLD, NEW]


def test_a_single_answer_has_no_earlier_ones() -> None:
    assert latest_first(QUESTION, [NEW, WORSE]).earlier == ()
    assert latest_first(QUESTION, []).ranked == []


def test_of_figures_of_one_year_the_one_of_the_later_month_is_the_newest() -> None:
    spring = candidate("140 members, May 2024", {"2024"}, 0.90)
    autumn = candidate("As of October 24, 2024, about 170 members", {"2024"}, 0.88)
    latest = latest_first(QUESTION, [spring, autumn])
    assert latest.ranked == [autumn]
    assert latest.earlier == ()
    assert latest_first(replace(QUESTION, kind="who"), [spring, autumn]).ranked == [spring, autumn]


def test_where_the_newest_is_asked_for_older_sentences_lose_by_their_age() -> None:
    old = replace(OLD, score=10.0)
    new = replace(NEW, score=9.0)
    undated = candidate("exhibitors", set(), 8.0)
    assert [c.hit.document.id for c in newer_first([old, new, undated])] == [
        new.hit.document.id,
        undated.hit.document.id,
        old.hit.document.id,
    ]
    assert newer_first([]) == []
    assert newer_first([undated]) == [undated]


def test_the_latest_is_the_year_that_a_sentence_speaks_of() -> None:
    question = replace(QUESTION, standalone="How many exhibitors did the last expo have?", newest=True)
    assert asked_of(question, NEW) == "How many exhibitors did 2025 expo have?"
    named = replace(question, standalone="What is the latest figure of 2016?")
    assert asked_of(named, NEW) == named.standalone
    assert asked_of(replace(question, newest=False), NEW) == "How many exhibitors did the last expo have?"
