"""Fusion, worked out by hand."""

import pytest

from rag.retrieve import fuse


def test_what_both_find_comes_before_what_one_finds() -> None:
    fused = dict(fuse(["a", "b"], ["b", "c"]))
    assert fused == pytest.approx({"a": 1 / 2, "b": (61 / 62 + 1) / 2, "c": 61 / 62 / 2})
    assert [id for id, _ in fuse(["a", "b"], ["b", "c"])] == ["b", "a", "c"]


def test_a_ranking_that_found_nothing_has_no_say() -> None:
    assert fuse(["a", "b"], []) == [("a", 1.0), ("b", pytest.approx(61 / 62))]


def test_nothing_found_is_nothing() -> None:
    assert fuse([], []) == []
