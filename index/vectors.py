"""Passage vectors in Chroma, behind llama-index's vector store interface. The home of chromadb."""

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import numpy as np

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")  # read by chromadb on import

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.records import EmbeddedPassage

COLLECTION = "passages"
DOCUMENT = "doc_id"  # where ChromaVectorStore keeps the id of a passage's document
# Normalised vectors: the inner product is the cosine. Beams so wide that a search among some thousand passages is
# exact, and so the same each time: with 200 a passage was missed by one run in some and found by the next.
HNSW = {"hnsw": {"space": "ip", "ef_construction": 400, "ef_search": 1000, "max_neighbors": 64}}
PAGE = 1000  # vectors copied at a time


class Vectors:
    """The Chroma collection of one generation: embedded in a folder, or on the server at `url`."""

    def __init__(self, folder: Path, generation: str, url: str = "", *, create: bool = False) -> None:
        self._copy: TemporaryDirectory[str] | None = None
        if not url and folder.is_dir() and not os.access(folder, os.W_OK):
            self._copy = TemporaryDirectory(prefix="chroma-")  # Chroma writes even where it only reads
            folder = Path(shutil.copytree(folder, Path(self._copy.name) / folder.name))
        self._client = _connect(folder, url)
        self._name = f"{COLLECTION}-{generation}" if url else COLLECTION
        if create:
            self._collection = self._client.create_collection(self._name, embedding_function=None, configuration=HNSW)
        else:
            self._collection = self._client.get_collection(self._name, embedding_function=None)
        self.store: BasePydanticVectorStore = ChromaVectorStore(chroma_collection=self._collection)

    def close(self) -> None:
        """Release the files, or the connection."""
        self._client.close()
        if self._copy:
            self._copy.cleanup()

    def add(self, passages: Sequence[tuple[EmbeddedPassage, str]]) -> None:
        """Add passages, each with its text."""
        self.store.add([_node(embedded, text) for embedded, text in passages])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove passages by id."""
        if ids:
            self.store.delete_nodes(list(ids))

    def search(
        self, vector: Sequence[float], count: int, document_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return up to `count` (passage id, cosine), nearest first; of all documents, or only of some."""
        filters = None if document_ids is None else _of(document_ids)
        found = self.store.query(
            VectorStoreQuery(query_embedding=list(vector), similarity_top_k=count, filters=filters)
        )
        return [
            (id, 1.0 + float(np.log(similarity)))  # ChromaVectorStore gives exp(-distance), distance = 1 - cosine
            for id, similarity in zip(found.ids or [], found.similarities or [], strict=True)
        ]

    def of(self, ids: Sequence[str]) -> np.ndarray:
        """Return the vectors of these passages: (passages, dimensions)."""
        found = self._collection.get(ids=list(ids), include=["embeddings"])
        by_id = dict(zip(found["ids"], found["embeddings"], strict=True))
        return np.array([by_id[id] for id in ids], dtype=np.float32)

    def copy_to(self, other: "Vectors") -> None:
        """Add everything in this collection to an empty one."""
        for offset in range(0, self._collection.count(), PAGE):
            found = self._collection.get(limit=PAGE, offset=offset, include=["embeddings", "metadatas", "documents"])
            other._collection.add(
                ids=found["ids"],
                embeddings=found["embeddings"],
                metadatas=found["metadatas"],
                documents=found["documents"],
            )

    def drop(self) -> None:
        """Delete the collection from its server."""
        self._client.delete_collection(self._name)


def _of(document_ids: Collection[str]) -> MetadataFilters:
    wanted = MetadataFilter(key=DOCUMENT, value=sorted(document_ids), operator=FilterOperator.IN)
    return MetadataFilters(filters=[wanted])


def _connect(folder: Path, url: str) -> Any:
    settings = ChromaSettings(anonymized_telemetry=False)
    if not url:
        return chromadb.PersistentClient(str(folder), settings=settings)
    parts = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=parts.port or (443 if parts.scheme == "https" else 80),
            ssl=parts.scheme == "https",
            settings=settings,
        )
    except ValueError as error:
        raise ConnectionError(f"RAG_CHROMA_URL={url}: no Chroma server answers there; start it or unset it") from error


def _node(embedded: EmbeddedPassage, text: str) -> TextNode:
    passage = embedded.passage
    return TextNode(
        id_=passage.id,
        text=text,
        embedding=embedded.vector.tolist(),
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={"section": " > ".join(passage.section)},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
    )
