"""Does a text answer a question? A small cross-encoder that reads both together.

It stands on the embedding model: word embeddings and the lower layers are those of the unpacked
multilingual-e5-small, only the upper layers and a linear head are its own (`rag/weights/`), trained by
`python -m eval train-reader`. The head gives three numbers per token; the first token's first one is the
logit of "answers", the other two are the logits of the answer's first and last token, which serve training.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.score import Candidate

WEIGHTS = Path(__file__).with_name("weights")
BOS, PAD, EOS = 0, 1, 2  # ids of multilingual-e5-small's tokenizer
LONGEST = 160  # tokens of a pair
LONGEST_QUESTION = 64  # tokens
BATCH = 16  # pairs read at once
LONGEST_SPAN = 20  # tokens of an answer
NOWHERE = -30.0  # log odds for a text without a token
OUTPUTS = 3  # answers, first token of the answer, last token of the answer


class Reader:
    """Reads questions with texts; safe to share between threads."""

    def __init__(self, tokenizer: Any, network: "Network") -> None:
        self._tokenizer = tokenizer
        self._network = network

    @classmethod
    def open(cls, model_folder: Path, weights: Path = WEIGHTS) -> "Reader":
        """Build the reader from an unpacked embedding model and the weights of its own."""
        facts = json.loads((weights / "reader.json").read_text(encoding="utf-8"))
        network = build(model_folder, facts["architecture"]["shared_layers"])
        load(network, weights / "reader.safetensors")
        return cls(tokenizer_of(model_folder), quicken(network))

    def score(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """Return the probability, 0..1, that each text answers the question: (texts,)."""
        return self.read(question, texts).probability

    def read(self, question: str, texts: Sequence[str]) -> "Reading":
        """Return what reading each text with the question tells."""
        if not texts:
            return Reading(np.empty(0, np.float32), np.empty(0, np.float32))
        asked, *read = (e.ids for e in self._tokenizer.encode_batch([question, *texts], add_special_tokens=False))
        pairs = [pack(asked, ids) for ids in read]
        begins = min(len(asked), LONGEST_QUESTION) + 3
        answers, located = np.empty(len(pairs), np.float32), np.empty(len(pairs), np.float32)
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            for i, logits in zip(chosen, self._network.logits([pairs[i] for i in chosen]), strict=True):
                answers[i] = logits[0, 0]
                located[i] = best_span(logits[: len(pairs[i]), 1:], begins)
        return Reading(1 / (1 + np.exp(-answers)), located)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader thinks of some texts."""

    probability: np.ndarray  # (texts,), 0..1, that the text answers
    located: np.ndarray  # (texts,), log odds of the most likely place of the answer against there being none


@dataclass(frozen=True, slots=True)
class Network:
    """The encoder and its head."""

    encoder: Any  # BertModel
    head: Any  # Linear, hidden -> OUTPUTS

    def __call__(self, ids: Any, mask: Any) -> Any:
        """Return the logits of each token: (pairs, tokens, OUTPUTS)."""
        import torch

        places = torch.arange(ids.shape[1]).expand_as(ids)
        read = self.encoder(
            input_ids=ids, attention_mask=mask, position_ids=places, token_type_ids=torch.zeros_like(ids)
        )
        return self.head(read.last_hidden_state)

    def logits(self, pairs: Sequence[Sequence[int]]) -> np.ndarray:
        """Return the logits of pairs of token ids: (pairs, tokens of the longest, OUTPUTS)."""
        import torch

        ids = torch.tensor(pad(pairs))
        with torch.inference_mode():
            logits: np.ndarray = self(ids, (ids != PAD).long()).float().numpy()
        return logits


