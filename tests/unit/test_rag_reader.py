"""How questions and sentences become what the reader reads, with an encoder that only adds token ids up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Part, lay_out
from corpus.split import Passage, split
from rag.reader import (
    BOS,
    EOS,
    LONGEST,
    LONGEST_LIST,
    LONGEST_QUESTION,
    SECOND,
    WEIGHTS,
    Reader,
    in_context,
    pack,
    read_as,
)
from rag.retrieve import Hit
from rag.score import Candidate

IDS = st.lists(st.integers(3, 99), max_size=300)


@dataclass
class Encoding:
    ids: list[int]


class Words:
    """Stands in for the tokenizer: a word is a token, its length tells which."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Encoding]:
        assert not add_special_tokens
        return [Encoding([3 + len(word) for word in text.split()]) for text in texts]


class Sums:
    """Stands in for the encoder: the state of a text is (sum of its ids, 1)."""

    def firsts(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        return torch.tensor([[float(sum(text)), 1.0] for text in texts])


READER = Reader(Words(), Sums(), (torch.tensor([[2.0, 0.0]]), torch.tensor([0.5])))


def test_a_pair_is_the_question_and_the_text_between_marks() -> None:
    assert pack([10, 11], [20]) == [BOS, 10, 11, EOS, EOS, 20, EOS]


@given(IDS, IDS)
def test_a_pair_is_cut_at_the_end_of_its_text(question: list[int], text: list[int]) -> None:
    pair = pack(question, text)
    asked = question[:LONGEST_QUESTION]
    assert len(pair) == min(LONGEST, len(asked) + len(text) + 4)
    assert pair[: len(asked) + 3] == [BOS, *asked, EOS, EOS]
    assert pair[len(asked) + 3 : -1] == text[: len(pair) - len(asked) - 4]
    assert pair[-1] == EOS


def test_the_log_odds_are_the_head_over_the_state_of_the_first_token() -> None:
    # "who" is token 6, "a" 4 and "bb" 5; three marks of 2: 2 * sum + 0.5
    assert READER.read("who", ["a", "a bb"]).tolist() == [2 * (6 + 4 + 6) + 0.5, 2 * (6 + 9 + 6) + 0.5]


def test_no_texts_no_odds() -> None:
    assert READER.read("who", []).shape == (0,)


def candidate(parts: list[Part], position: int, title: str = "The WIC", event_date: str = "") -> Candidate:
    layout = lay_out(parts)
    document = Document("d.md", title, "P", "2024", "", "en", "", "d.md", layout.text, layout.blocks)
    document = replace(document, event_date=event_date)
    passage: Passage = split(document)[0]
    hit = Hit(document, passage, np.zeros((len(passage.sentences), 2)), 1.0, 1, 1)
    facts: dict[str, Any] = dict.fromkeys(Candidate.__dataclass_fields__, 0.0)
    return Candidate(**facts | {"hit": hit, "sentence": passage.sentences[position]})


def test_a_sentence_is_read_after_its_title_and_section() -> None:
    parts = [Part("heading", "History", 1), Part("paragraph", "One came. Two went.")]
    assert read_as(candidate(parts, 1)) == "The WIC > History: Two went."


def test_a_sentence_that_leans_back_is_read_after_the_one_before_it() -> None:
    parts = [Part("paragraph", "The office opened. It has a director.")]
    assert read_as(candidate(parts, 1)) == "The WIC: The office opened. It has a director."


def test_an_item_is_read_after_the_sentence_that_introduces_its_list() -> None:
    parts = [Part("paragraph", "The members are:"), Part("item", "China Mobile"), Part("item", "Nankai University")]
    assert read_as(candidate(parts, 2)) == "The WIC: The members are: Nankai University"


def test_what_introduces_a_list_is_read_with_its_first_items() -> None:
    items = [Part("item", f"member {n} of the council") for n in range(40)]
    read = read_as(candidate([Part("paragraph", "The members are:"), *items], 0))
    assert read.startswith("The WIC: The members are: member 0 of the council member 1 of")
    assert len(read) <= len("The WIC: The members are: ") + LONGEST_LIST


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("2025-06-20", "June 20, 2025"),
        ("2023-06-25/2023-06-27", "June 25, 2023"),
        ("2024-05", "May 2024"),
        ("2014", "2014"),
    ],
)
def test_the_day_of_the_event_stands_behind_the_title(day: str, read: str) -> None:
    parts = [Part("heading", "Opening", 1), Part("paragraph", "It rained.")]
    assert read_as(candidate(parts, 0, "A seminar", day)) == f"A seminar ({read}) > Opening: It rained."


def test_the_chinese_form_of_a_title_is_left_out() -> None:
    parts = [Part("paragraph", "It rained (下雨).")]
    assert read_as(candidate(parts, 0, "Summit 2023 (2023年峰会)")) == "Summit 2023: It rained (下雨)."


def test_a_text_without_a_title_is_read_alone() -> None:
    assert in_context("", "It rains.") == "It rains."


@pytest.mark.parametrize("weights", [WEIGHTS, SECOND])
def test_the_shipped_weights_name_what_they_were_trained_on(weights: Path) -> None:
    facts = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    attribution = facts["lessons"]["attribution"] if "lessons" in facts else facts["attribution"]
    assert all(source["dataset"] and source["licence"] for source in attribution)
    assert facts["training"]["command"]


def test_the_log_odds_stand_in_the_order_of_the_texts() -> None:
    assert READER.read("who", ["a bb ccc dddd eeeee", "a"]).tolist() == [
        2 * (6 + 25 + 6 + 5) + 0.5,
        2 * (6 + 4 + 6) + 0.5,
    ]
