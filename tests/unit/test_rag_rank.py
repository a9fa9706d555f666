"""The order of sentences once a reader has read the best of them, with readers that know each text's log odds."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pytest

from corpus.document import Document
from corpus.split import Passage, Sentence
from rag.question import Question
from rag.rank import DOUBT, HOPELESS, ODDS, READ, READ_ON, SURE, UNREAD, reread
from rag.reader import Reader
from rag.retrieve import Hit
from rag.score import Candidate

QUESTION = Question("Who came?", "Who came?", "en", "who")


class Knowing:
    """Stands in for a reader: it knows the log odds of each sentence, and what it was given to read."""

    def __init__(self, odds: Mapping[str, float], second: "Knowing | None" = None) -> None:
        self.odds = odds
        self.second = second
        self.seen: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> np.ndarray:
        own = [text.removeprefix("T: ") for text in texts]
        self.seen += own
        return np.array([self.odds[text] for text in own], np.float32)


def candidate(text: str, score: float, years: frozenset[str] = frozenset()) -> Candidate:
    document = Document(f"{text}.md", "T", "", "", "", "en", "", "", text, ())
    sentence = Sentence(document.id, 0, len(text), "paragraph")
    hit = Hit(document, Passage(document.id, 0, len(text), (), None, (sentence,)), np.empty((1, 0)), 1.0, 1, 1)
    return Candidate(hit, sentence, 0.9, 1.0, 1.0, 1.0, years, score)


RANKED = [candidate(text, 10 - n / 10) for n, text in enumerate("abcdefghijkl")]


def ranked(reader: Knowing) -> list[Candidate]:
    return reread(cast(Reader, reader), QUESTION, RANKED)


def test_the_best_few_are_read_and_their_log_odds_count_beside_the_score() -> None:
    reader = Knowing({"a": -3.0, "b": 2.0, "c": -4.0, "d": -4.0, "e": -4.0})
    order = ranked(reader)
    assert reader.seen == list("abcde")
    assert len(reader.seen) == READ
    assert [c.text for c in order[:2]] == ["b", "a"]
    assert order[0].score == pytest.approx(9.9 + ODDS * 2.0)
    assert order[0].unread == pytest.approx(9.9)
    assert [c.odds for c in order if c.text in "fghij"] == [None] * 5


def test_where_the_first_surely_answers_no_other_is_read() -> None:
    reader = Knowing({"a": SURE})
    order = ranked(reader)
    assert reader.seen == ["a"]
    assert order[1].score == pytest.approx(9.9 + ODDS * UNREAD)


def test_more_are_read_where_none_of_the_first_seems_to_answer() -> None:
    reader = Knowing(dict.fromkeys("abcdefgh", HOPELESS - 1) | {"g": 4.0})
    order = ranked(reader)
    assert reader.seen == list("abcdefgh")
    assert len(reader.seen) == READ + READ_ON
    assert order[0].text == "g"


def test_in_doubt_a_second_reader_reads_the_best_and_the_mean_of_both_counts() -> None:
    second = Knowing({"a": 2.0, "b": -0.5})
    order = ranked(Knowing({"a": -0.5, "b": -0.9} | dict.fromkeys("cde", -4.0), second))
    assert second.seen == ["a", "b"]
    assert [(c.text, c.odds) for c in order[:2]] == [("a", 0.75), ("b", pytest.approx(-0.7))]


def test_where_the_first_reader_is_sure_the_second_is_not_asked() -> None:
    second = Knowing({})
    assert ranked(Knowing({"a": DOUBT, "b": -1.0} | dict.fromkeys("cde", -4.0), second))[0].odds == DOUBT
    assert second.seen == []


def test_the_latest_is_asked_of_each_sentence_as_the_year_that_it_speaks_of() -> None:
    class Noting(Knowing):
        def read(self, question: str, texts: Sequence[str]) -> np.ndarray:
            asked.extend((question, text.removeprefix("T: ")) for text in texts)
            return super().read(question, texts)

    asked: list[tuple[str, str]] = []
    question = Question("Who won the latest prize?", "Who won the latest prize?", "en", "who", newest=True)
    some = [
        candidate(text, 10.0, frozenset(years)) for text, years in (("a", ["2024"]), ("b", ["2022", "2025"]), ("c", []))
    ]
    reread(cast(Reader, Noting({"a": 0.5, "b": 0.5, "c": 0.5})), question, some)
    assert sorted(asked) == [
        ("Who won the 2024 prize?", "a"), ("Who won the 2025 prize?", "b"), ("Who won the latest prize?", "c"),
    ]  # fmt: skip


def test_nothing_to_read() -> None:
    assert reread(cast(Reader, Knowing({})), QUESTION, []) == []
