"""The one path from a question to an answer, used by the command line, the page, the API and the evaluation."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from llama_index.core.base.embeddings.base import BaseEmbedding

from index.store import Store, current_generation, searchable_generation
from index.unpack import NAME, model_folder
from rag.acronym import long_forms, spelled_out
from rag.background import Background
from rag.cite import ANSWERED, Answer
from rag.endpoint import Endpoint
from rag.extract import extract
from rag.find import Finding, find
from rag.follow_up import Turn
from rag.known import Known
from rag.parts import names_the_same, parts_of
from rag.question import Question, understand, without_courtesies
from rag.reader import Reader
from rag.scope import EVERYWHERE, Scope
from rag.spelling import Speller
from rag.translate import english_words

if TYPE_CHECKING:
    from rag.failure import Reason
    from rag.generate import Writer  # its libraries take seconds, so not before an LLM is set

# A question is a few words: more threads do not make it quicker, and those of several questions would wait for
# each other (measured with four processes on four cores: 0.57 s a question with four threads each, 0.04 s with one).
THREADS = 1


class _Opened:
    """An index with what is derived from it once."""

    def __init__(self, store: Store, today: date | None) -> None:
        self.store = store
        self._today = today
        self.speller = Speller(store.words)
        self._long_forms = long_forms(store.records.texts())

    def understand(self, question: str, history: Sequence[Turn]) -> Question:
        """Return the question as the documents' own words make it clear."""
        understood = understand(question, history, self.speller.mend, self._translate, self._today)
        if understood.kind != "definition":
            return understood
        return replace(understood, long_form=spelled_out(understood.standalone, self._long_forms))

    def _translate(self, text: str) -> str:
        return english_words(text, self.store.known)


