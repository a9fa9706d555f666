"""The default model in sentence-transformers' terms: a Router with one quick encoder a task.

Documents are embedded by the unpacked model, questions by the same model with upper layers of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize, Router
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer

from index.bert import PAD, Bert, hidden_size, padded, quicken, read_bert

LONGEST = 512  # tokens
SAMPLE = (  # shows the quick layers which channels are wide, in both languages and both lengths
    "Where is the World Internet Conference headquartered?",
    "how many members from how many countries in 2024",
    "世界互联网大会乌镇峰会的主题是什么？",
    "Wuzhen Summit 2023 > Opening: The summit took place from November 8 to 10, 2023, in Wuzhen, Zhejiang Province.",
    "The report finds that 46.5% of the applications came from companies, 21 of the 53 cases from China (中国).",
    "- Li Junhua, Under-Secretary-General of the United Nations for Economic and Social Affairs",
    "Year: 2019; Theme: Intelligent Interconnection; Guests: about 1,500 from more than 80 countries and regions",
    "人工智能合作与治理高端对话在香港举行，来自五十多个国家和地区的约1000位嘉宾参加。",
)


class QuickTransformer(InputModule):
    """A sentence-transformers module that tokenizes and encodes; its encoder is made when it is first asked."""

    def __init__(self, make: Callable[[], Bert], tokenizer: Tokenizer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._make = cache(make)
        self.tokenizer = tokenizer
        self.max_seq_length = LONGEST

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **options: Any) -> dict[str, Any]:
        """Return the token ids of texts and which of them are no padding: (texts, tokens) each."""
        read = self.tokenizer.encode_batch([f"{prompt or ''}{text}" for text in inputs])
        ids = padded([encoding.ids for encoding in read])
        return {"input_ids": ids, "attention_mask": (ids != PAD).long()}

    def forward(self, features: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Add the states of the tokens: (texts, tokens, hidden)."""
        return features | {"token_embeddings": self._make()(features["input_ids"])}

    def save(self, *arguments: Any, **options: Any) -> None:
        """Refuse: the model is made of the unpacked folder and the weights beside this module."""
        raise NotImplementedError("the default model is not saved; name the folder of another one")


def asymmetric(folder: Path, query_weights: Path, prompts: Mapping[str, str]) -> Any:
    """Return the model of an unpacked folder, with encoders for questions and for documents."""
    router = Router.for_query_document(
        query_modules=_modules(folder, prompts["query"], query_weights),
        document_modules=_modules(folder, prompts["document"]),
    )
    return SentenceTransformer(modules=[router], prompts=dict(prompts), device="cpu")


def _modules(folder: Path, prompt: str, own: Path | None = None) -> list[Any]:
    tokenizer = tokenizer_of(folder)

    def make() -> Bert:
        sample = [tokenizer.encode(prompt + text).ids for text in SAMPLE]
        return quicken(read_bert(folder, load_file(own) if own else {}), sample)

    return [QuickTransformer(make, tokenizer), Pooling(hidden_size(folder), "mean"), Normalize()]


@cache
def tokenizer_of(folder: Path) -> Tokenizer:
    """Return the tokenizer of an unpacked model, which cuts texts at LONGEST tokens; all that read share it."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    return tokenizer
