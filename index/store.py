"""One generation of the index: records, vectors and BM25 that belong together, swapped as a whole.

    INDEX_DIR/CURRENT                       name of the generation in use; replaced in one step
    INDEX_DIR/generations/000001/           records.sqlite3, chroma/, lexical/, words.json, manifest.json
    INDEX_DIR/added/                        originals of documents added by command

A published generation never changes. A reader that holds one goes on reading it while the next is made.
"""

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from corpus.document import Document
from index.lexical import LexicalIndex
from index.records import EmbeddedPassage, Records
from index.vectors import Vectors

FORMAT = 2  # raised whenever the meaning of a stored generation changes
MEND = "run `python -m index sync`, which builds it anew"
WORD = re.compile(r"[^\W\d_]+")  # counted for the spelling of questions
KEPT = 2  # generations left on disk: the current one, and the one that readers may still hold


class IndexUnusable(Exception):
    """The index cannot be read; the message says why and which command mends it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of."""

    format: int
    model: str
    corpus_version: str  # hash of the documents and the model: equal for equal content
    created: str  # ISO 8601, UTC
    counts: dict[str, int]  # documents, passages, sentences


def corpus_version(hashes: dict[str, str], model: str) -> str:
    """Return 12 hex digits that change with any document or the model."""
    return hashlib.sha256(json.dumps([FORMAT, model, sorted(hashes.items())]).encode()).hexdigest()[:12]


def current_generation(index_dir: Path) -> str | None:
    """Return the name of the generation in use, or None before the first sync."""
    try:
        return (index_dir / "CURRENT").read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable(f"{index_dir / 'CURRENT'} cannot be read ({error}); {MEND}") from error


def read_manifest(index_dir: Path, generation: str) -> Manifest:
    """Return a generation's manifest; IndexUnusable if it is damaged or of another format."""
    path = generation_folder(index_dir, generation) / "manifest.json"
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnusable(f"the index in {index_dir} is damaged ({path.name}: {error}); {MEND}") from error
    if manifest.format != FORMAT:
        raise IndexUnusable(
            f"the index in {index_dir} has format {manifest.format}, this program reads {FORMAT}; {MEND}"
        )
    return manifest


def generation_folder(index_dir: Path, generation: str) -> Path:
    """Return where a generation lives."""
    return index_dir / "generations" / generation


def searchable_generation(index_dir: Path, model: str) -> tuple[str, Manifest]:
    """Return the current generation, read from its manifest alone; IndexUnusable if this model cannot search it."""
    generation = current_generation(index_dir)
    if generation is None:
        raise IndexUnusable(f"there is no index in {index_dir} yet; run `python -m index sync`")
    manifest = read_manifest(index_dir, generation)
    if manifest.model != model:
        raise IndexUnusable(
            f"the index in {index_dir} was built by the model {manifest.model}, not by {model}; "
            f"set RAG_EMBEDDING_MODEL={manifest.model}, or run `python -m index sync` to build it anew"
        )
    return generation, manifest


class Store:
    """A published generation, open for reading; its `catalog` is the documents' metadata without their texts.

    `words` are the documents' words with their numbers, `known` the same in lower case.
    """

    def __init__(self, index_dir: Path, generation: str, manifest: Manifest, chroma_url: str = "") -> None:
        folder = generation_folder(index_dir, generation)
        self.generation = generation
        self.manifest = manifest
        self.records = Records(folder / "records.sqlite3")
        self.lexical = LexicalIndex.load(folder / "lexical")
        self.words: dict[str, int] = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self.known = frozenset(word.lower() for word in self.words)
        self.vectors = Vectors(folder / "chroma", generation, chroma_url)
        self.catalog = tuple(replace(document, text="", blocks=()) for document in self.records.documents())

    @classmethod
    def open(cls, index_dir: Path, model: str, chroma_url: str = "") -> "Store":
        """Open the current generation; IndexUnusable if there is none, or one that this model cannot search."""
        generation, manifest = searchable_generation(index_dir, model)
        try:
            store = cls(index_dir, generation, manifest, chroma_url)
            if store.records.counts() != manifest.counts:
                raise ValueError(f"holds {store.records.counts()} instead of {manifest.counts}")
        except ConnectionError:
            raise
        except Exception as error:  # SQLite, Chroma and bm25s each have errors of their own for damaged files
            raise IndexUnusable(f"the index in {index_dir} is damaged ({error}); {MEND}") from error
        return store

    def close(self) -> None:
        """Release the files."""
        self.records.close()
        self.vectors.close()


