"""A chatbot whose answers are counted and logged, whichever way they were asked for."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from rag.cite import Answer
from rag.follow_up import Turn
from rag.scope import EVERYWHERE, Scope
from web.desk import Chatbot, Store
from web.door.journal import note_answer


@dataclass(frozen=True, slots=True)
class Observed:
    """Passes questions on, and notes each complete answer."""

    chatbot: Chatbot
    log_questions: bool = False

    @property
    def store(self) -> Store:
        """The chatbot's index."""
        return self.chatbot.store

    @property
    def embedding(self) -> Any:
        """The chatbot's embedding model."""
        return self.chatbot.embedding

    def extracted(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE) -> Answer:
        """Return what the chatbot answers without an LLM; the desk asks so of its own accord, so it is not noted."""
        return self.chatbot.extracted(question, history, scope)

    async def astream(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
    ) -> AsyncGenerator[Answer, None]:
        """Yield what the chatbot yields."""
        answer = None
        async with aclosing(self.chatbot.astream(question, history, scope)) as answers:
            async for answer in answers:
                yield answer
        if answer is not None:
            note_answer(answer, self.log_questions)
