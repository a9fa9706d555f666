"""A desk whose chatbot answers what a test gives it, from documents that a test writes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.document import Document, Part, lay_out
from rag.cite import Answer, Claim, Retrieved, Source, State, compose
from rag.follow_up import Turn
from rag.scope import EVERYWHERE, Scope
from web.desk import Desk


def document(*parts: Part, **facts: str) -> Document:
    """Return a document of these parts; `facts` are its metadata where they matter."""
    plain: dict[str, Any] = {
        "id": "wic/organization.md",
        "title": "About the WIC",
        "publisher": "WIC",
        "date": "2024-05-24",
    }
    plain |= {"kind": "profile", "language": "en", "program": "Organization"}
    plain |= {"source": "Introduction, https://example.org/wic"} | facts
    layout = lay_out(parts)
    return Document(**plain, text=layout.text, blocks=layout.blocks, pages=layout.pages, origins={})


ABOUT = document(
    Part("heading", "About the WIC", 1),
    Part("heading", "Headquarters", 2),
    Part("paragraph", "It was founded in 2022. The WIC has its headquarters in Beijing. It has members."),
    Part("item", "Alibaba Group"),
    Part("item", "Tencent"),
)


def answer_citing(*quotes: str, of: Document = ABOUT, question: str = "Where?", language: str = "en") -> Answer:
    """Return an answer that repeats these sentences of a document."""
    places = [of.text.index(quote) for quote in quotes]
    claims = [
        Claim(quote, (Source(of, start, start + len(quote), "Headquarters"),))
        for quote, start in zip(quotes, places, strict=True)
    ]
    text, citations = compose(claims)
    return Answer(question, question, language, "answered", text, citations)


def answer_without_sources(state: State, text: str, *nearest: Retrieved, suggestions: Sequence[str] = ()) -> Answer:
    """Return an answer that cites nothing."""
    return Answer("?", "?", "en", state, text, retrieved=nearest, suggestions=tuple(suggestions))


@dataclass(frozen=True)
class FakeManifest:
    """An index of two documents."""

    created: str = "2026-07-25T01:02:03+00:00"
    corpus_version: str = "abc123"
    counts: dict[str, int] = field(default_factory=lambda: {"documents": 2})


@dataclass(frozen=True)
class FakeStore:
    """Documents by id, in place of an index."""

    documents: dict[str, Document]
    manifest: FakeManifest = field(default_factory=FakeManifest)

    @property
    def records(self) -> "FakeStore":
        return self

    @property
    def catalog(self) -> tuple[Document, ...]:
        return tuple(self.documents.values())

    def document(self, document_id: str, /) -> Document | None:
        return self.documents.get(document_id)


Reply = Callable[[str, Sequence[Turn]], Iterable[Answer]]


@dataclass(frozen=True)
class FakeChatbot:
    """Answers by calling `reply`."""

    reply: Reply = lambda question, history: [answer_citing("The WIC has its headquarters in Beijing.")]
    store: FakeStore = field(default_factory=lambda: FakeStore({ABOUT.id: ABOUT}))
    embedding: Any = None

    def extracted(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer:
        *_, answer = self.reply(question, history)
        return replace(answer, scope=scope)

    async def astream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> AsyncGenerator[Answer, None]:
        answers = iter(self.reply(question, history))
        while (answer := await asyncio.to_thread(next, answers, None)) is not None:
            yield replace(answer, scope=scope)


def open_desk(chatbot: FakeChatbot | None = None) -> Desk:
    """Return a desk that is ready."""
    desk = Desk(lambda: chatbot or FakeChatbot())
    desk.start()
    assert desk.wait(5).state == "ready"
    return desk
