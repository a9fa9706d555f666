"""The first screen: questions about the documents' programs and years that the desk is known to answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Protocol

from corpus.document import Document
from rag.cite import Answer
from web.words import Language

EXAMPLES = Path(__file__).with_name("examples.tsv")  # document id, question in English, in Chinese
TOPICS = 8  # programs shown
A_TOPIC = 2  # questions of each
TRIES = 6  # questions tried for each
LONGEST = 60  # characters of a title that still reads well in a question
ABOUT: dict[Language, str] = {"en": "What do the documents say about “{}”?", "zh": "关于“{}”，文件里有什么？"}


class Asks(Protocol):
    """The part of rag.chatbot.Chatbot that proves a question."""

    def extracted(self, question: str, /) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Topic:
    """A program of the documents with questions that they answer."""

    program: str
    documents: int
    years: tuple[str, ...]  # oldest first
    questions: tuple[str, ...]


def topics(catalog: Sequence[Document], chatbot: Asks, language: Language) -> tuple[Topic, ...]:
    """Return the programs with most documents, each with questions that the chatbot answers from that program."""
    by_program = sorted(catalog, key=lambda d: d.program)
    groups = [(program, list(group)) for program, group in groupby(by_program, lambda d: d.program) if program]
    largest = sorted(groups, key=lambda group: (-len(group[1]), group[0]))
    found = (_topic(program, documents, chatbot, language) for program, documents in largest)
    return tuple(topic for topic in found if topic.questions)[:TOPICS]


def _topic(program: str, documents: Sequence[Document], chatbot: Asks, language: Language) -> Topic:
    years = tuple(sorted({d.year for d in documents if d.year}))
    chosen: list[str] = []
    for question, document in [*_questions(documents, language)][:TRIES]:
        if len(chosen) < A_TOPIC and _answers(chatbot, question, document):
            chosen.append(question)
    return Topic(program, len(documents), years, tuple(chosen))


def _answers(chatbot: Asks, question: str, document: Document) -> bool:
    """Whether the question is answered out of the very document that it was made from; costs no request to an LLM."""
    answer = chatbot.extracted(question)
    return answer.state == "answered" and any(c.document_id == document.id for c in answer.citations)


def _questions(documents: Sequence[Document], language: Language) -> Iterator[tuple[str, Document]]:
    """Written questions first, then made ones; the newest document first, and each year before another of the same."""
    ordered = _a_year_each(sorted(documents, key=lambda d: (d.year, d.id), reverse=True))
    written = examples()
    yield from ((written[d.id][language], d) for d in ordered if d.id in written)
    made = ((subject(d.title), d) for d in ordered if d.id not in written)
    yield from ((ABOUT[language].format(name), d) for name, d in made if name)


def _a_year_each(documents: Sequence[Document]) -> list[Document]:
    first = {d.year: d for d in reversed(documents)}
    ahead = {d.id for d in first.values()}
    return sorted(documents, key=lambda d: d.id not in ahead)


@cache
def examples() -> dict[str, dict[Language, str]]:
    """Return the written questions by the document that answers them."""
    rows = (line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines())
    return {id: {"en": english, "zh": chinese} for id, english, chinese in rows}


def subject(title: str) -> str:
    """Return what a title is about, as it stands in a question, or "" where it would read badly."""
    name = title.split(":")[0].split(" (")[0].strip()
    return name if 0 < len(name) <= LONGEST and not set(name) & set('{}"“”') else ""
