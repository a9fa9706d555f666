"""Answers and golden cases for the tests of the evaluation, made of two sentences of one document."""

from typing import Any

from eval.golden import Case, Evidence
from rag.cite import Answer, Citation, Retrieved

FIRST = "The summit took place in Wuzhen in 2014."
SECOND = "It had 1,000 guests from 100 countries."
TEXT = f"{FIRST} {SECOND}"
DOCUMENT = "summit.md"


def texts(id: str) -> str | None:
    """The text of the one document."""
    return TEXT if id == DOCUMENT else None


def case(id: str = "fact-1", **fields: Any) -> Case:
    """A question that the first sentence answers."""
    usual: dict[str, Any] = {
        "question": "Where was the summit?",
        "history": (),
        "category": "single_fact",
        "language": "en",
        "split": "dev",
        "answerable": True,
        "facts": (("Wuzhen",),),
        "evidence": (Evidence(DOCUMENT, FIRST),),
        "forbidden": (),
        "set": "core",
    }
    return Case(id=id, **{**usual, **fields})


def unanswerable(id: str = "miss-1", **fields: Any) -> Case:
    """A question that the document does not answer."""
    return case(id, **{"category": "near_miss", "answerable": False, "facts": (), "evidence": (), **fields})


def citation(number: int, quote: str = FIRST, **fields: Any) -> Citation:
    """A citation of a sentence at its place."""
    start = max(0, TEXT.find(quote))
    usual: dict[str, Any] = {
        "document_id": DOCUMENT,
        "title": "Summit",
        "publisher": "",
        "date": "",
        "section": "",
        "page": None,
        "source": "",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "support": "supported",
    }
    return Citation(number=number, **{**usual, **fields})


def passage(start: int = 0, end: int = len(TEXT), document: str = DOCUMENT) -> Retrieved:
    """A passage that was found."""
    return Retrieved(document, "", start, end, 0.5, cited=False)


def answered(text: str = f"{FIRST} [1]", *citations: Citation, **fields: Any) -> Answer:
    """An answer with citations, by default the first sentence with its own."""
    usual: dict[str, Any] = {"state": "answered", "retrieved": (passage(),), "confidence": 0.9}
    return Answer(
        question="Where was the summit?",
        standalone_question="Where was the summit?",
        language="en",
        answer=text,
        citations=citations or (citation(1),),
        **{**usual, **fields},
    )


def declined(**fields: Any) -> Answer:
    """The word that the documents do not say."""
    usual: dict[str, Any] = {"state": "not_in_corpus", "retrieved": (passage(),), "confidence": 0.2}
    question = "Who paid for it?"
    return Answer(question, question, "en", answer="The documents do not say.", **{**usual, **fields})


class Loose(Answer):
    """An answer that may break the rules of citing, as one from elsewhere could."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Refuse nothing."""


def broken(text: str, *citations: Citation, state: Any = "answered", **fields: Any) -> Answer:
    """An answer that nobody checked."""
    return Loose("q", "q", "en", state, text, citations, **{"confidence": 0.9, **fields})
