"""How the reader learns: batches keep families together, the order in a family counts, weights are averaged."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from eval.examples import Example
from eval.train_reader import ROWS_A_STEP, Average, Encoded, batches, encode, layer_rates, order_loss
from rag.reader import OUTPUTS, Network


@dataclass
class Encoding:
    ids: list[int]
    offsets: list[tuple[int, int]]


class Letters:
    """Stands in for the tokenizer: each character is a token."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Encoding]:
        assert not add_special_tokens
        return [Encoding([3 + ord(c) % 90 for c in t], [(i, i + 1) for i in range(len(t))]) for t in texts]


def example(family: str, text: str = "abc", answers: bool = True) -> Example:
    return Example("who", "", text, answers, (1, 3) if answers else None, "answering", family, "g")


def row(family: str, answers: bool) -> Encoded:
    return Encoded([0, 2], answers, (0, 0), "same", family)


def test_the_answer_is_found_among_the_tokens_of_the_pair() -> None:
    right, wrong = encode(Letters(), [example("f"), example("f", answers=False)])
    assert right.span == (3 + 3 + 1, 3 + 3 + 2)
    assert wrong.span == (0, 0)
    assert encode(Letters(), [example("f", "a")])[0].span == (-100, -100)


def test_batches_hold_all_rows_once_and_families_whole() -> None:
    made = [example(f"f{i}", "x" * (i % 50 + 3)) for i in range(200) for _ in range(i % 3 + 1)]
    found = list(batches(Letters(), made, random.Random(1), 0, 1))
    assert sorted(r.family for batch in found for r in batch) == sorted(e.family for e in made)
    assert max(map(len, found)) <= ROWS_A_STEP
    places: dict[str, set[int]] = {}
    for number, batch in enumerate(found):
        for r in batch:
            places.setdefault(r.family, set()).add(number)
    assert all(len(numbers) == 1 for numbers in places.values())


def test_processes_share_the_rows_without_a_row_twice() -> None:
    made = [example(f"f{i}") for i in range(3000)]
    parts = [[r.family for b in batches(Letters(), made, random.Random(1), turn, 2) for r in b] for turn in (0, 1)]
    assert sorted(parts[0] + parts[1]) == sorted(e.family for e in made)


def test_the_order_in_a_family_costs_nothing_when_the_answer_is_far_ahead() -> None:
    import torch

    batch = [row("f", True), row("f", False), row("g", True), row("h", False)]
    assert float(order_loss(torch.tensor([30.0, 0.0, -9.0, 9.0]), batch)) == pytest.approx(0, abs=1e-6)
    assert float(order_loss(torch.tensor([0.0, 2.0, 0.0, 0.0]), batch)) == pytest.approx(2.1269 / 4 * 2, abs=1e-3)
    assert float(order_loss(torch.tensor([0.0]), [row("f", True)])) == 0


def network() -> Network:
    import torch
    from transformers import BertConfig, BertModel

    config = BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=8)
    encoder: Any = BertModel(config, add_pooling_layer=False)
    encoder.embeddings.requires_grad_(False)
    encoder.encoder.layer[0].requires_grad_(False)
    return Network(encoder, torch.nn.Linear(8, OUTPUTS))


def test_lower_layers_learn_more_slowly_and_shared_ones_not_at_all() -> None:
    groups = layer_rates(network())
    assert [round(group["share"], 4) for group in groups] == [1.0, 1.0, 0.93]
    assert all(p.requires_grad for group in groups for p in group["params"])


def test_the_average_follows_the_weights_and_changes_places_with_them() -> None:
    import torch

    weight = torch.nn.Parameter(torch.zeros(1))
    average = Average([weight])
    with torch.no_grad():
        weight.fill_(1.0)
    average.update()
    average.swap()
    assert weight.item() == pytest.approx(1 - 1 / 11)
    average.swap()
    assert weight.item() == 1.0
