"""The encoder gives the states of transformers' BertModel, in full precision and nearly so in 8 bits."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from index.bert import PAD, EightBit, bert_names, halve, multiplies_bfloat16, padded, quicken, read_bert

CONFIG: dict[str, Any] = {
    "vocab_size": 60,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 40,
    "layer_norm_eps": 1e-12,
}


@pytest.fixture(scope="module")
def model() -> BertModel:
    torch.manual_seed(3)
    model: BertModel = BertModel(BertConfig(**CONFIG, initializer_range=0.3), add_pooling_layer=False).eval()
    return model


@pytest.fixture(scope="module")
def folder(model: BertModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bert")
    (path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, path / "model.safetensors")
    return path


def expected(model: BertModel, ids: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        states: torch.Tensor = model(input_ids=ids, attention_mask=(ids != PAD).long()).last_hidden_state
    return states


def test_the_states_are_those_of_bert_with_and_without_padding(model: BertModel, folder: Path) -> None:
    bert = read_bert(folder)
    for texts in ([[0, 5, 9, 2]], [[0, 5, 2], [0, 7, 8, 11, 30, 2]]):
        ids = padded(texts)
        known = (ids != PAD)[:, :, None]
        assert torch.allclose(bert(ids) * known, expected(model, ids) * known, atol=1e-5)


def test_the_first_states_are_those_that_padded_texts_have(folder: Path) -> None:
    bert, texts = read_bert(folder), [[0, 5, 2], [0, 7, 8, 11, 30, 2]]
    assert torch.allclose(bert.firsts(texts), bert(padded(texts))[:, 0], atol=1e-5)
    assert torch.allclose(bert.firsts(texts[:1]), bert(padded(texts))[:1, 0], atol=1e-5)


@pytest.mark.skipif(not multiplies_bfloat16(), reason="no instructions for bfloat16 here")
def test_sixteen_bits_give_nearly_the_same_states(folder: Path) -> None:
    texts = [[0, 5, 9, 30, 31, 2], [0, 7, 2]]
    near = torch.nn.functional.cosine_similarity(
        read_bert(folder).firsts(texts), halve(read_bert(folder)).firsts(texts).float(), dim=-1
    )
    assert float(near.detach().min()) > 0.99


def test_saved_layers_replace_those_of_the_model(folder: Path) -> None:
    bert = read_bert(folder)
    for parameter in list(bert.layers)[2].parameters():
        parameter.data += 0.25
    own = bert_names(bert, 2)
    assert {name.split(".")[2] for name in own} == {"2"}
    again, ids = read_bert(folder, own), padded([[0, 5, 9, 2]])
    assert torch.allclose(again(ids), bert(ids), atol=0.02)  # they are saved in half precision
    assert not torch.allclose(again(ids), read_bert(folder)(ids), atol=0.02)


def test_a_tensor_that_the_model_does_not_have_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"has no tensor encoder\.layer\.9\.x; restore the weights from git"):
        read_bert(folder, {"encoder.layer.9.x": torch.zeros(1)})


def test_eight_bits_give_nearly_the_same_states(folder: Path) -> None:
    ids = padded([[0, 5, 9, 30, 31, 2], [0, 7, 2]])
    exact = read_bert(folder)(ids)
    quick = quicken(read_bert(folder), [[0, 5, 9, 30, 2], [0, 8, 7, 41, 2]])(ids)
    near = torch.nn.functional.cosine_similarity(exact, quick, dim=-1)
    assert float(near.detach().min()) > 0.98


@pytest.mark.skipif(torch.backends.quantized.engine not in ("x86", "fbgemm"), reason="no 8-bit kernels here")
def test_a_wide_channel_does_not_cost_the_others_their_digits() -> None:
    torch.manual_seed(0)
    linear = torch.nn.Linear(16, 8)
    states = torch.randn(5, 16)
    states[:, 3] *= 500  # 7 bits over its range leave nothing of the others
    error = {
        wide: float((EightBit(linear, states.abs().amax(0), wide)(states) - linear(states)).abs().max().detach())
        for wide in (0, 1)
    }
    assert error[1] < 0.1 < error[0]
