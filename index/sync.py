"""Folder <-> index: what was added, changed or removed since the last time, published as one generation."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from llama_index.core.base.embeddings.base import BaseEmbedding

from corpus.document import Document
from corpus.guard import Reader, Unreadable, check_inside
from corpus.split import Passage, split
from index.lexical import terms
from index.originals import Original, Place, file_hash, files_of, write_failed
from index.records import EmbeddedPassage
from index.store import (
    Draft,
    IndexUnusable,
    Manifest,
    Store,
    delete_unfinished,
    read_manifest,
)

TEXTS_PER_BATCH = 512  # embedded at a time: enough to sort by length, little enough to show progress

Progress = Callable[[str, int, int], None]  # step ("reading", "embedding"), done, total


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did, by document id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # removed by command earlier, still in the corpus folder
    failed: Mapping[str, str] = field(default_factory=dict)  # id -> reason
    corpus_version: str = ""
    passages: int = 0  # embedded by this sync
    seconds: float = 0.0
    steps: Mapping[str, float] = field(default_factory=dict)  # seconds of each step of the work


@dataclass(frozen=True, slots=True)
class _Read:
    document: Document
    hash: str
    passages: list[Passage]


def sync(
    place: Place,
    embedding: Callable[[], BaseEmbedding],
    *,
    rebuild: bool = False,
    progress: Progress = lambda *_: None,
    waiting: Callable[[], None] = lambda: None,
) -> Report:
    """Bring the index up to date with the folders and publish it; `embedding` is only loaded if needed.

    FileNotFoundError if the corpus folder is missing or holds no document. An exception leaves the
    previous generation in use.
    """
    started = time.monotonic()
    with locked(place.index_dir, waiting):
        return _sync(place, embedding, rebuild, progress, started)


@contextmanager
def locked(index_dir: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the index for writing; `waiting` is called once if another process holds it."""
    if index_dir.exists() and not index_dir.is_dir():
        raise NotADirectoryError(f"{index_dir} is a file; set RAG_INDEX_DIR to a folder")
    index_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index_dir / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _sync(
    place: Place, embedding: Callable[[], BaseEmbedding], rebuild: bool, progress: Progress, started: float
) -> Report:
    clock = _Clock()
    delete_unfinished(place.index_dir)
    base, known = (None, {}) if rebuild else _usable(place)
    files, excluded = files_of(place)
    hashes, failed = _hashes(files)
    todo = {id: files[id] for id in hashes if known.get(id) != hashes[id]}
    with clock.step("reading"):
        reads, unreadable = _read_all(todo, hashes, progress)
    failed |= unreadable
    removed = [id for id in known if id not in files]
    changed = [r.document.id for r in reads if r.document.id in known]
    if not known and not reads:
        raise FileNotFoundError(_nothing_readable(place, failed))
    if base is not None and not reads and not removed:
        manifest = read_manifest(place.index_dir, base)
    else:
        manifest = _publish(place, base, [*removed, *changed], reads, embedding, progress, clock)
    write_failed(place, {id: [hashes.get(id, ""), reason] for id, reason in failed.items()})
    return Report(
        added=tuple(r.document.id for r in reads if r.document.id not in known),
        changed=tuple(changed),
        unchanged=tuple(id for id in hashes if id not in todo),
        removed=tuple(removed),
        excluded=tuple(excluded),
        failed=failed,
        corpus_version=manifest.corpus_version,
        passages=sum(len(r.passages) for r in reads),
        seconds=round(time.monotonic() - started, 3),
        steps={name: round(seconds, 3) for name, seconds in clock.seconds.items()},
    )


def _usable(place: Place) -> tuple[str | None, dict[str, str]]:
    """Return the generation to start from and its hashes; (None, {}) where all must be embedded anew."""
    try:
        store = Store.open(place.index_dir, place.model, place.chroma_url)
    except IndexUnusable:
        return None, {}
    try:
        return store.generation, store.records.hashes()
    finally:
        store.close()


