"""Terms and BM25, in both languages."""

from pathlib import Path

import pytest

from index.lexical import LexicalIndex, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The members' conferences", ["member", "confer"]),
        ("1,800 guests from 24 countries", ["1800", "guest", "24", "countri"]),
        ("ＷＩＣ", ["wic"]),
        ("总部", ["总部"]),
        ("世界大会", ["世界", "界大", "大会"]),
        ("烏鎮", terms("乌镇")),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.fixture
def index() -> LexicalIndex:
    texts = {"a": "Beijing hosts the headquarters", "b": "The summit is in Wuzhen", "c": "总部在北京"}
    return LexicalIndex.build([(id, terms(text)) for id, text in texts.items()])


def test_a_passage_without_a_term_of_the_question_is_no_hit(index: LexicalIndex) -> None:
    assert [id for id, _ in index.search(terms("Wuzhen"), 10)] == ["b"]
    assert index.search(terms("nothing of this"), 10) == []


def test_chinese_is_found_by_pairs_of_characters(index: LexicalIndex) -> None:
    assert [id for id, _ in index.search(terms("總部"), 10)] == ["c"]


def test_a_saved_index_finds_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical").search(terms("summit"), 10) == index.search(terms("summit"), 10)


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    LexicalIndex.build([]).save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical").search(["a"], 10) == []


def test_frequency_counts_passages(index: LexicalIndex) -> None:
    assert (index.frequency("beij"), index.frequency("unknown")) == (1, 0)
    assert index.idf("unknown") > index.idf("beij")
