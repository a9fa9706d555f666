"""Ways to fuse, on rankings of two passages and on a tiny set with a useless half."""

from pathlib import Path

import pytest

from eval.beir import Collection, Found
from eval.embedded import Embedded
from eval.fusion import TRIES, Searched, adaptive, as_text, halves, measured, reciprocal, stretched, table_of
from tests.embedding import HashedEmbedding

FOUND = Found([("a", 0.9), ("b", 0.8)], [("b", 3.0)], whole=6.0, ceiling=6.0)
COLLECTION = Collection(
    {"a": "The summit is held in Wuzhen", "b": "Penguins swim in the cold sea", "c": "The sea is wide"},
    {"1": "Where do penguins swim in the sea?", "2": "Where is the summit held?"},
    {"1": {"b": 1}, "2": {"a": 1}},
)


def test_reciprocal_ranks_add_up_by_weight() -> None:
    assert dict(reciprocal(10, 0.6)(FOUND)) == pytest.approx({"a": 0.6 / 11, "b": 0.6 / 12 + 0.4 / 11})


def test_an_adaptive_lexical_half_weighs_what_it_holds_of_the_question() -> None:
    # Its best hit holds half of the ceiling, so that the dense half weighs 1 / 1.5.
    assert dict(adaptive(10)(FOUND)) == pytest.approx({"a": 2 / 3 / 11, "b": 2 / 3 / 12 + 1 / 3 / 11})


def test_stretched_scores_run_from_the_lowest_to_the_highest() -> None:
    assert dict(stretched(0.7)(FOUND)) == pytest.approx({"a": 0.7, "b": 0.3})


def test_a_half_alone_is_itself() -> None:
    assert (TRIES["dense"](FOUND), TRIES["lexical"](FOUND)) == (FOUND.dense, FOUND.lexical)


def test_every_question_is_for_choosing_or_for_reporting() -> None:
    choosing, reporting = halves({str(i): FOUND for i in range(40)})
    assert sorted(choosing + reporting, key=int) == [str(i) for i in range(40)]
    assert 10 < len(choosing) < 30


def test_a_lexical_half_of_few_words_sees_the_least_telling_one(tmp_path: Path) -> None:
    searched = Searched(COLLECTION, Embedded("hashed", HashedEmbedding, tmp_path))
    few = searched.few_words(searched.found())
    assert {id for id, _ in few["1"].lexical} == {"b", "c"}  # "sea" stands in both
    assert few["1"].whole > searched.found()["1"].whole


def test_a_dense_half_without_meaning_finds_the_same_for_every_question(tmp_path: Path) -> None:
    searched = Searched(COLLECTION, Embedded("hashed", HashedEmbedding, tmp_path))
    blank = searched.no_meaning(searched.found())
    assert blank["1"].dense == blank["2"].dense
    assert blank["1"].lexical[0][0] == "b"


def test_every_way_is_measured_on_every_half(tmp_path: Path) -> None:
    searched = Searched(COLLECTION, Embedded("hashed", HashedEmbedding, tmp_path))
    assert measured(TRIES["lexical"], searched.found(), ["1", "2"], COLLECTION) == 1.0
    both = Collection(
        COLLECTION.passages,
        {str(i): COLLECTION.questions[str(i % 2 + 1)] for i in range(10)},
        {str(i): COLLECTION.relevant[str(i % 2 + 1)] for i in range(10)},
    )
    table = table_of(Searched(both, Embedded("hashed", HashedEmbedding, tmp_path)), both)
    assert table["share of whole, closeness 5.0"]["reporting"] == 1.0
    assert as_text({"tiny": table}).splitlines()[1].split() == ["dense", "1.0000"]
