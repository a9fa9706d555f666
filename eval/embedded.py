"""Vectors of texts, kept in the user's cache folder by content and model, so that a set is embedded once."""

import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import platformdirs
from tqdm import tqdm

from index.embed import DEFAULT_MODEL, QUERY_WEIGHTS
from rag.settings import Settings

Prompt = Literal["query", "document"]

BATCH = 512  # texts embedded and kept at a time: an interrupted run loses no more
PLACES = 900  # keys in one SQLite query


class Embedding(Protocol):
    """What is needed of an embedding model."""

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question."""

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages."""


class Embedded:
    """Embeds texts that it has not seen; `load` is called for the model only if there are such."""

    def __init__(self, model: str, load: Callable[[], Embedding], folder: Path | None = None) -> None:
        self._identity: dict[Prompt, str] = {"document": identity(model), "query": f"{identity(model)}{_own(model)}"}
        self._load = load
        self._model: Embedding | None = None
        self._file = (folder or Path(platformdirs.user_cache_dir("wic-question-desk"))) / "vectors.sqlite3"

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        """Return the normalised vectors of passages or sentences: (texts, dimensions)."""
        return self._vectors(texts, "document")

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Return the normalised vectors of questions: (texts, dimensions)."""
        return self._vectors(texts, "query")

    def _vectors(self, texts: Sequence[str], prompt: Prompt) -> np.ndarray:
        keys = [self._key(text, prompt) for text in texts]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=60)) as db:
            db.execute("create table if not exists vectors (key blob primary key, vector blob not null) without rowid")
            missing = self._missing(db, dict(zip(keys, texts, strict=True)))
            self._embed(db, missing, prompt)
            found = dict(_kept(db, list(dict.fromkeys(keys))))
        return np.stack([np.frombuffer(found[key], np.float32) for key in keys])

    def _missing(self, db: sqlite3.Connection, texts: dict[bytes, str]) -> dict[bytes, str]:
        known = {key for key, _ in _kept(db, list(texts))}
        return {key: text for key, text in texts.items() if key not in known}

    def _embed(self, db: sqlite3.Connection, texts: dict[bytes, str], prompt: Prompt) -> None:
        keys = sorted(texts, key=lambda key: (len(texts[key]), key))  # of one length, so that little is padded
        with tqdm(total=len(keys), desc=f"embedding, {prompt}", unit=" text", file=sys.stderr, disable=not keys) as bar:
            for start in range(0, len(keys), BATCH):
                chosen = keys[start : start + BATCH]
                vectors = self._of_model([texts[key] for key in chosen], prompt)
                rows = [(key, vector.tobytes()) for key, vector in zip(chosen, vectors, strict=True)]
                db.executemany("insert or ignore into vectors values (?, ?)", rows)
                db.commit()
                bar.update(len(chosen))

    def _of_model(self, texts: list[str], prompt: Prompt) -> np.ndarray:
        self._model = self._model or self._load()
        if prompt == "query":
            return np.array([self._model.get_query_embedding(text) for text in texts], np.float32)
        return np.array(self._model.get_text_embedding_batch(texts), np.float32)

    def _key(self, text: str, prompt: Prompt) -> bytes:
        return hashlib.sha256(f"{self._identity[prompt]}\0{prompt}\0{text}".encode()).digest()


def _kept(db: sqlite3.Connection, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for start in range(0, len(keys), PLACES):
        part = keys[start : start + PLACES]
        yield from db.execute(f"select key, vector from vectors where key in ({','.join('?' * len(part))})", part)


def identity(model: str) -> str:
    """Return what tells a model from another one: its name, and for a folder the sizes and times of its files."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return f"{model} {[(p.relative_to(folder).as_posix(), p.stat().st_size, p.stat().st_mtime_ns) for p in files]}"


def _own(model: str) -> str:
    """Return what tells the default model's own weights for questions from earlier ones; "" for another model."""
    return hashlib.sha256(QUERY_WEIGHTS.read_bytes()).hexdigest() if model == DEFAULT_MODEL else ""


def of_settings(threads: int) -> Embedded:
    """Return the vectors of the model that the settings name, computed on so many threads."""
    model = Settings.load().embedding_model

    def load() -> Embedding:
        from index.embed import SentenceTransformerEmbedding  # takes seconds, so not before needed

        return SentenceTransformerEmbedding(model, threads=threads)

    return Embedded(model, load)
