"""Fusion, worked out by hand: (5 * cosine + share of the question's words) / 6."""

from math import log

import pytest

from index.lexical import LexicalIndex
from rag.retrieve import fuse, shares, whole


def test_what_both_find_comes_before_what_one_finds() -> None:
    fused = dict(fuse([("a", 0.8), ("b", 0.8)], [("b", 0.5), ("c", 0.5)]))
    # "c" is as far as the farthest of the near ones.
    assert fused == pytest.approx({"a": 4 / 6, "b": (4 + 0.5) / 6, "c": (4 + 0.5) / 6})
    assert [id for id, _ in fuse([("a", 0.9), ("b", 0.8)], [("b", 0.5), ("c", 0.3)])] == ["a", "b", "c"]


def test_a_passage_with_all_the_words_beats_a_slightly_nearer_one() -> None:
    assert [id for id, _ in fuse([("a", 0.85), ("b", 0.80)], [("b", 0.8)])] == ["b", "a"]


def test_the_whole_of_a_known_question_is_the_idf_of_its_terms() -> None:
    index = LexicalIndex.build([("a", ["summit", "wuzhen"]), ("b", ["summit"])])
    # ln((2 + 1) / (2 + 0.5)) and ln((2 + 1) / (1 + 0.5))
    assert whole(index, ["summit", "wuzhen"]) == pytest.approx(log(1.2) + log(2))


def test_the_whole_grows_where_less_than_half_is_known() -> None:
    index = LexicalIndex.build([("a", ["summit", "wuzhen"]), ("b", ["summit"])])
    known, all_of_it = log(2), log(2) + 2 * log(6)  # unknown: ln((2 + 1) / 0.5)
    assert whole(index, ["wuzhen", "x", "y"]) == pytest.approx(all_of_it / (2 * known / all_of_it))
    assert whole(index, ["x"]) == 1.0  # nothing can be found, so nothing is divided


def test_no_score_exceeds_the_ceiling() -> None:
    index = LexicalIndex.build([("a", ["summit"] * 50), ("b", ["wuzhen"])])
    ((_, score),) = index.search(["summit", "summit"], 10)
    assert 0 < score < index.ceiling(["summit", "summit"])


def test_a_question_of_which_one_word_is_known_is_left_to_the_vectors() -> None:
    passages = [(str(i), ["2014", "summit"] if i == 7 else ["fair", str(i)]) for i in range(20)]
    index = LexicalIndex.build(passages)
    asked = ["2014", "峰会", "在哪", "举行"]
    dense = [("3", 0.86), ("7", 0.82)]
    assert [id for id, _ in fuse(dense, shares(index.search(asked, 50), whole(index, asked)))] == ["3", "7"]
    known = ["2014", "summit"]
    assert [id for id, _ in fuse(dense, shares(index.search(known, 50), whole(index, known)))] == ["7", "3"]


def test_a_half_that_found_nothing_changes_no_order() -> None:
    dense = [("b", 0.9), ("a", 0.8)]
    assert [id for id, _ in fuse(dense, [])] == ["b", "a"]
    assert [id for id, _ in fuse([], [("b", 0.6), ("a", 0.3)])] == ["b", "a"]


def test_nothing_found_is_nothing() -> None:
    assert fuse([], []) == []
