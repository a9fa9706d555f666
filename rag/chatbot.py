"""The one path from a question to an answer, used by the command line, the page, the API and the evaluation."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.store import Store, current_generation, searchable_generation
from index.unpack import model_folder
from rag.acronym import long_forms, spelled_out
from rag.cite import Answer
from rag.extract import extract
from rag.find import Finding, find
from rag.follow_up import Turn
from rag.parts import parts_of
from rag.question import Question, understand
from rag.reader import Reader
from rag.scope import EVERYWHERE, Scope
from rag.spelling import Speller
from rag.translate import english_words

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
    ) -> None:
        """Open the current index; IndexUnusable says why there is none that the model can search.

        `today` is the day that "last year" counts from; None: the day of each question.
        """
        self._embedding = embedding
        self._reader = reader
        self._index = (index_dir, model, chroma_url)
        self._today = today
        self._opened = _Opened(Store.open(*self._index), today)
        self._opening = Lock()

    @classmethod
    def open(cls, index_dir: Path, model: str, chroma_url: str = "", today: date | None = None) -> "Chatbot":
        """Load the embedding model and open the index."""
        from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedding  # takes seconds, so not before needed

        searchable_generation(index_dir, model)  # an unusable index is told before the model loads
        embedding = SentenceTransformerEmbedding(model, threads=THREADS)
        reader = Reader.open(model_folder()) if model == DEFAULT_MODEL else None  # it stands on the default model
        return cls(embedding, index_dir, model, chroma_url, reader, today)

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
        return find(store or self.store, question, self._vector(question), self._reader, scope)

    def _vector(self, question: Question) -> Sequence[float]:
        """Return the embedding of a question; of a Chinese one between its own and that of its English words."""
        vector = self._embedding.get_query_embedding(question.query)
        if not question.english:
            return vector
        both = np.add(vector, self._embedding.get_query_embedding(question.in_english))
        middle: list[float] = (both / np.linalg.norm(both)).tolist()
        return middle

    def ask(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer:
        """Return the answer from the documents of the scope; ValueError if the question is blank or too long."""
        *_, answer = self.stream(question, history, scope)
        return answer

    async def astream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> AsyncGenerator[Answer, None]:
        """Yield what `stream` yields, without holding up the event loop; closing it ends the work."""
        answers = self.stream(question, history, scope)
        step: asyncio.Future[Answer | None] = asyncio.Future()
        try:
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(next, answers, None))
                if (answer := await asyncio.shield(step)) is None:
                    return
                yield answer
        finally:
            if step.done():
                answers.close()
            else:  # a generator that is at work cannot be closed, so this waits for the end of its step
                step.add_done_callback(lambda _: answers.close())

    def stream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> Generator[Answer, None, None]:
        """Yield the answer as it grows; the last one is complete and equals what `ask` returns."""
        started = time.perf_counter()
        opened = self._current()
        understood = opened.understand(question, history)
        answer = self._answer(opened.store, understood, scope)
        yield replace(answer, seconds=round(time.perf_counter() - started, 4), scope=scope)

    def _answer(self, store: Store, question: Question, scope: Scope) -> Answer:
        if question.small_talk:
            return Answer(question.text, question.standalone, question.language, "greeting", question.small_talk)
        findings = [self.find(part, store, scope) for part in self._parts(question)]
        answer = extract(store, question, findings)
        return replace(answer, model=store.manifest.model, corpus_version=store.manifest.corpus_version)

    def _parts(self, question: Question) -> list[Question]:
        """Return the questions in a question, each standing alone."""
        first, *others = parts_of(question.standalone)
        if not others:
            return [question]
        return [self.understand(part, [Turn(first)] if part != first else ()) for part in (first, *others)]
