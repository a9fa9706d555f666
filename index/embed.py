"""Text -> vectors: any sentence-transformers model, behind llama-index's embedding interface.

The default model embeds documents as it is and questions with upper layers of its own (`index/weights/`), trained by
`python -m eval train-query`: a question shares few words with the sentence that answers it. The home of
sentence_transformers, and with `index.unpack` of transformers.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.unpack import NAME, model_folder

DEFAULT_MODEL = NAME
E5_PROMPTS = {"query": "query: ", "document": "passage: "}  # arXiv:2402.05672, section 4
QUERY_WEIGHTS = Path(__file__).with_name("weights") / "query.safetensors"
Task = Literal["query", "document"]


class SentenceTransformerEmbedding(BaseEmbedding):
    """Normalised vectors of a sentence-transformers model; queries and passages get its prompts."""

    _model: Any = PrivateAttr()

    def __init__(self, model_name: str = DEFAULT_MODEL, threads: int | None = None, **options: Any) -> None:
        """Load a model by name or folder, to run on so many threads; OSError with the remedy if there is none."""
        super().__init__(model_name=model_name, embed_batch_size=2048, **options)
        self._model = _default() if model_name == DEFAULT_MODEL else _load(model_name)
        if threads:
            torch_threads(threads)

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._encode([query], "query")[0].tolist()
        return vector

    def get_statement_embedding(self, text: str) -> list[float]:
        """Return the vector of a statement that is compared with others, by the model's own encoder."""
        vector: list[float] = self._encode([text], "document", prompt="query")[0].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encode(texts, "document").tolist()
        return vectors

    def _encode(self, texts: Sequence[str], task: Task, prompt: Task | None = None) -> np.ndarray:
        vectors = self._model.encode(
            list(texts),
            prompt_name=prompt or task,
            task=task,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_tensor=True,
        )
        single: np.ndarray = vectors.float().numpy()
        return single


def torch_threads(threads: int) -> None:
    """Let torch compute on so many threads, in this whole process."""
    import torch

    torch.set_num_threads(threads)


def _default() -> Any:
    """Return the default model: one encoder for questions, one for documents."""
    _stay_offline()
    from index.asymmetric import asymmetric

    return asymmetric(model_folder(), QUERY_WEIGHTS, E5_PROMPTS)


def _load(name: str) -> Any:
    if Path(name).is_dir():
        _stay_offline()  # a folder needs no hub, so nothing may ask one
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        model = SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise OSError(
            f"RAG_EMBEDDING_MODEL={name}: no such model here ({_first_line(error)}); "
            f"name a folder of a sentence-transformers model, or unset it for {DEFAULT_MODEL}"
        ) from error
    e5 = "e5" in Path(name).name.lower()
    model.prompts = {"query": "", "document": "", **model.prompts, **(E5_PROMPTS if e5 else {})}
    return model.bfloat16() if _bfloat16_is_native() else model


def _stay_offline() -> None:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ["HF_HUB_OFFLINE"] = "1"


def _bfloat16_is_native() -> bool:
    """Return whether this processor computes in bfloat16 itself: three times the speed for the same vectors."""
    import torch

    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