def best_span(logits: np.ndarray, begins: int) -> float:
    """Return the log odds of the best span of the text against the first token, which stands for no answer.

    `logits` is (tokens, 2), of first and last tokens; the text stands from `begins` to the token before the last.
    """
    first, last = logits[begins:-1, 0], logits[begins:-1, 1]
    if not len(first):
        return NOWHERE
    spans = first[:, None] + last[None, :]
    apart = np.arange(len(first))[None, :] - np.arange(len(first))[:, None]
    likely = spans[(apart >= 0) & (apart < LONGEST_SPAN)].max()
    return float(likely - logits[0].sum())


def read_as(candidate: Candidate, beside: int = 0) -> str:
    """Return a candidate as the reader reads it, with up to `beside` sentences of its passage on each side."""
    document, passage, sentence = candidate.hit.document, candidate.hit.passage, candidate.sentence
    position = passage.sentences.index(sentence)
    first = max(0, position - beside)
    near = passage.sentences[first : position + beside + 1]
    parts = [document.text[s.start : s.end] for s in near]
    if sentence.lead and all((s.start, s.end) != sentence.lead for s in near):
        parts.insert(0, document.text[slice(*sentence.lead)])
    return in_context(" > ".join((document.title, *passage.section)), " ".join(parts))


def in_context(around: str, text: str) -> str:
    """Return a text as the reader reads it: `title > section: text`."""
    return f"{around}: {text}" if around else text


def pack(question: Sequence[int], text: Sequence[int]) -> list[int]:
    """Return the ids `<s> question </s></s> text </s>`, cut to LONGEST at the text's end."""
    head = [BOS, *question[:LONGEST_QUESTION], EOS, EOS]
    return [*head, *text[: LONGEST - len(head) - 1], EOS]


def pad(pairs: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the pairs, each as long as the longest."""
    width = max(map(len, pairs))
    return [[*pair, *[PAD] * (width - len(pair))] for pair in pairs]


def tokenizer_of(model_folder: Path) -> Any:
    """Return the embedding model's tokenizer."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def build(model_folder: Path, shared_layers: int) -> Network:
    """Return a reader that is not trained yet: the embedding model with a new head, its shared layers frozen.

    The file of the model is mapped into memory, so that of its large table only the words that occur are read.
    """
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    config = BertConfig.from_pretrained(str(model_folder))
    with torch.device("meta"):
        encoder = BertModel(config, add_pooling_layer=False).eval()
    saved = load_file(model_folder / "model.safetensors")
    encoder.load_state_dict({name: saved[name] for name in encoder.state_dict()}, assign=True)
    encoder.embeddings.requires_grad_(False)
    for layer in encoder.encoder.layer[:shared_layers]:
        layer.requires_grad_(False)
    return Network(encoder, torch.nn.Linear(config.hidden_size, OUTPUTS))


def own_weights(network: Network) -> dict[str, Any]:
    """Return the tensors that the embedding model does not have, by name, in half precision."""
    import torch

    named = [*network.encoder.named_parameters(prefix="encoder"), *network.head.named_parameters(prefix="head")]
    return {name: p.detach().to(torch.float16).contiguous() for name, p in named if p.requires_grad}


def load(network: Network, path: Path) -> None:
    """Put saved weights in their places; ValueError if they are not all that is the reader's own."""
    import torch
    from safetensors.torch import load_file

    named = [*network.encoder.named_parameters(prefix="encoder"), *network.head.named_parameters(prefix="head")]
    own = {name: p for name, p in named if p.requires_grad}
    saved = load_file(path)
    if own.keys() != saved.keys():
        raise ValueError(f"{path} holds {len(saved)} tensors, not the {len(own)} of this reader; restore it from git")
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(saved[name])


def quicken(network: Network) -> Network:
    """Let the layers compute in bfloat16 where the processor does: twice as fast, the same scores.

    8-bit layers were measured and lose too much: the inner layers' outliers do not fit.
    """
    import torch

    if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported():
        network.encoder.embeddings.register_forward_hook(lambda module, given, read: read.bfloat16())
        network.encoder.encoder.bfloat16()
        network.head.bfloat16()
    return network
