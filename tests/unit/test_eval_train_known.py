"""The known questions as they are learned: which part each has in telling what the documents answer."""

import numpy as np
import pytest

from eval.golden import Case, Evidence
from eval.train_known import learned, measure, parts_of
from eval.training import Asked
from rag.question import Question

SENTENCES = ["It is in Beijing.", "It has 140 members."]
VECTORS = np.array([[1.0, 0.0], [0.9, 0.436], [0.0, 1.0], [-0.436, 0.9]], np.float32)


def asked(question: str, right: set[int]) -> Asked:
    case = Case(question, question, (), "list", "en", "dev", bool(right), (), (Evidence("a.md", "x"),), ())
    return Asked(case, Question(question, question, "en"), frozenset(right))


ASKED = [asked("where", {0}), asked("how many", {0, 1}), asked("its budget", set()), asked("its rent", set())]


def test_questions_lean_to_their_own_kind_and_hold_their_sentences() -> None:
    known = learned(ASKED, VECTORS, SENTENCES)
    assert [known.recall(vector).leaning > 0 for vector in VECTORS] == [True, True, False, False]
    assert known.recall(VECTORS[1]).likeness(SENTENCES[1]) == pytest.approx(0.5, abs=0.01)
    assert known.recall(VECTORS[2]).likeness(SENTENCES[1]) == 0
    assert all(known.trusted(known.recall(VECTORS[2]), text).leaning < 0 for text in SENTENCES)


def test_both_kinds_weigh_the_same_however_many_there_are() -> None:
    answered = np.array([True] * 3 + [False])
    north, east = [1.0, 0.0], [0.0, 1.0]
    parts = parts_of(np.array([north, north, north, east]), answered)
    assert parts[:3].sum() == pytest.approx(-parts[3], abs=1e-6)


@pytest.mark.parametrize("answered", [[True, True], [False, False], []])
def test_one_kind_alone_is_refused(answered: list[bool]) -> None:
    with pytest.raises(ValueError, match="both kinds are needed"):
        parts_of(np.eye(len(answered)), np.array(answered))


def test_how_well_the_kinds_are_told_apart_is_measured() -> None:
    known = learned(ASKED, VECTORS, SENTENCES)
    assert measure(known, ASKED, VECTORS) == {"questions": 4, "auroc": 1.0}
    assert measure(known, ASKED[:2], VECTORS[:2]) == {"questions": 2}
