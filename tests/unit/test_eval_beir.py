"""The search measured on a set of three passages, worked out by hand."""

import json
from collections.abc import Iterable
from math import log2
from pathlib import Path

import pytest

from eval.beir import as_table, measures, read, search, side_by_side
from eval.embedded import Embedded
from tests.embedding import HashedEmbedding

PASSAGES = [
    {"_id": "a", "title": "Wuzhen", "text": "The summit is held in Wuzhen."},
    {"_id": "b", "title": "Penguins", "text": "Penguins swim in the cold sea."},
    {"_id": "c", "title": "乌镇", "text": "峰会在乌镇举行。"},
]
QUESTIONS = [{"_id": "1", "text": "Where do penguins swim?"}, {"_id": "2", "text": "峰会在哪里举行？"}]


def write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "corpus.jsonl", PASSAGES)
    write(tmp_path / "queries.jsonl", [*QUESTIONS, {"_id": "3", "text": "Not judged?"}])
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\tb\t1\n2\tc\t1\n1\ta\t0\n")
    return tmp_path


def test_the_judged_questions_are_read_with_what_is_relevant(folder: Path) -> None:
    collection = read(folder, "test")
    assert list(collection.questions) == ["1", "2"]
    assert collection.relevant == {"1": {"b": 1}, "2": {"c": 1}}
    assert collection.passages["b"] == "Penguins\nPenguins swim in the cold sea."


def test_both_halves_and_both_together_find_what_shares_words(folder: Path, tmp_path: Path) -> None:
    collection = read(folder, "test")
    runs = side_by_side(search(collection, Embedded("hashed", HashedEmbedding, tmp_path)))
    assert {name: [run[q][0][0] for q in ("1", "2")] for name, run in runs.items()} == {
        "dense": ["b", "c"],
        "lexical": ["b", "c"],
        "hybrid": ["b", "c"],
    }
    assert [id for id, _ in runs["lexical"]["1"]] == ["b"]  # the others share no word
    assert all(value == 1.0 for half in measures(runs, collection.relevant).values() for value in half.values())


def test_measures_are_means_over_the_judged_questions_with_misses_as_zero() -> None:
    runs = {"dense": {"1": [("b", 0.9), ("a", 0.8)], "2": []}}
    found = measures(runs, {"1": {"a": 1}, "2": {"c": 1}})["dense"]
    assert found["nDCG@10"] == pytest.approx(1 / log2(3) / 2, abs=1e-4)
    assert (found["R@1"], found["R@5"], found["RR@10"]) == (0.0, 0.5, 0.25)


def test_equal_scores_keep_their_order() -> None:
    runs = {"dense": {"1": [("b", 0.5), ("a", 0.5)]}}
    assert measures(runs, {"1": {"b": 1}})["dense"]["R@1"] == 1.0


def test_the_table_has_the_halves_side_by_side(folder: Path, tmp_path: Path) -> None:
    collection = read(folder, "test")
    found = measures(
        side_by_side(search(collection, Embedded("hashed", HashedEmbedding, tmp_path))), collection.relevant
    )
    table = as_table({"set": "tiny", "split": "test", "questions": 2, "passages": 3}, found).splitlines()
    assert table[0] == "tiny, test: 2 questions, 3 passages"
    assert table[1].split() == ["dense", "lexical", "hybrid"]
    assert table[2].split() == ["nDCG@10", "1.0000", "1.0000", "1.0000"]


@pytest.mark.parametrize(
    ("qrels", "said"),
    [
        ("1\tb", r"test\.tsv:1: '1\\tb' is not query-id, corpus-id and a whole score"),
        ("1\tx\t1", r"test\.tsv:1: 'x' is not in corpus\.jsonl"),
        ("9\tb\t1", r"test\.tsv:1: '9' is not in queries\.jsonl"),
        ("1\tb\t0", "judges no passage relevant"),
    ],
)
def test_a_wrong_judgement_is_named(folder: Path, qrels: str, said: str) -> None:
    (folder / "qrels" / "test.tsv").write_text(qrels)
    with pytest.raises(ValueError, match=said):
        read(folder, "test")


def test_a_missing_split_lists_those_there(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no .*train\.tsv; the splits in .* are: test"):
        read(folder, "train")
