"""How much later the desk's first words come than the first token of its language model's server.

    python -m eval first-token [--questions 20] [--json]

with RAG_LLM_BASE_URL and RAG_LLM_MODEL set. Each golden question is asked three times: of the desk, which shows the
prompt that it sends and lets the server read it; then, by turns first and second, of the server itself with that very
prompt, and of the desk again. So both find the prompt read, and the difference is the desk's own time: finding the
sentences, and holding back what may not be shown yet.

    first     the desk's first piece: a sentence that is checked, or the beginning of one as far as all its words stand
              in the sources; the page shows it at once (that it searches is told before, and not counted here)
    checked   the first sentence that stands, with its marks

Kept replies are not used. Exit 1 if the 95th percentile of `first` minus the server's own first token is not below
300 ms.
"""

import argparse
import json
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

import httpx
from tqdm import tqdm

from eval.golden import Case, load
from eval.sound import chance
from index.embed import SentenceTransformerEmbedding
from rag.chatbot import THREADS, Chatbot, trained
from rag.cite import Answer
from rag.endpoint import Endpoint
from rag.generate import Writer
from rag.llm import ANSWER_TOKENS, Piece, Server
from rag.prompt import Messages
from rag.settings import Settings

MOST = 300.0  # ms that the desk may add
PAUSE = 0.2  # seconds in which a server lets go of the request before
Stream = Callable[[str], Generator[Answer, None, None]]


class Heard(Server):
    """A server that remembers the last prompt, and when it was sent and the first token of the reply came."""

    messages: Messages = ()
    sent = 0.0
    token = 0.0

    async def write(self, messages: Messages) -> AsyncGenerator[Piece, None]:
        """Yield the reply as any server does."""
        self.messages, self.sent, self.token = messages, time.perf_counter(), 0.0
        async with aclosing(super().write(messages)) as pieces:
            async for piece in pieces:
                self.token = self.token or (time.perf_counter() if piece.text else 0.0)
                yield piece


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from a question to what came of it."""

    server: float  # its own first token, asked directly
    sent: float  # the desk sends its prompt
    token: float  # the desk has the first token
    first: float  # the desk's first piece
    checked: float  # the first sentence that is checked
    draft: bool  # the first piece is the beginning of a sentence of the model


@dataclass(frozen=True, slots=True)
class _Grown:
    """When a question was asked, and the seconds to the desk's first piece and its first checked sentence."""

    started: float
    first: float
    checked: float
    draft: bool


def measure(stream: Stream, heard: Heard, questions: Sequence[str]) -> list[Times | None]:
    """Return the times of each question, None where the model is not asked; ValueError if its server gives no token."""
    measured: list[Times | None] = []
    with httpx.Client(timeout=heard.endpoint.whole_answer) as client:
        for question in tqdm(questions, desc="asking", unit=" question", disable=None):
            heard.messages = ()
            _desk(stream, question)
            measured.append(_times(stream, heard, client, question, len(measured) % 2 == 0) if heard.messages else None)
    return measured


def _times(stream: Stream, heard: Heard, client: httpx.Client, question: str, server_first: bool) -> Times:
    messages = heard.messages
    server = first_token(client, heard.endpoint, messages) if server_first else 0.0
    grown = _desk(stream, question)
    sent, token = heard.sent - grown.started, heard.token - grown.started
    if not heard.token:
        raise ValueError(f"{heard.endpoint.base_url} gave the desk no token; `python -m rag ask` tells why")
    server = server or first_token(client, heard.endpoint, messages)
    return Times(server, sent, token, grown.first, grown.checked, grown.draft)


def _desk(stream: Stream, question: str) -> _Grown:
    """Ask the desk until a sentence stands."""
    time.sleep(PAUSE)
    started = time.perf_counter()
    first, draft = 0.0, False
    with closing(stream(question)) as answers:
        for answer in answers:
            now = time.perf_counter() - started
            if not first:
                first, draft = now, not answer.answer
            if answer.answer:
                break
    return _Grown(started, first, now, draft)


