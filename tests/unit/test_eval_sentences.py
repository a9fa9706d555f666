"""The ranking of sentences on two passages, worked out by hand."""

import json
from pathlib import Path

import pytest

from eval.embedded import Embedded
from eval.sentences import Judged, as_table, judge, read, summary
from eval.shelf import document_of, store_of
from tests.embedding import HashedEmbedding

OFFICE = "The office is in Hangzhou. It was opened in March 2023 by its director. The sea is cold."
QUESTION = "When was the office opened by its director?"


def write(folder: Path, **changed: object) -> Path:
    rows = [{"_id": "o", "title": "Office", "text": OFFICE}, {"_id": "p", "title": "Sea", "text": "Penguins swim."}]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    asked = {"text": QUESTION, "passage_id": "o", "sentence_start": 27, "sentence_end": 71} | changed
    (folder / "sentences.jsonl").write_text(json.dumps(asked) + "\n", encoding="utf-8")
    return folder / "sentences.jsonl"


def test_the_supporting_sentence_is_first_in_its_passage_and_among_all(tmp_path: Path) -> None:
    passages, asked = read(write(tmp_path))
    assert OFFICE[27:71] == "It was opened in March 2023 by its director."
    embedded = Embedded("hashed", HashedEmbedding, tmp_path)
    store = store_of([document_of(id, *both) for id, both in passages.items()], embedded, tmp_path / "index")
    assert judge(store, asked, embedded) == [Judged(True, True, True, True)]
    store.close()


def test_another_sentence_is_not_the_supporting_one(tmp_path: Path) -> None:
    passages, asked = read(write(tmp_path, sentence_start=0, sentence_end=26))
    embedded = Embedded("hashed", HashedEmbedding, tmp_path)
    store = store_of([document_of(id, *both) for id, both in passages.items()], embedded, tmp_path / "index")
    assert judge(store, asked, embedded) == [Judged(False, False, False, False)]
    store.close()


def test_shares_stand_side_by_side() -> None:
    found = summary([Judged(True, False, True, False), Judged(True, True, False, False)])
    assert found == {"given": {"score": 1.0, "similarity": 0.5}, "found": {"score": 0.5, "similarity": 0.0}}
    assert as_table(2, found).splitlines()[2].split()[-2:] == ["1.0000", "0.5000"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passage_id": "x"}, r"sentences\.jsonl:1: passage_id 'x' is not in"),
        ({"sentence_end": 500}, "27..500 is no place in a text of 88 characters"),
        ({"sentence_end": "9"}, "'sentence_end' is '9'; write a whole number"),
        ({"text": ""}, "'text' is ''"),
        ({"sentence_start": None}, "holds no question"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(write(tmp_path, **changed))