class Chatbot:
    """Answers questions from one index; safe to share between threads."""

    def __init__(
        self,
        embedding: BaseEmbedding,
        index_dir: Path,
        model: str,
        chroma_url: str = "",
        reader: Reader | None = None,
        today: date | None = None,
        writer: "Writer | None" = None,
        known: Known | None = None,
    ) -> None:
        """Open the current index; IndexUnusable says why there is none that the model can search.

        `today` is the day that "last year" counts from; None: the day of each question. `writer`: the LLM that words
        the answers; without one they are source sentences.
        """
        self._embedding = embedding
        self._reader = reader
        self._known = known
        self._writer = writer
        self._background: Background[Answer] | None = Background() if writer else None
        self._index = (index_dir, model, chroma_url)
        self._today = today
        self._opened = _Opened(Store.open(*self._index), today)
        self._opening = Lock()

    @classmethod
    def open(
        cls,
        index_dir: Path,
        model: str,
        chroma_url: str = "",
        today: date | None = None,
        llm: Endpoint | None = None,
    ) -> "Chatbot":
        """Load the embedding model and open the index; nothing is asked of the LLM before the first question."""
        from index.embed import SentenceTransformerEmbedding  # takes seconds, so not before needed

        searchable_generation(index_dir, model)  # an unusable index is told before the model loads
        embedding = SentenceTransformerEmbedding(model, threads=THREADS)
        embedding.get_query_embedding(NAME)  # the first question need not wait for its encoder
        reader, known = trained(model)
        if llm is None:
            return cls(embedding, index_dir, model, chroma_url, reader, today, known=known)
        from rag.generate import Writer

        writer = Writer.open(llm, embedding.get_statement_embedding, index_dir)
        return cls(embedding, index_dir, model, chroma_url, reader, today, writer, known)

    @property
    def embedding(self) -> BaseEmbedding:
        """The model that embeds questions, for whoever embeds documents beside them."""
        return self._embedding

    @property
    def store(self) -> Store:
        """The newest published index; the next one is taken up without a restart."""
        return self._current().store

    def _current(self) -> "_Opened":
        if current_generation(self._index[0]) != self._opened.store.generation:
            with self._opening:
                if current_generation(self._index[0]) != self._opened.store.generation:
                    self._opened = _Opened(Store.open(*self._index), self._today)
        return self._opened

    def understand(self, question: str, history: Sequence[Turn] = ()) -> Question:
        """Return the question as it is searched; ValueError if it is blank or too long."""
        return self._current().understand(question, history)

    def find(self, question: Question, store: Store | None = None, scope: Scope = EVERYWHERE) -> Finding:
        """Return what the index, by default the newest, holds on a question that is understood."""
        vector = self._embedding.get_query_embedding(question.query)
        return find(store or self.store, question, vector, self._reader, scope, self._known)

    def ask(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer:
        """Return the answer from the documents of the scope; ValueError if the question is blank or too long."""
        *_, answer = self.stream(question, history, scope)
        return answer

    async def astream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> AsyncGenerator[Answer, None]:
        """Yield what `stream` yields, without holding up the event loop; closing it ends the work."""
        if self._background is not None:
            async with aclosing(self._background.aiterate(self._written(question, history, scope))) as written:
                async for answer in written:
                    yield answer
            return
        answers = self.stream(question, history, scope)
        step: asyncio.Future[Answer | None] = asyncio.Future()
        try:
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(next, answers, None))
                if (extracted := await asyncio.shield(step)) is None:
                    return
                yield extracted
        finally:
            if step.done():
                answers.close()
            else:  # a generator that is at work cannot be closed, so this waits for the end of its step
                step.add_done_callback(lambda _: answers.close())

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> Generator[Answer, None, None]:
        """Yield the answer as it grows; the last one is complete and equals what `ask` returns.

        The text of a growing answer begins with that of the one before it, and its last sentence may be a draft; only
        where the LLM fails or declines is it replaced. Closing this cancels the LLM's work.
        """
        if self._background is None:
            yield self.extracted(question, history, scope)
        else:
            yield from self._background.iterate(self._written(question, history, scope))

    def extracted(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer:
        """Return the answer in source sentences; the LLM is not asked."""
        started = time.perf_counter()
        opened = self._current()
        answer, _ = self._answer(opened.store, opened.understand(question, history), scope)
        return _timed(answer, scope, started)

    async def _written(self, question: str, history: Sequence[Turn], scope: Scope) -> AsyncGenerator[Answer, None]:
        """Yield the answer as the LLM words it, where the documents have one."""
        assert self._writer is not None  # who calls this has looked
        started = time.perf_counter()
        opened = await asyncio.to_thread(self._current)
        understood, failure = await self._condensed(opened, question, history)
        answer, findings = await asyncio.to_thread(self._answer, opened.store, understood, scope)
        if answer.state not in ANSWERED:
            yield _timed(answer, scope, started)
            return
        if failure:
            yield _timed(self._writer.stand_in(answer, failure), scope, started)
            return
        records = opened.store.records
        documents = {id: found for id in {c.document_id for c in answer.citations} if (found := records.document(id))}
        async with aclosing(self._writer.write(understood, answer, findings, documents)) as answers:
            async for grown in answers:
                yield _timed(grown, scope, started)

    async def _condensed(
        self, opened: "_Opened", question: str, history: Sequence[Turn]
    ) -> "tuple[Question, Reason | None]":
        """Return the question, and why the LLM is not to be asked any more.

        Where the rules take it for a follow-up, as the LLM makes it stand alone if it can.
        """
        assert self._writer is not None  # who calls this has looked
        by_rule = await asyncio.to_thread(opened.understand, question, history)
        if not history or by_rule.small_talk or by_rule.standalone == opened.understand(question, ()).standalone:
            return by_rule, None
        condensed, failure = await self._writer.stand_alone(without_courtesies(by_rule.text), history)
        if not condensed:
            return by_rule, failure
        alone = await asyncio.to_thread(opened.understand, condensed, ())
        return replace(alone, text=by_rule.text, language=by_rule.language), None

    def _answer(self, store: Store, question: Question, scope: Scope) -> tuple[Answer, list[Finding]]:
        """Return the extractive answer and what it was chosen from."""
        if question.small_talk:
            text = question.small_talk
            return Answer(question.text, question.standalone, question.language, "greeting", text), []
        findings = [self.find(part, store, scope) for part in self._parts(question)]
        answer = extract(store, question, findings)
        return replace(answer, model=store.manifest.model, corpus_version=store.manifest.corpus_version), findings

    def _parts(self, question: Question) -> list[Question]:
        """Return the questions in a question, each standing alone."""
        first, *others = parts_of(question.standalone)
        if not others:
            return [question]
        whole = [first, *(part for part in others if names_the_same(part, first))]
        return [self.understand(part, () if part in whole else [Turn(first)]) for part in (first, *others)]


def trained(model: str) -> tuple[Reader | None, Known | None]:
    """Return what was trained on the documents: the reader and the known questions; both stand on the default model."""
    from index.embed import DEFAULT_MODEL

    return (Reader.open(model_folder()), Known.open()) if model == DEFAULT_MODEL else (None, None)


def _timed(answer: Answer, scope: Scope, started: float) -> Answer:
    return replace(answer, seconds=round(time.perf_counter() - started, 4), scope=scope)
