"""An OpenAI-compatible server through llama-index's LLM interface: text as it arrives, or the reason why none does."""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms.llm import LLM
from llama_index.llms.openai_like import OpenAILike

from rag.breaker import Breaker
from rag.endpoint import Endpoint
from rag.failure import ERRORS, Failed, Reason, failure_of
from rag.prompt import Messages

CONNECT = 2.0  # seconds until a server that does not even take the connection counts as down
ANSWER_TOKENS = 400  # that a reply may have
LONGEST = 6000  # characters; a server that writes more does not keep to ANSWER_TOKENS
CUT_OFF = ("length", "content_filter")  # why a server ends a reply before the model does
THOUGHTS = ("reasoning_content", "reasoning")  # fields in which servers send what a model thinks aloud
ANSWERED: tuple[Reason, ...] = ("overflow", "empty", "endless")  # no usable text, but a server that is well
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """What arrived: some text, how many tokens the server has counted, where it tells, and why the reply ends here."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    thinks: bool = False  # the model thinks aloud, which the server parts from its text
    finish: str = ""  # "stop" where the model came to its end, "length" where the server cut it off; "": goes on


Connect = Callable[[], AbstractAsyncContextManager[LLM]]


class Server:
    """A server with its limits and its circuit breaker."""

    def __init__(self, connect: Connect, endpoint: Endpoint, breaker: Breaker | None = None) -> None:
        """`connect` gives an LLM for one request and hangs up behind it."""
        self.endpoint = endpoint
        self._connect = connect
        self._breaker = breaker or Breaker()

    @classmethod
    def open(cls, endpoint: Endpoint) -> Self:
        """Return the server of an endpoint; nothing is sent yet."""
        return cls(partial(_connected, endpoint, httpx.create_ssl_context()), endpoint)

    def within(self, seconds: float) -> "Server":
        """Return the same server, breaker included, with less time for a whole reply."""
        return Server(self._connect, replace(self.endpoint, whole_answer=seconds), self._breaker)

    async def write(self, messages: Messages) -> AsyncGenerator[Piece, None]:
        """Yield the reply to the messages as it arrives; Failed says why there is none, or no more of it."""
        if not self._breaker.allows():
            raise Failed("resting")
        lives = False
        try:
            async with aclosing(self._pieces(messages)) as pieces:
                async for piece in pieces:
                    lives = lives or bool(piece.text) or piece.thinks
                    yield piece
            self._breaker.worked()
        except Failed as failure:
            if failure.reason in ANSWERED:
                self._breaker.worked()
            else:
                self._breaker.failed(failure.wait)
            log.warning("the language model failed: %s", failure)
            raise
        except (GeneratorExit, asyncio.CancelledError):  # we hang up: the text is of no use, or nobody waits for it
            if lives:
                self._breaker.worked()
            else:
                self._breaker.left()
            raise

    async def _pieces(self, messages: Messages) -> AsyncGenerator[Piece, None]:
        """Yield within the limits of time and length."""
        now = asyncio.get_running_loop().time
        next_token, last = now() + self.endpoint.first_token, now() + self.endpoint.whole_answer
        length, finish, streams = 0, "", False
        async with aclosing(self._replies(messages)) as replies:
            while True:
                piece = await _before(replies, min(next_token, last))
                if piece is None:
                    break
                streams = True
                length += len(piece.text)
                finish = piece.finish or finish
                if length > LONGEST:
                    raise Failed("endless", f"more than {LONGEST} characters")
                yield piece
                if piece.text or piece.thinks:
                    next_token = now() + self.endpoint.first_token
        if not streams:
            raise Failed("unstreamed", "no event of an OpenAI-compatible stream came; see RAG_LLM_BASE_URL")
        if not length:
            raise Failed("empty")
        if not finish:
            raise Failed("cut", "no finish_reason came")
        if finish in CUT_OFF:
            raise Failed("endless", finish)

    async def _replies(self, messages: Messages) -> AsyncGenerator[Piece, None]:
        """Yield what the server sends; every way in which it can fail becomes Failed."""
        chat = [ChatMessage(role=role, content=text) for role, text in messages]
        try:
            async with self._connect() as llm, aclosing(await llm.astream_chat(chat)) as responses:
                async for response in responses:
                    yield _piece(response)
        except ERRORS as error:
            raise failure_of(error, self.endpoint.api_key.get_secret_value()) from None


async def _before(pieces: AsyncIterator[Piece], deadline: float) -> Piece | None:
    """Return the next piece, None at the end; Failed if the deadline, in the loop's time, passes first."""
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(pieces, None)
    except TimeoutError:
        raise Failed("slow", "nothing arrived in time") from None


def _piece(response: ChatResponse) -> Piece:
    counted = response.additional_kwargs
    choices = getattr(response.raw, "choices", None)
    delta = choices[0].delta if choices else None
    return Piece(
        text=response.delta or "",
        thinks=any(bool(getattr(delta, name, None)) for name in THOUGHTS),
        prompt_tokens=int(counted.get("prompt_tokens") or 0),
        completion_tokens=int(counted.get("completion_tokens") or 0),
        finish=(choices[0].finish_reason or "") if choices else "",
    )


@asynccontextmanager
async def _connected(endpoint: Endpoint, secure: ssl.SSLContext) -> AsyncIterator[LLM]:
    """Give an LLM whose connection ends with the block: the one sure way to stop a server that is writing."""
    timeout = httpx.Timeout(endpoint.whole_answer, connect=CONNECT)
    async with httpx.AsyncClient(timeout=timeout, verify=secure) as http:
        key = endpoint.api_key.get_secret_value() or "none"
        client = openai.AsyncOpenAI(
            api_key=key, base_url=endpoint.base_url, timeout=timeout, max_retries=0, http_client=http
        )
        yield _like_openai(endpoint, key, client)


def _like_openai(endpoint: Endpoint, key: str, client: openai.AsyncOpenAI) -> LLM:
    options: dict[str, Any] = {"seed": 1, "stream_options": {"include_usage": True}}
    own: dict[str, Any] = {"async_openai_client": client}  # llama-index passes it on, but declares no such field
    return OpenAILike(
        model=endpoint.model,
        api_base=endpoint.base_url,
        api_key=key,
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=endpoint.prompt_tokens + ANSWER_TOKENS,
        max_tokens=ANSWER_TOKENS,
        temperature=0.0,
        max_retries=0,
        additional_kwargs=options,
        **own,
    )
