"""An embedding without a model: words hashed into a few dimensions, so that equal words are near each other."""

import zlib
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.lexical import terms

DIMENSIONS = 256


class HashedEmbedding(BaseEmbedding):
    """Normalised counts of hashed terms; deterministic, and quick enough for unit tests."""

    def __init__(self, **options: Any) -> None:
        super().__init__(model_name="hashed", embed_batch_size=2048, **options)

    def _get_text_embedding(self, text: str) -> list[float]:
        vector = np.full(DIMENSIONS, 1e-3)
        for term in terms(text):
            vector[zlib.crc32(term.encode()) % DIMENSIONS] += 1.0
        normalised: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return normalised

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
