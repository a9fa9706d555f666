"""How the reader learns: how batches are cut, and what a step costs."""

import random
from math import exp, log

import pytest
import torch

from eval.lessons import OWN, Lesson
from eval.train_reader import batches, loss_of, mix, tensors
from index.bert import PAD
from tests.unit.test_eval_lessons import pair, written


def test_batches_hold_lessons_of_similar_length() -> None:
    lessons = written(*(Lesson("q" * n, ("a", "b"), frozenset({0}), origin=OWN) for n in range(1, 40)))
    batch = next(batches(lessons, 4, random.Random(2)))
    assert len(batch) == 4
    lengths = [len(ids) for group in batch for ids, _ in group]
    assert max(lengths) - min(lengths) <= 5


def test_a_batch_knows_the_lesson_of_each_pair() -> None:
    ids, number, right = tensors([[(pair("q", "ab"), True), (pair("q", "c"), False)], [(pair("r", "d"), False)]])
    assert ids.tolist() == [pair("q", "ab"), [*pair("q", "c"), PAD], [*pair("r", "d"), PAD]]
    assert number.tolist() == [0, 0, 1]
    assert right.tolist() == [True, False, False]


def test_the_loss_is_that_of_each_pair_and_of_the_choice_among_them_or_none() -> None:
    odds = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0])
    number = torch.tensor([0, 0, 1, 1, 1])
    right = torch.tensor([True, False, False, False, False])
    alone = (log(1 + exp(-1)) + 4 * log(2)) / 5
    chosen = (log(exp(1) + 2) - 1 + log(4)) / 2
    assert float(loss_of(odds, number, right)) == pytest.approx(alone / 2 + chosen / 2)


def test_two_texts_that_answer_share_what_is_likely() -> None:
    odds, number = torch.tensor([2.0, 1.0, 0.0]), torch.tensor([0, 0, 0])
    loss = loss_of(odds, number, torch.tensor([True, True, False]))
    alone = (log(1 + exp(-2)) + log(1 + exp(-1)) + log(2)) / 3
    chosen = log(exp(2) + exp(1) + 2) - log(exp(2) + exp(1))
    assert float(loss) == pytest.approx(alone / 2 + chosen / 2)


def test_mixed_weights_lie_between_those_before_and_those_learned() -> None:
    learned, before = [torch.tensor([1.0, 2.0])], [torch.tensor([3.0, 2.0])]
    mix(learned, before, 0.25)
    assert learned[0].tolist() == [2.5, 2.0]
