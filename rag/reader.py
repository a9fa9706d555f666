"""Does a sentence answer a question? A small cross-encoder that reads both together.

It stands on the embedding model: the word embeddings, and the lower layers where it has none of its own, are those of
the unpacked multilingual-e5-small; layers and a linear head of its own (`rag/weights/`) were trained by `python -m eval
train-reader`. It gives the log odds that the sentence, in its context, answers the question. A second one, trained on
other data, is asked where the first doubts: what one of them takes for an answer by chance, the other seldom does.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from corpus.months import written
from rag.parallel import Parallel

if TYPE_CHECKING:  # what trains a reader elsewhere needs none of them
    from corpus.document import Document
    from corpus.split import Passage, Sentence
    from rag.score import Candidate

WEIGHTS = Path(__file__).with_name("weights") / "reader.safetensors"
SECOND = WEIGHTS.with_name("second.safetensors")
BOS, EOS = 0, 2  # ids of multilingual-e5-small's tokenizer
LONGEST = 160  # tokens of a pair
LONGEST_QUESTION = 64  # tokens
LONGEST_LIST = 150  # characters of the items that are read behind the sentence that introduces them
HEAD = "head"
LEANS_BACK = re.compile(r"(?:it|its|they|their|them|he|his|she|her|this|these|those|such|该|其|它|此|这)\b", re.I)
IN_CHINESE = re.compile(r"\s*[(（][^()（）]*[一-鿿][^()（）]*[)）]")  # a name's second form, behind the English one

_PROCESSORS = Parallel()


class Encoder(Protocol):
    """What the reader needs of an encoder."""

    def firsts(self, texts: Sequence[Sequence[int]]) -> Any:
        """Return the states of the first tokens of texts, given by their token ids: a tensor (texts, hidden)."""


class Reader:
    """Reads questions with sentences; safe to share between threads."""

    def __init__(self, tokenizer: Any, encoder: Encoder, head: tuple[Any, Any], second: "Reader | None" = None) -> None:
        """`head`: weight (1, hidden), bias (1,) over the state of a pair's first token; `second`: to ask in doubt."""
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._head = head
        self.second = second

    @classmethod
    def open(cls, model_folder: Path, weights: Path = WEIGHTS, second: Path | None = SECOND) -> "Reader":
        """Build the reader from an unpacked embedding model and the weights of its own, and the second one likewise."""
        from safetensors.torch import load_file

        from index.asymmetric import SAMPLE, tokenizer_of
        from index.bert import halve, multiplies_bfloat16, quicken, read_bert

        own = load_file(weights)
        head = own.pop(f"{HEAD}.weight").float(), own.pop(f"{HEAD}.bias").float()
        tokenizer = tokenizer_of(model_folder)
        asked = tokenizer.encode(SAMPLE[0], add_special_tokens=False).ids
        sample = [pack(asked, tokenizer.encode(text, add_special_tokens=False).ids) for text in SAMPLE]
        other = cls.open(model_folder, second, None) if second else None
        exact = read_bert(model_folder, own)
        encoder = halve(exact) if multiplies_bfloat16() else quicken(exact, sample)
        return cls(tokenizer, encoder, head, other)

    def read(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """Return the log odds that each text answers the question: (texts,)."""
        if not texts:
            return np.empty(0, np.float32)
        import torch

        asked, *read = (e.ids for e in self._tokenizer.encode_batch([question, *texts], add_special_tokens=False))

        def odds(pairs: Sequence[Sequence[int]]) -> list[float]:
            with torch.inference_mode():
                states = self._encoder.firsts(pairs).float()
                found: list[float] = torch.nn.functional.linear(states, *self._head)[:, 0].tolist()
            return found

        return np.array(_PROCESSORS.run(odds, [pack(asked, ids) for ids in read]), np.float32)


def read_as(candidate: "Candidate") -> str:
    """Return a candidate as the reader reads it: what introduces a list is read with its first items."""
    document, passage, sentence = candidate.hit.document, candidate.hit.passage, candidate.sentence
    own = sentence.start, sentence.end
    items = " ".join(document.text[item.start : item.end] for item in passage.sentences if item.lead == own)
    return f"{text_of(document, passage, sentence)} {items[:LONGEST_LIST]}".rstrip()


def text_of(document: "Document", passage: "Passage", sentence: "Sentence") -> str:
    """Return a sentence behind its title, the day of the event, its section and what introduces it or it leans on."""
    own = document.text[sentence.start : sentence.end]
    before = [document.text[slice(*sentence.lead)]] if sentence.lead else []
    position = passage.sentences.index(sentence)
    if not before and position and LEANS_BACK.match(own):
        previous = passage.sentences[position - 1]
        before = [document.text[previous.start : previous.end]]
    title, *sections = (IN_CHINESE.sub("", name) for name in (document.title, *passage.section))
    dated = f"{title} ({written(document.event_date)})" if document.event_date else title
    around = " > ".join((dated, *sections))
    return in_context(around, " ".join((*before, own)))


def in_context(around: str, text: str) -> str:
    """Return a text as the reader reads it: `title > section: text`."""
    return f"{around}: {text}" if around else text


def pack(question: Sequence[int], text: Sequence[int]) -> list[int]:
    """Return the ids `<s> question </s></s> text </s>`, cut to LONGEST at the text's end."""
    head = [BOS, *question[:LONGEST_QUESTION], EOS, EOS]
    return [*head, *text[: LONGEST - len(head) - 1], EOS]
