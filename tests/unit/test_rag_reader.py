"""How questions and texts become what the reader reads, with a tiny network of random weights."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Part, lay_out
from corpus.split import Passage, split
from rag.reader import (
    BOS,
    EOS,
    LONGEST,
    LONGEST_QUESTION,
    NOWHERE,
    OUTPUTS,
    PAD,
    Network,
    Reader,
    best_span,
    in_context,
    load,
    own_weights,
    pack,
    pad,
    quicken,
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


@pytest.fixture
def network() -> Network:
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=100,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.5,
    )
    encoder = BertModel(config, add_pooling_layer=False).eval()
    encoder.embeddings.requires_grad_(False)
    encoder.encoder.layer[0].requires_grad_(False)
    return Network(encoder, torch.nn.Linear(16, OUTPUTS))


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


def test_shorter_pairs_are_filled_up() -> None:
    assert pad([[0, 5, 2], [0, 2]]) == [[0, 5, 2], [0, 2, PAD]]


def test_each_text_gets_a_probability_in_the_order_of_the_texts(network: Network) -> None:
    reader = Reader(Words(), network)
    texts = [" ".join("a" * (1 + (i * j) % 7) for j in range(1 + (i * 5) % 23)) for i in range(40)]
    together = reader.score("who is it", texts)
    one_by_one = np.concatenate([reader.score("who is it", [text]) for text in texts])
    assert together.shape == (40,)
    assert np.allclose(together, one_by_one, atol=1e-5)
    assert ((together > 0) & (together < 1)).all()
    assert len(set(together.round(4))) > 30


def test_no_texts_no_probabilities(network: Network) -> None:
    assert Reader(Words(), network).score("who", []).shape == (0,)


def test_the_answer_is_located_among_the_tokens_of_the_text() -> None:
    logits = np.array([[1, 1], [9, 9], [0, 0], [0, 0], [5, 0], [0, 3], [9, 9]])
    assert best_span(logits, begins=4) == 5 + 3 - 2
    backwards = np.array([[1, 1], [9, 9], [0, 0], [0, 0], [0, 3], [5, 0], [9, 9]])
    assert best_span(backwards, begins=4) == 5 + 0 - 2
    assert best_span(logits[[0, 1, 2, 3, 6]], begins=4) == NOWHERE


def test_only_layers_that_are_not_shared_are_shipped_and_come_back(network: Network, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    own = own_weights(network)
    assert {name.split(".")[3] for name in own if name.startswith("encoder.")} == {"1"}
    save_file({name: tensor * 0 + 1 for name, tensor in own.items()}, tmp_path / "reader.safetensors")
    load(network, tmp_path / "reader.safetensors")
    assert all(bool((tensor == 1).all()) for tensor in own_weights(network).values())


def test_weights_of_another_reader_are_refused(network: Network, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    own = own_weights(network)
    own.pop("head.bias")
    save_file(own, tmp_path / "reader.safetensors")
    with pytest.raises(ValueError, match=r"holds 17 tensors, not the 18 of this reader"):
        load(network, tmp_path / "reader.safetensors")


def test_quick_layers_give_the_same_scores(network: Network) -> None:
    texts = ["a bb ccc", "dddd e", "ff ggg hhhh iiiii"]
    before = Reader(Words(), network).score("who is it", texts)
    after = Reader(Words(), quicken(network)).score("who is it", texts)
    assert np.allclose(before, after, atol=0.05)


def candidate(parts: list[Part], position: int) -> Candidate:
    layout = lay_out(parts)
    document = Document("d.md", "The WIC", "P", "2024", "", "en", "", "d.md", layout.text, layout.blocks)
    passage: Passage = split(document)[0]
    hit = Hit(document, passage, np.zeros((len(passage.sentences), 2)), 1.0, 1, 1)
    facts: dict[str, Any] = dict.fromkeys(Candidate.__dataclass_fields__, 0.0)
    return Candidate(**facts | {"hit": hit, "sentence": passage.sentences[position]})


def test_a_sentence_is_read_after_its_title_and_section_and_between_its_neighbours() -> None:
    text = "One came. Two went. Three stayed. Four slept."
    parts = [Part("heading", "History", 1), Part("paragraph", text)]
    assert read_as(candidate(parts, 1)) == "The WIC > History: Two went."
    assert read_as(candidate(parts, 1), beside=1) == "The WIC > History: One came. Two went. Three stayed."
    assert read_as(candidate(parts, 0), beside=1) == "The WIC > History: One came. Two went."


def test_an_item_is_read_after_the_sentence_that_introduces_its_list() -> None:
    parts = [Part("paragraph", "The members are:"), Part("item", "China Mobile"), Part("item", "Nankai University")]
    assert read_as(candidate(parts, 2)) == "The WIC: The members are: Nankai University"
    assert read_as(candidate(parts, 1), beside=1) == "The WIC: The members are: China Mobile Nankai University"


def test_a_text_without_a_title_is_read_alone() -> None:
    assert in_context("", "It rains.") == "It rains."


def test_the_shipped_weights_name_what_they_were_trained_on() -> None:
    facts = json.loads((Path(__file__).parents[2] / "rag" / "weights" / "reader.json").read_text(encoding="utf-8"))
    assert all(source["dataset"] and source["licence"] for source in facts["attribution"])
    assert facts["training"]["seed"]