class Draft:
    """The next generation, in the making: nobody sees it before `publish`."""

    def __init__(self, index_dir: Path, chroma_url: str = "", base: str | None = None) -> None:
        """Start empty, or with a copy of the generation `base`."""
        self._index_dir = index_dir
        self._url = chroma_url
        self.generation = _next_name(index_dir)
        self._folder = generation_folder(index_dir, self.generation)
        self._folder.mkdir(parents=True)
        if base is not None:
            self._copy(generation_folder(index_dir, base), base)
        self.records = Records(self._folder / "records.sqlite3", writable=True)
        self.vectors = Vectors(
            self._folder / "chroma", self.generation, chroma_url, create=base is None or bool(chroma_url)
        )
        if base is not None and chroma_url:
            with closing(Vectors(self._folder / "chroma", base, chroma_url)) as before:
                before.copy_to(self.vectors)

    def _copy(self, base_folder: Path, base: str) -> None:
        shutil.copyfile(base_folder / "records.sqlite3", self._folder / "records.sqlite3")
        if not self._url:
            shutil.copytree(base_folder / "chroma", self._folder / "chroma")

    def add(self, document: Document, hash: str, passages: Sequence[EmbeddedPassage]) -> None:
        """Add a document with its passages."""
        self.records.add(document, hash, passages)
        self.vectors.add([(p, document.text[p.passage.start : p.passage.end]) for p in passages])

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages."""
        self.vectors.remove(self.records.passage_ids(document_id))
        self.records.remove(document_id)

    def publish(self, model: str, created: str) -> Manifest:
        """Finish the generation, make it the current one in one step, and delete those nobody reads."""
        self.records.commit()
        LexicalIndex.build(self.records.passage_terms()).save(self._folder / "lexical")
        words = Counter(word for text in self.records.texts() for word in WORD.findall(text))
        (self._folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        version = corpus_version(self.records.hashes(), model)
        manifest = Manifest(FORMAT, model, version, created, self.records.counts())
        self.records.close()
        self.vectors.close()
        _write(self._folder / "manifest.json", json.dumps(asdict(manifest), indent=2))
        _write(self._index_dir / "CURRENT", self.generation)
        _delete_old(self._index_dir, self._url)
        return manifest

    def abandon(self) -> None:
        """Close and delete the unfinished generation."""
        self.records.close()
        if self._url:
            self.vectors.drop()
        self.vectors.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def delete_unfinished(index_dir: Path) -> None:
    """Delete what an interrupted sync left behind. Only for the holder of the lock."""
    try:
        current = current_generation(index_dir) or ""
    except IndexUnusable:  # nobody knows which generation it named, so the next one starts from nothing
        (index_dir / "CURRENT").unlink()
        return
    for folder in _generations(index_dir):
        if folder.name > current:
            shutil.rmtree(folder, ignore_errors=True)


def _generations(index_dir: Path) -> list[Path]:
    return sorted(path for path in (index_dir / "generations").glob("*") if path.name.isdigit())


def _next_name(index_dir: Path) -> str:
    names = [path.name for path in _generations(index_dir)] + [current_generation(index_dir) or "0"]
    return f"{max(map(int, names)) + 1:06d}"


def _delete_old(index_dir: Path, chroma_url: str) -> None:
    for folder in _generations(index_dir)[:-KEPT]:
        if chroma_url:
            with closing(Vectors(folder / "chroma", folder.name, chroma_url)) as vectors:
                vectors.drop()
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Replace a file in one step that survives a loss of power."""
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
