"""The sound system, and what it takes to put a fault into it."""

import copy
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from eval.evidence import Texts
from eval.golden import Case
from rag.chatbot import Chatbot
from rag.cite import Answer
from rag.follow_up import Turn


class Sound:
    """The sound system: asked each question once, opened anew for every fault that replaces a part."""

    def __init__(self, opened: Callable[..., Chatbot], cases: Sequence[Case], texts: Texts) -> None:
        """`opened` takes the embedding to use in place of its own, or nothing."""
        self.open = opened
        self.chatbot = opened()
        self.texts = texts
        first = next(iter(self.chatbot.store.records.hashes()))
        passages = self.chatbot.store.records.passages(self.chatbot.store.records.passage_ids(first)[:1])
        self.dimensions = next(iter(passages.values())).sentence_vectors.shape[1]
        self.cases = {case.question: case for case in cases}
        self._asked: dict[tuple[str, tuple[Turn, ...]], Answer] = {}

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """Return what the sound system answers."""
        key = (question, tuple(history))
        if key not in self._asked:
            self._asked[key] = self.chatbot.ask(question, history)
        return self._asked[key]


class Instead:
    """A part of the system with some of its methods replaced."""

    def __init__(self, part: Any, **methods: Any) -> None:
        self._part = part
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        return self._methods[name] if name in self._methods else getattr(self._part, name)


def forced(answer: Answer, /, **values: Any) -> Answer:
    """Return the answer with other values, even those that break its rules: a system without our checks."""
    changed = copy.copy(answer)
    for name, value in values.items():
        object.__setattr__(changed, name, value)
    return changed


def chance(text: str) -> float:
    """Return a number 0..1 that is always the same for a text."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 16**8
