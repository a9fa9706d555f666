"""BERT as plain tensor operations: quick on a processor for texts of a few words.

For twenty tokens transformers' BertModel spends as long between its matrix products as in them; here a layer is ten
operations. `quicken` lets the products compute in 8 bits. A few inputs of a layer are many times as large as the
others and would leave them no digits, so these few channels stay in full precision (Dettmers et al. 2022, "LLM.int8():
8-bit Matrix Multiplication for Transformers at Scale", arXiv:2208.07339). With torch alone, it takes seconds to import.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

PAD = 1  # id of multilingual-e5-small's tokenizer
WIDE_INPUTS, WIDE_INNER = 4, 8  # channels that stay in full precision: before the layer's products, before its last one
ROWS = 320  # tokens of all texts for which the layout of weights in bfloat16 is chosen; it holds for any number
STEP = 32  # tokens of all texts come in steps: for each new number oneDNN makes and keeps kernels
PRODUCTS = ("mix", "join", "up", "down")  # of a layer
ENGINES = ("x86", "fbgemm")  # of torch's 8-bit kernels; others were not measured
PARTS = {  # names of the tensors of a layer: of ours, of BERT's
    "mix": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "join": ("attention.output.dense",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
    "mixed": ("attention.output.LayerNorm",),
    "done": ("output.LayerNorm",),
}


class Layer(nn.Module):
    """One layer of BERT: attention, then a feed-forward part, each with a residual path and a norm."""

    def __init__(self, hidden: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.mix = nn.Linear(hidden, 3 * hidden)
        self.join = nn.Linear(hidden, hidden)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.mixed = nn.LayerNorm(hidden, epsilon)
        self.done = nn.LayerNorm(hidden, epsilon)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the states behind the layer: (texts, tokens, hidden), as before it."""
        return self._fed(states, self._heard(self.mix(states), mask))

    def unpadded(self, states: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the states behind the layer of texts that stand one behind the other: (tokens of all, hidden)."""
        texts = self.mix(states).split(lengths)
        return self._fed(states, torch.cat([self._heard(text[None])[0] for text in texts]))

    def firsts(self, states: Tensor, lengths: Sequence[int]) -> Tensor:
        """Return the state of each text's first token behind the layer: (texts, hidden), of such texts."""
        texts = self.mix(states).split(lengths)
        heard = torch.cat([self._heard(text[None], asking=1)[0] for text in texts])
        return self._fed(torch.stack([text[0] for text in states.split(lengths)]), heard)

    def _heard(self, mixed: Tensor, mask: Tensor | None = None, asking: int | None = None) -> Tensor:
        """Return what the first `asking` tokens of each text, by default all, hear: (texts, tokens, hidden)."""
        texts, tokens, width = mixed.shape
        shape = (texts, tokens, 3, self.heads, width // 3 // self.heads)
        query, key, value = mixed.view(shape).permute(2, 0, 3, 1, 4)
        heard = F.scaled_dot_product_attention(query[:, :, :asking], key, value, attn_mask=mask)
        return heard.transpose(1, 2).reshape(texts, -1, width // 3)

    def _fed(self, states: Tensor, heard: Tensor) -> Tensor:
        """Return the states after what they heard and the feed-forward part; any shape that ends with hidden."""
        states = self.mixed(states + self.join(heard))
        fed: Tensor = self.done(states + self.down(F.gelu(self.up(states))))
        return fed


class Bert(nn.Module):
    """The layers of a BERT encoder over its word table, which is only read and never learns."""

    def __init__(self, words: "Words", layers: Sequence[Layer]) -> None:
        super().__init__()
        self._words = words
        self.layers = nn.ModuleList(layers)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the states of token ids: (texts, tokens) -> (texts, tokens, hidden); PAD is not attended to."""
        known = ids != PAD
        mask = None if bool(known.all()) else known[:, None, None, :]
        states = self._begun(ids)
        for layer in self.layers:
            states = layer(states, mask)
        return states

    def _begun(self, ids: Tensor) -> Tensor:
        """Return the states of token ids before the first layer, in the precision of the layers."""
        states: Tensor = self._words(ids)
        return states.to(next(self.layers.parameters()).dtype)

    def firsts(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Return the states of the first tokens of texts, given by their token ids: (texts, hidden).

        The texts stand one behind the other, with hardly any padding; of the last layer only what the first tokens need
        is computed.
        """
        fill = -sum(map(len, texts)) % STEP
        filled = [*texts, [PAD] * fill] if fill else texts
        lengths = [len(text) for text in filled]
        states = torch.cat([self._begun(torch.tensor([list(text)]))[0] for text in filled])
        *before, last = cast(list[Layer], list(self.layers))
        for layer in before:
            states = layer.unpadded(states, lengths)
        return last.firsts(states, lengths)[: len(texts)]


class Words(nn.Module):
    """Table of words and places: token ids -> states before the first layer. It never learns."""

    table: Tensor
    places: Tensor
    scale: Tensor
    shift: Tensor

    def __init__(self, tensors: Mapping[str, Tensor], epsilon: float) -> None:
        super().__init__()
        places = tensors["embeddings.position_embeddings.weight"]
        self.register_buffer("table", tensors["embeddings.word_embeddings.weight"])
        self.register_buffer("places", places + tensors["embeddings.token_type_embeddings.weight"][0])
        self.register_buffer("scale", tensors["embeddings.LayerNorm.weight"])
        self.register_buffer("shift", tensors["embeddings.LayerNorm.bias"])
        self._epsilon = epsilon

    def forward(self, ids: Tensor) -> Tensor:
        """Return the states of token ids: (texts, tokens, hidden)."""
        states = self.table[ids] + self.places[: ids.shape[1]]
        return F.layer_norm(states, states.shape[-1:], self.scale, self.shift, self._epsilon)


@cache
def _saved(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return a model's configuration and tensors; the file is mapped, so that only what is used takes memory."""
    return json.loads((folder / "config.json").read_text(encoding="utf-8")), load_file(folder / "model.safetensors")


def read_bert(folder: Path, own: Mapping[str, Tensor] | None = None) -> Bert:
    """Return the encoder of an unpacked model in full precision; `own` tensors, by BERT's names, replace the model's.

    ValueError if `own` has a tensor that the model does not have.
    """
    config, tensors = _saved(folder)
    if strange := (own or {}).keys() - tensors.keys():
        raise ValueError(f"{folder.name} has no tensor {min(strange)}; restore the weights from git")
    chosen = {**tensors, **(own or {})}
    sizes = [config[name] for name in ("hidden_size", "intermediate_size", "num_attention_heads", "layer_norm_eps")]
    layers = []
    for number in range(config["num_hidden_layers"]):
        with torch.device("meta"):  # no time for weights that are replaced at once
            layer = Layer(*sizes)
        layer.load_state_dict(_named(chosen, f"encoder.layer.{number}."), assign=True)
        layers.append(layer)
    return Bert(Words(tensors, config["layer_norm_eps"]), layers)


def hidden_size(folder: Path) -> int:
    """Return the dimensions of a model's states."""
    return int(_saved(folder)[0]["hidden_size"])


def _named(tensors: Mapping[str, Tensor], before: str) -> dict[str, Tensor]:
    """Return the tensors of the layer whose names begin so by our names; copies, since the model's own are shared."""
    return {
        f"{ours}.{kind}": torch.cat([tensors[f"{before}{name}.{kind}"].float() for name in names])
        for ours, names in PARTS.items()
        for kind in ("weight", "bias")
    }


def bert_names(bert: Bert, first: int) -> dict[str, Tensor]:
    """Return the tensors of the layers from `first` on by BERT's names, in half precision, to be saved."""
    found = {}
    for number, layer in list(enumerate(bert.layers))[first:]:
        state = layer.state_dict()
        for ours, names in PARTS.items():
            for kind in ("weight", "bias"):
                pieces = state[f"{ours}.{kind}"].chunk(len(names))
                for name, piece in zip(names, pieces, strict=True):
                    found[f"encoder.layer.{number}.{name}.{kind}"] = piece.to(torch.float16).contiguous()
    return found


class EightBit(nn.Module):
    """A matrix product in 8 bits but for a few wide channels of its input."""

    def __init__(self, linear: nn.Linear, widest: Tensor, wide: int) -> None:
        """`widest`: the largest value seen of each input channel."""
        super().__init__()
        weight = linear.weight.detach()
        self._wide = widest.topk(wide).indices.sort().values
        self._narrow = torch.ones(weight.shape[1])
        self._narrow[self._wide] = 0
        self._exact = weight[:, self._wide].t().contiguous()
        rest = weight * self._narrow
        scales = rest.abs().amax(1).clamp_min(1e-8) / 127
        zeros = torch.zeros(len(scales), dtype=torch.long)
        with warnings.catch_warnings():  # torch means to drop these kernels one day; its version is pinned
            warnings.simplefilter("ignore", UserWarning)
            quantized = torch.quantize_per_channel(rest, scales.double(), zeros, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(quantized, linear.bias.detach())

    def forward(self, states: Tensor) -> Tensor:
        """Return the product; activations keep 7 bits, so that older processors' kernels cannot overflow."""
        narrow = states * self._narrow if len(self._wide) else states
        product: Tensor = torch.ops.quantized.linear_dynamic(narrow, self._packed, True)
        if len(self._wide):
            wide = states[..., self._wide].reshape(-1, len(self._wide))
            product.view(-1, product.shape[-1]).addmm_(wide, self._exact)
        return product


class Sixteen(nn.Module):
    """A matrix product in bfloat16 with its weights laid out for the processor once, not at each call."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().bfloat16()
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        self._bias = linear.bias.detach().bfloat16()

    def forward(self, states: Tensor) -> Tensor:
        """Return the product."""
        product: Tensor = torch.ops.mkldnn._linear_pointwise(states, self._packed, self._bias, "none", [], "")
        return product


def multiplies_bfloat16() -> bool:
    """Return whether this processor has instructions that multiply bfloat16: AMX, or those of AVX-512."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("amx_bf16") or able.get("avx512_bf16"))


def halve(bert: Bert) -> Bert:
    """Return the encoder with layers in bfloat16; it no longer learns. Nearer to the exact ones than 8 bits.

    The table of words stays as it is: it is mapped, and a copy of it would take more memory than all layers.
    """
    bert.requires_grad_(False)
    for layer in bert.layers:
        for name in PRODUCTS:
            setattr(layer, name, Sixteen(getattr(layer, name)))
    bert.layers.bfloat16()
    return bert


def quicken(bert: Bert, sample: Sequence[Sequence[int]]) -> Bert:
    """Return the encoder with 8-bit products where the processor has kernels for them; it no longer learns.

    `sample` are the token ids of some texts like those that it will read: they show which channels are wide.
    """
    bert.requires_grad_(False)
    if torch.backends.quantized.engine not in ENGINES:
        return bert
    widest = _widest(bert, sample)
    for number, layer in enumerate(bert.layers):
        assert isinstance(layer, Layer)
        for name in PRODUCTS:
            wide = WIDE_INNER if name == "down" else WIDE_INPUTS
            setattr(layer, name, EightBit(getattr(layer, name), widest[number, name], wide))
    return bert


def _widest(bert: Bert, sample: Sequence[Sequence[int]]) -> dict[tuple[int, str], Tensor]:
    """Return the largest value of each channel before each product."""
    widest: dict[tuple[int, str], Tensor] = {}

    def watch(place: tuple[int, str]) -> Any:
        def look(module: nn.Module, inputs: tuple[Tensor]) -> None:
            seen = inputs[0].abs().amax((0, 1))
            widest[place] = torch.maximum(widest[place], seen) if place in widest else seen

        return look

    hooks = [
        getattr(layer, name).register_forward_pre_hook(watch((number, name)))
        for number, layer in enumerate(bert.layers)
        for name in PRODUCTS
    ]
    with torch.inference_mode():
        for ids in sample:
            bert(torch.tensor([list(ids)]))
    for hook in hooks:
        hook.remove()
    return widest


def padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """Return token ids as one tensor, (texts, tokens of the longest), filled up with PAD."""
    width = max(map(len, texts))
    return torch.tensor([[*text, *[PAD] * (width - len(text))] for text in texts])
