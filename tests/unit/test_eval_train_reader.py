"""How the reader learns: what a question is read with, how batches are cut, and what a step costs."""

import random
from dataclasses import dataclass
from math import exp, log
from typing import Any

import numpy as np
import pytest
import torch

from eval.evidence import Span
from eval.examples import Example
from eval.golden import Case, Evidence
from eval.train_reader import Materials, batches, group_of, loss_of, pairs_of
from eval.training import Asked, Shelf, is_held_out, unlike
from rag.question import Question
from rag.reader import BOS, EOS


@dataclass
class Encoding:
    ids: list[int]


class Letters:
    """Stands in for the tokenizer: each character is a token."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Encoding]:
        assert not add_special_tokens
        return [Encoding([3 + ord(c) % 90 for c in text]) for text in texts]


def case(question: str, answerable: bool = True, history: tuple[dict[str, str], ...] = ()) -> Case:
    return Case("id", question, history, "list", "en", "dev", answerable, (), (Evidence("a.md", "x"),), ())


def asked(question: str, right: set[int]) -> Asked:
    return Asked(case(question, bool(right)), Question(question, question, "en"), frozenset(right))


# Ten sentences on a line: a question is nearest to the first, then to the second, and so on.
SHELF = Shelf(
    [Span("a.md", 10 * n, 10 * n + 9) for n in range(10)],
    [f"t{n}" for n in range(10)],
    np.array([[1.0 - n / 10] for n in range(10)]),
    [f"p{n // 5}" for n in range(10)],
    lambda text: [1.0],
)
PUBLIC = [Example("q", "", "a", "answering"), Example("q", "", "b", "written")]


def materials(*questions: Asked) -> Materials:
    return Materials(Letters(), SHELF, questions, PUBLIC)


def tokens(text: str) -> list[int]:
    return [3 + ord(c) % 90 for c in text]


def test_a_question_is_read_with_what_answers_and_with_three_near_sentences_that_do_not() -> None:
    one = asked("who", {2, 9})
    group = group_of(materials(one), one, random.Random(1))
    assert [answers for _, answers in group] == [True, False, False, False]
    assert group[0][0] == [BOS, *tokens("who"), EOS, EOS, *tokens("t2"), EOS]  # the near one, not the far one
    assert {tuple(ids) for ids, answers in group if not answers} <= {
        (BOS, *tokens("who"), EOS, EOS, *tokens(f"t{n}"), EOS) for n in (0, 1, 3, 4, 5, 6)
    }


def test_a_question_that_nothing_answers_is_read_with_four_near_sentences() -> None:
    one = asked("why", set())
    assert [answers for _, answers in group_of(materials(one), one, random.Random(1))] == [False] * 4


def test_evidence_is_found_on_the_shelf_by_its_place() -> None:
    assert SHELF.holding([Span("a.md", 21, 29), Span("b.md", 0, 9)]) == {2}


def test_public_pairs_are_groups_by_themselves() -> None:
    assert [answers for _, answers in pairs_of(materials(), PUBLIC)] == [True, False]
    made = batches(materials(asked("who", {1}), asked("why", set())), random.Random(2))
    groups = [group for _ in range(3) for group in next(made)]
    assert {len(group) for group in groups} == {1, 4}
    assert sum(len(group) == 1 for group in groups) == 64


def test_the_loss_is_that_of_each_pair_and_of_the_choice_among_them_or_none() -> None:
    pair: Any = [BOS, EOS]
    answered, unanswered = [(pair, True), (pair, False)], [(pair, False), (pair, False)]
    odds = torch.tensor([1.0, 0.0, 0.0, 0.0])
    alone = (log(1 + exp(-1)) + 3 * log(2)) / 4
    chosen = (log(exp(1) + 2) - 1 + log(3)) / 2
    assert float(loss_of(odds, [answered, unanswered])) == pytest.approx(alone / 2 + chosen / 2)
    assert float(loss_of(torch.zeros(2), [[(pair, True)], [(pair, False)]])) == pytest.approx(log(2) / 2)


def test_questions_that_golden_ones_resemble_do_not_train() -> None:
    kept = unlike([case("Who opened the summit in 2023?"), case("Who paid for it?")], ["who opened the 2023 summit"])
    assert [c.question for c in kept] == ["Who paid for it?"]
    follow_up = case("Who opened the summit in 2023?", history=({"question": "x"},))
    assert unlike([follow_up], ["who opened the 2023 summit"]) == [follow_up]


def test_few_questions_are_held_out_and_always_the_same() -> None:
    held = [is_held_out(case(f"question {n}")) for n in range(1000)]
    assert 40 < sum(held) < 130
    assert held == [is_held_out(case(f"question {n}")) for n in range(1000)]
