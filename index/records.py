"""Documents, passages and sentences of one generation, in SQLite; sentences with their vectors."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.document import Document, as_plain, from_plain
from corpus.split import Passage, Sentence

SCHEMA = """
create table documents (id text primary key, hash text not null, text text not null, facts text not null);
create table passages (
    id text primary key, document_id text not null references documents (id) on delete cascade,
    start integer not null, stop integer not null, section text not null, page integer, terms text not null
);
create index passages_of_document on passages (document_id);
create table sentences (
    passage_id text not null references passages (id) on delete cascade, document_id text not null,
    start integer not null, stop integer not null, kind text not null, lead_start integer, lead_stop integer,
    vector blob not null, primary key (passage_id, start)
) without rowid;
create index sentences_of_list on sentences (document_id, lead_start) where lead_start is not null;
"""
VECTOR = np.float16  # halves the file; the cosine changes by less than .001


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with all that the index keeps of it."""

    passage: Passage
    terms: Sequence[str]
    vector: np.ndarray  # (dimensions,), normalised
    sentence_vectors: np.ndarray  # (sentences, dimensions), normalised


class Records:
    """The SQLite file of one generation; readers may share it between threads."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        mode = "rwc" if writable else "ro"
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, check_same_thread=False)
        self._db.execute("pragma foreign_keys = on")
        if writable and not self._db.execute("select 1 from sqlite_master").fetchone():
            self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def commit(self) -> None:
        """Make the changes last."""
        self._db.commit()

    def add(self, document: Document, hash: str, passages: Iterable[EmbeddedPassage]) -> None:
        """Add a document that is not there yet."""
        facts = as_plain(document)
        id, text = facts.pop("id"), facts.pop("text")
        self._db.execute("insert into documents values (?, ?, ?, ?)", (id, hash, text, json.dumps(facts)))
        for embedded in passages:
            self._add_passage(embedded)

    def _add_passage(self, embedded: EmbeddedPassage) -> None:
        p = embedded.passage
        row = (p.id, p.document_id, p.start, p.end, json.dumps(p.section), p.page, " ".join(embedded.terms))
        self._db.execute("insert into passages values (?, ?, ?, ?, ?, ?, ?)", row)
        self._db.executemany(
            "insert into sentences values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (p.id, p.document_id, s.start, s.end, s.kind, *(s.lead or (None, None)), v.astype(VECTOR).tobytes())
                for s, v in zip(p.sentences, embedded.sentence_vectors, strict=True)
            ),
        )

    def remove(self, document_id: str) -> None:
        """Remove a document with its passages and sentences."""
        self._db.execute("delete from documents where id = ?", (document_id,))

    def hashes(self) -> dict[str, str]:
        """Return the content hash of each document by id."""
        return dict(self._db.execute("select id, hash from documents order by id"))

    def document(self, id: str) -> Document | None:
        """Return one document, or None if the index has none of this id."""
        row = self._db.execute("select id, text, facts from documents where id = ?", (id,)).fetchone()
        return _document(*row) if row else None

    def documents(self) -> Iterator[Document]:
        """Yield all documents in order of id."""
        for row in self._db.execute("select id, text, facts from documents order by id").fetchall():
            yield _document(*row)

    def texts(self) -> Iterator[str]:
        """Yield the text of each document."""
        for (text,) in self._db.execute("select text from documents order by id"):
            yield text

    def passage_ids(self, document_id: str) -> list[str]:
        """Return the ids of a document's passages."""
        rows = self._db.execute("select id from passages where document_id = ?", (document_id,))
        return [id for (id,) in rows]

    def passages_of(self, document_ids: Iterable[str]) -> frozenset[str]:
        """Return the ids of all passages of some documents."""
        return frozenset(id for document_id in document_ids for id in self.passage_ids(document_id))

    def passage_terms(self) -> list[tuple[str, list[str]]]:
        """Return (id, index terms) of every passage, in order of document and place."""
        rows = self._db.execute("select id, terms from passages order by document_id, start")
        return [(id, terms.split(" ")) for id, terms in rows]

    def counts(self) -> dict[str, int]:
        """Return the number of documents, passages and sentences."""
        tables = ("documents", "passages", "sentences")
        return {table: self._db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}

    def listed(self, document_id: str, lead: tuple[int, int]) -> list[tuple[str, Sentence]]:
        """Return (passage id, sentence) of every item or row that the sentence at `lead` introduces."""
        rows = self._db.execute(
            "select passage_id, start, stop, kind from sentences"
            " where document_id = ? and lead_start = ? order by start",
            (document_id, lead[0]),
        )
        return [(id, Sentence(document_id, start, stop, kind, lead)) for id, start, stop, kind in rows]

    def passages(self, ids: Sequence[str]) -> dict[str, EmbeddedPassage]:
        """Return the passages of these ids with their sentence vectors; an unknown id is left out.

        Vectors of the passages themselves live in Chroma and are empty here.
        """
        marks = ",".join("?" * len(ids))
        sentences: dict[str, list[Sentence]] = {}
        vectors: dict[str, list[np.ndarray]] = {}
        for id, document_id, start, stop, kind, lead_start, lead_stop, vector in self._db.execute(
            f"select * from sentences where passage_id in ({marks}) order by passage_id, start", list(ids)
        ):
            lead = None if lead_start is None else (lead_start, lead_stop)
            sentences.setdefault(id, []).append(Sentence(document_id, start, stop, kind, lead))
            vectors.setdefault(id, []).append(np.frombuffer(vector, VECTOR))
        found = {}
        for id, document_id, start, stop, section, page, terms in self._db.execute(
            f"select * from passages where id in ({marks})", list(ids)
        ):
            passage = Passage(document_id, start, stop, tuple(json.loads(section)), page, tuple(sentences[id]))
            matrix = np.stack(vectors[id]).astype(np.float32)
            found[id] = EmbeddedPassage(passage, terms.split(" "), np.empty(0, np.float32), matrix)
        return found


def _document(id: str, text: str, facts: str) -> Document:
    return from_plain({"id": id, "text": text, **json.loads(facts)})
