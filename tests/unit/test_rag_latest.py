"""The newest of sentences that answer equally well."""

from dataclasses import replace

import numpy as np

from corpus.document import Document
from corpus.split import Passage, Sentence
from rag.latest import latest_first
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