def first_token(client: httpx.Client, endpoint: Endpoint, messages: Messages) -> float:
    """Return the seconds to the first token of a server that is asked as the desk asks it; ValueError if none comes."""
    body = {
        "model": endpoint.model,
        "messages": [{"role": role, "content": text} for role, text in messages],
        "stream": True,
        "max_tokens": ANSWER_TOKENS,
        "temperature": 0.0,
        "seed": 1,
    }
    headers = {"Authorization": f"Bearer {endpoint.api_key.get_secret_value() or 'none'}"}
    time.sleep(PAUSE)
    started = time.perf_counter()
    address = f"{endpoint.base_url.rstrip('/')}/chat/completions"
    with client.stream("POST", address, json=body, headers={**headers, "Connection": "close"}) as reply:
        for line in reply.iter_lines():
            if line.startswith("data: {") and _text(json.loads(line[6:])):
                return time.perf_counter() - started
    raise ValueError(f"{address} gave no token, status {reply.status_code}; look at its log")


def _text(event: dict[str, Any]) -> str:
    choices = event.get("choices") or [{}]
    return (choices[0].get("delta") or {}).get("content") or ""


def summary(measured: Sequence[Times | None]) -> dict[str, Any]:
    """Return medians and 95th percentiles in ms; ValueError if the model was asked nothing."""
    asked = [times for times in measured if times]
    if not asked:
        raise ValueError("the language model was asked nothing; take more --questions")
    return {
        "questions": len(measured),
        "asked_of_the_model": len(asked),
        "first_piece_is_a_draft": sum(times.draft for times in asked),
        "server_first_token_ms": _spread([t.server for t in asked]),
        "desk_sends_prompt_ms": _spread([t.sent for t in asked]),
        "desk_first_token_ms": _spread([t.token for t in asked]),
        "desk_first_ms": _spread([t.first for t in asked]),
        "desk_checked_ms": _spread([t.checked for t in asked]),
        "first_later_ms": _spread([t.first - t.server for t in asked]),
        "checked_later_ms": _spread([t.checked - t.server for t in asked]),
        "held_back_ms": _spread([t.first - t.token for t in asked]),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else list(seconds) * 19
    return {"median": round(1000 * median(seconds), 1), "p95": round(1000 * cuts[18], 1)}


def chosen(cases: Sequence[Case], count: int) -> list[str]:
    """Return so many questions of the dev half, in English, that the documents answer; always the same ones."""
    fit = [c for c in cases if c.split == "dev" and c.answerable and c.language == "en" and not c.history]
    return [case.question for case in sorted(fit, key=lambda case: chance(case.id))[:count]]


def main(arguments: Sequence[str]) -> int:
    """Print how much later the desk's first words come; 1 if that is too late."""
    parser = argparse.ArgumentParser(prog="python -m eval first-token", description=__doc__.split("\n")[0])
    parser.add_argument("--questions", type=int, default=20, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    settings = Settings.load()
    if settings.llm is None:
        raise ValueError("no language model is set; set RAG_LLM_BASE_URL and RAG_LLM_MODEL")
    heard = Heard.open(settings.llm)
    try:
        made = summary(measure(_open(settings, heard).stream, heard, chosen(load(), options.questions)))
    except httpx.HTTPError as error:
        raise ValueError(f"{settings.llm_base_url}: {type(error).__name__}: {error}; start the server") from None
    sys.stdout.write(json.dumps(made, indent=2) + "\n" if options.json else as_table(made))
    return _ended(made["first_later_ms"]["p95"])


def _open(settings: Settings, heard: Heard) -> Chatbot:
    """Return the desk with the server behind it that is listened to, and no kept replies."""
    model = settings.embedding_model
    embedding = SentenceTransformerEmbedding(model, threads=THREADS)
    reader, known = trained(model)
    writer = Writer(heard, embedding.get_statement_embedding)
    return Chatbot(embedding, settings.index_dir, model, settings.chroma_url, reader, settings.today, writer, known)


def as_table(made: dict[str, Any]) -> str:
    """Return the figures, a line each."""
    lines = []
    for name, value in made.items():
        told = f"{value['median']:10.1f} {value['p95']:10.1f}" if isinstance(value, dict) else f"{value:10}"
        lines.append(f"{name:24}{told}")
    return "\n".join([f"{'':24}{'median':>10} {'p95':>10}", *lines]) + "\n"


def _ended(p95: float) -> int:
    if p95 < MOST:
        return 0
    sys.stderr.write(
        f"the first words come {p95:.0f} ms after the server's first token (p95); {MOST:.0f} is too late\n"
    )
    return 1
