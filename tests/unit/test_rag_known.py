"""Known questions: what those that resemble a question tell of it."""

from pathlib import Path

import numpy as np
import pytest

from rag.known import UNFAMILIAR, Known, fingerprint

BEIJING, MEMBERS = "The WIC has its headquarters in Beijing.", "It has 140 members."
NORTH, EAST, BETWEEN = [1.0, 0.0], [0.0, 1.0], [0.8, 0.6]


def known() -> Known:
    """One question to the north that two sentences answer, one to the east that nothing answers."""
    answers = np.array([0, 0]), np.array([fingerprint(BEIJING), fingerprint(MEMBERS)])
    return Known(np.array([NORTH, EAST]), np.array([1.0, -1.0]), answers, [fingerprint(BEIJING)])


def test_a_question_leans_to_the_kind_that_it_resembles() -> None:
    leanings = [known().recall(vector).leaning for vector in (NORTH, BETWEEN, EAST)]
    assert leanings == sorted(leanings, reverse=True)
    assert leanings[0] > 0 > leanings[-1]


def test_a_sentence_is_as_likely_as_its_nearest_question_is_near() -> None:
    recalled = known().recall(BETWEEN)
    assert recalled.likeness(BEIJING) == pytest.approx(0.8 - 0.5)
    assert recalled.likeness("Nobody asked for this.") == 0
    assert known().recall(EAST).likeness(BEIJING) == 0
    assert [known().recall(vector).nearest for vector in (NORTH, BETWEEN, EAST)] == pytest.approx([1.0, 0.8, 0.0])


def test_of_several_questions_the_nearest_counts() -> None:
    answers = np.array([1, 0]), np.array([fingerprint(BEIJING)] * 2)
    both = Known(np.array([NORTH, BETWEEN]), np.array([1.0, 1.0]), answers, [])
    assert both.recall(NORTH).likeness(BEIJING) == pytest.approx(0.5)
    assert both.recall(BETWEEN).likeness(BEIJING) == pytest.approx(0.5)


def test_nothing_is_supposed_of_a_question_that_a_new_sentence_answers() -> None:
    recalled = known().recall(EAST)
    assert known().trusted(recalled, BEIJING) is recalled
    assert known().trusted(recalled, "Its budget is two million yuan.") == UNFAMILIAR


def test_white_space_does_not_make_another_sentence() -> None:
    recalled = known().recall(EAST)
    assert known().trusted(recalled, "The WIC has its  headquarters\nin Beijing.") is recalled
    assert known().recall(BETWEEN).likeness("The WIC has its  headquarters\nin Beijing.") == pytest.approx(0.3)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "known.safetensors"
    known().save(path)
    again = Known.open(path)
    assert again is not None
    assert again.recall(BETWEEN).leaning == pytest.approx(known().recall(BETWEEN).leaning, abs=0.02)
    assert again.recall(BETWEEN).likeness(MEMBERS) == pytest.approx(0.3, abs=0.01)
    assert again.trusted(again.recall(EAST), BEIJING) != UNFAMILIAR


def test_before_any_are_kept_there_are_none(tmp_path: Path) -> None:
    assert Known.open(tmp_path / "known.safetensors") is None
