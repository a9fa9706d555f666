"""The desk behind every route: a chatbot that opens in the background while the server already answers."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Lock, Thread
from typing import Any, Literal, Protocol

from corpus.document import Document
from rag.cite import Answer
from rag.follow_up import Turn
from rag.scope import EVERYWHERE, Scope
from web.chat.topics import Topic, topics
from web.words import Language

RETRY_AFTER = 3.0  # seconds until an index that was unusable is looked at again
log = logging.getLogger(__name__)


class Manifest(Protocol):
    """What the index was made of."""

    @property
    def created(self) -> str: ...
    @property
    def corpus_version(self) -> str: ...
    @property
    def counts(self) -> dict[str, int]: ...


class Records(Protocol):
    """The indexed documents."""

    def document(self, document_id: str, /) -> Document | None: ...


class Store(Protocol):
    """The part of index.store.Store that the page reads."""

    @property
    def manifest(self) -> Manifest: ...
    @property
    def records(self) -> Records: ...
    @property
    def catalog(self) -> Sequence[Document]: ...


class Chatbot(Protocol):
    """The part of rag.chatbot.Chatbot that the page uses; the real one takes seconds to import."""

    @property
    def embedding(self) -> Any: ...
    @property
    def store(self) -> Store: ...
    def extracted(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer: ...
    def astream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> AsyncGenerator[Answer, None]: ...


class NotReady(Exception):
    """The desk cannot answer yet, or not at all; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far the desk is, in words for the person at the page."""

    state: Literal["opening", "ready", "failed"]
    message: str


OPENING = Status("opening", "The desk is getting ready: the search model is loading, which takes a few seconds.")


class Desk:
    """Opens a chatbot in a thread of its own and hands it out as soon as it can answer."""

    def __init__(self, open_chatbot: Callable[[], Chatbot], mendable: tuple[type[Exception], ...] = ()) -> None:
        """`mendable`: failures that a command can mend while the server runs, so opening is tried again."""
        self._open_chatbot = open_chatbot
        self._mendable = mendable
        self._chatbot: Chatbot | None = None
        self._status = OPENING
        self._changed = Condition()
        self._topics: dict[tuple[str, Language], tuple[Topic, ...]] = {}  # by corpus version
        self._proving = Lock()

    def start(self) -> None:
        """Begin to open the chatbot; returns at once."""
        Thread(target=self._open, name="opening", daemon=True).start()

    def _open(self) -> None:
        while not self._try_to_open():
            time.sleep(RETRY_AFTER)

    def _try_to_open(self) -> bool:
        """Return whether there is nothing left to try."""
        try:
            chatbot = self._open_chatbot()
        except self._mendable as error:
            self._report(Status("failed", f"The desk cannot answer: {error}"))
            return False
        except Exception as error:
            log.exception("the chatbot cannot be opened")
            self._set(Status("failed", f"The desk cannot answer: {error or type(error).__name__}. Restart it."))
            return True
        self._chatbot = chatbot
        self._set(Status("ready", "Ready."))
        return True

    def _report(self, failure: Status) -> None:
        """Log a failure when it is new, not at every try."""
        if failure != self._status:
            log.warning(failure.message)
        self._set(failure)

    def _set(self, status: Status) -> None:
        with self._changed:
            self._status = status
            self._changed.notify_all()

    @property
    def status(self) -> Status:
        """How far opening is, at this moment."""
        return self._status

    def wait(self, timeout: float | None = None) -> Status:
        """Return the status as soon as opening has ended, well or not, or as it is after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._status.state != "opening", timeout)
            return self._status

    @property
    def chatbot(self) -> Chatbot:
        """The open chatbot; NotReady says why there is none."""
        if self._chatbot is None:
            raise NotReady(self._status.message)
        return self._chatbot

    def document(self, document_id: str) -> Document | None:
        """Return an indexed document, or None if the id is unknown; NotReady before the index is open."""
        return self.chatbot.store.records.document(document_id)

    async def topics(self, language: Language) -> tuple[Topic, ...]:
        """Return the programs with questions that the open chatbot answers; found once for each corpus version."""
        return await asyncio.to_thread(self._find_topics, language)

    def _find_topics(self, language: Language) -> tuple[Topic, ...]:
        store = self.chatbot.store
        key = (store.manifest.corpus_version, language)
        with self._proving:
            if key not in self._topics:
                kept = {known: found for known, found in self._topics.items() if known[0] == key[0]}
                self._topics = kept | {key: topics(store.catalog, self.chatbot, language)}
            return self._topics[key]
