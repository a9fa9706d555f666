"""Any texts as an index of the product, in a folder of their own: what is measured on them is what ships."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from corpus.document import Block, Document
from corpus.language import language_of
from corpus.split import Passage, split
from eval.embedded import Embedded
from index.lexical import terms
from index.records import EmbeddedPassage
from index.store import Draft, Store
from index.sync import passage_text, sentence_texts
from rag.retrieve import Hit


def document_of(id: str, title: str, text: str) -> Document:
    """Return a text as a document of one paragraph."""
    return Document(
        id=id,
        title=title,
        publisher="",
        date="",
        kind="",
        language=language_of(text),
        program="",
        source=title or id,
        text=text,
        blocks=(Block("paragraph", 0, len(text)),),
    )


def as_searched(id: str, title: str, text: str) -> str:
    """Return a text as the product searches a passage: below its title."""
    return passage_text(document_of(id, title, text), Passage(id, 0, len(text), (), None, ()))


def store_of(documents: Iterable[Document], embedded: Embedded, folder: Path) -> Store:
    """Return an open index of the documents, cut into passages and sentences as the product does it."""
    cut = [(document, split(document)) for document in documents]
    wanted = [text for document, passages in cut for p in passages for text in _texts(document, p)]
    vectors = iter(embedded.documents(wanted))
    draft = Draft(folder)
    for document, passages in cut:
        kept = [
            EmbeddedPassage(
                p, terms(passage_text(document, p)), next(vectors), np.stack([next(vectors) for _ in p.sentences])
            )
            for p in passages
        ]
        draft.add(document, "", kept)
    draft.publish("measured", "")
    return Store.open(folder, "measured")


def _texts(document: Document, passage: Passage) -> list[str]:
    return [passage_text(document, passage), *sentence_texts(document, passage)]


def hits_of(store: Store, id: str) -> list[Hit]:
    """Return all passages of a document as if they had been found equally well."""
    document = store.records.document(id)
    assert document is not None  # the caller took the id from what it put in
    found = store.records.passages(store.records.passage_ids(id)).values()
    return [Hit(document, embedded.passage, embedded.sentence_vectors, 1.0, None, None) for embedded in found]
