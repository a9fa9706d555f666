"""Answerable questions and near misses over two passages, without a reader."""

import json
from pathlib import Path

import pytest

from eval.answerability import as_table, of_paragraphs, read, separation, windows
from eval.embedded import Embedded
from tests.embedding import HashedEmbedding

PASSAGES = [
    {"_id": "o", "title": "Office", "text": "The office was opened in March 2023. Its director is Li Wei."},
    {"_id": "p", "title": "Sea", "text": "Penguins swim in the cold sea."},
]
QUESTIONS = [
    {"text": "Where do penguins swim?", "passage_id": "p", "answerable": True},
    {"text": "How much does the roof weigh?", "passage_id": "p", "answerable": False},
    {"text": "When was the office opened?", "passage_id": "o", "answerable": True},
]


def write(folder: Path, questions: list[dict[str, object]]) -> Path:
    for name, rows in (("corpus", PASSAGES), ("asked", questions)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder / "asked.jsonl"


def test_the_separation_has_its_area_and_curve() -> None:
    found = separation([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    assert found["auroc"] == 0.75  # 3 of 4 pairs are in order
    assert found["aurc"] == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4, abs=1e-4)
    assert found["risk_at_coverage"]["1.0"] == 0.5


def test_questions_are_told_apart_by_the_passage_that_answers_them(tmp_path: Path) -> None:
    found = of_paragraphs(None, Embedded("hashed", HashedEmbedding, tmp_path), write(tmp_path, list(QUESTIONS)), 0)
    assert (found["questions"], found["answerable"]) == (3, 2)
    assert found["similarity"]["auroc"] == 1.0
    assert found["similarity"]["risk_at_coverage"]["1.0"] == pytest.approx(1 / 3, abs=1e-4)
    assert set(found) == {"questions", "answerable", "decision", "similarity"}
    assert as_table(found).splitlines()[1].split() == ["decision", "similarity"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passage_id": "x"}, r"asked\.jsonl:1: passage_id 'x' is not in"),
        ({"answerable": "yes"}, "'answerable' is 'yes'; write true or false"),
        ({"text": None}, "'text' is None"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(write(tmp_path, [QUESTIONS[0] | changed, *QUESTIONS[1:]]))


def test_one_kind_of_question_alone_cannot_be_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="both answerable and unanswerable"):
        read(write(tmp_path, [QUESTIONS[0]]))


def test_windows_are_runs_of_sentences() -> None:
    assert windows("One is. Two is. Three is. Four is.") == ["One is. Two is. Three is.", "Two is. Three is. Four is."]
    assert windows("One is.") == ["One is."]