def _hashes(files: Mapping[str, Original]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the content hash of each file by id, and the reasons of those that cannot be opened."""
    hashes, failed = {}, {}
    for id, original in files.items():
        try:
            check_inside(original.path, original.folder)
            hashes[id] = file_hash(original.path)
        except (OSError, Unreadable) as error:
            failed[id] = str(error)
    return hashes, failed


def _read_all(
    files: Mapping[str, Original], hashes: Mapping[str, str], progress: Progress
) -> tuple[list[_Read], dict[str, str]]:
    """Read the files in a process that may die alone; return what was read, and the reasons of what was not."""
    reads, failed = [], {}
    with Reader() as reader:
        for done, (id, original) in enumerate(files.items(), 1):
            try:
                document = reader.read(original.path, id)
                reads.append(_Read(document, hashes[id], split(document)))
            except Unreadable as error:
                failed[id] = str(error)
            progress("reading", done, len(files))
    return reads, failed


def _nothing_readable(place: Place, failed: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{id}: {reason}" for id, reason in list(failed.items())[:3])
    return f"no document in {place.corpus_dir} could be read: {reasons}"


def _publish(
    place: Place,
    base: str | None,
    gone: Sequence[str],
    reads: Sequence[_Read],
    embedding: Callable[[], BaseEmbedding],
    progress: Progress,
    clock: "_Clock",
) -> Manifest:
    with clock.step("copying"):
        draft = Draft(place.index_dir, place.chroma_url, base)
    try:
        for id in gone:
            draft.remove(id)
        done, total = 0, sum(len(r.passages) for r in reads)
        for batch in _batches(reads):
            with clock.step("loading the model"):
                model = embedding()
            with clock.step("embedding"):
                embedded = list(_embed(batch, model))
            with clock.step("storing"):
                for item, passages in zip(batch, embedded, strict=True):
                    draft.add(item.document, item.hash, passages)
            done += sum(len(item.passages) for item in batch)
            progress("embedding", done, total)
        with clock.step("publishing"):
            return draft.publish(place.model, datetime.now(UTC).isoformat(timespec="seconds"))
    except BaseException:
        draft.abandon()
        raise


class _Clock:
    """Seconds spent in each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started


def _batches(reads: Iterable[_Read]) -> Iterator[list[_Read]]:
    batch: list[_Read] = []
    for item in reads:
        batch.append(item)
        if sum(len(_texts(member)) for member in batch) >= TEXTS_PER_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _embed(batch: Sequence[_Read], embedding: BaseEmbedding) -> Iterator[list[EmbeddedPassage]]:
    texts = [text for item in batch for text in _texts(item)]
    vectors = iter(np.asarray(embedding.get_text_embedding_batch(texts), dtype=np.float32))
    for item in batch:
        yield [
            EmbeddedPassage(
                passage,
                terms(passage_text(item.document, passage)),
                next(vectors),
                np.stack([next(vectors) for _ in passage.sentences]),
            )
            for passage in item.passages
        ]


def _texts(item: _Read) -> list[str]:
    """What is embedded of a document: each passage, followed by its sentences."""
    return [
        text
        for passage in item.passages
        for text in (passage_text(item.document, passage), *sentence_texts(item.document, passage))
    ]


def passage_text(document: Document, passage: Passage) -> str:
    """Return the passage below its title and section, as it is searched."""
    return f"{context(document, passage)}\n{document.text[passage.start : passage.end]}"


def sentence_texts(document: Document, passage: Passage) -> list[str]:
    """Return each sentence with its title, section and the sentence that introduces it."""
    return [
        f"{context(document, passage)}: {document.text[slice(*s.lead)] + ' ' if s.lead else ''}"
        f"{document.text[s.start : s.end]}"
        for s in passage.sentences
    ]


def context(document: Document, passage: Passage) -> str:
    """Return the title and section path that a passage stands under."""
    return " > ".join((document.title, *passage.section))
