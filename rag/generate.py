"""Answer with an LLM: better prose over the sentences that were found, each proved before it is part of the answer.

The extractive answer is there first, has decided that there is one, and stands in wherever the LLM fails.
"""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from corpus.document import Document
from corpus.language import language_of
from index.lexical import terms
from rag.abstain import Abstention, Embed
from rag.cite import Answer, Source
from rag.decline import DECLINED
from rag.endpoint import Endpoint
from rag.failure import Failed, Reason
from rag.find import Finding
from rag.follow_up import Turn
from rag.llm import Piece, Server
from rag.marks import Parser, Written
from rag.notices import DECLINED as NOTHING_FOUND
from rag.notices import IN_PART, changes, stands_in
from rag.orders import is_order
from rag.prompt import MOST_SOURCES, Messages, Prompt, answering, rewriting
from rag.prose import Prose, blocks_of, source_of
from rag.prove import facts, words
from rag.question import Question
from rag.replies import Replies, key_of
from rag.score import Candidate

REPLIES = "replies.sqlite"  # in the index folder
HOPELESS = 3  # unproved sentences from the beginning, after which no better ones are waited for
REPEATED = 3  # sentences said before, from which the model goes round in circles
LONGEST_QUESTION = 300  # characters of a rewritten question
LONGEST_THOUGHT = 3000  # characters of a reply to a request for one
LOST: tuple[Reason, ...] = ("unreachable", "slow", "cut")  # failures that the next request would only wait for again
ENDED = re.compile(r"[.!?…。！？][\"”’»」』)）]*$")
THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
HALF_A_TAG = re.compile(r"<(?:t(?:h(?:i(?:nk?)?)?)?)?$")
LABEL = re.compile(r"^(?:(?:rewritten|standalone|last)? ?question|问题)\s*[:：]\s*", re.I)


class Declined(Exception):
    """The LLM says that the sources do not tell."""


@dataclass(slots=True)
class Spent:
    """What a reply has cost so far."""

    started: float = field(default_factory=time.perf_counter)
    first: float = 0.0  # seconds to the first token; 0: none yet
    prompt: int = 0  # tokens, as the server counts them
    completion: int = 0
    text: str = ""

    def add(self, piece: Piece) -> None:
        """Note what arrived."""
        self.text += piece.text
        self.first = self.first or (time.perf_counter() - self.started if piece.text else 0.0)
        self.prompt, self.completion = piece.prompt_tokens or self.prompt, piece.completion_tokens or self.completion

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds to the first token and in all."""
        whole = time.perf_counter() - self.started
        return {"llm_first_token": round(self.first, 4), "llm": round(whole, 4)}

    @property
    def tokens(self) -> Mapping[str, int]:
        """Tokens of the prompt and the reply; empty where the server does not tell, or was not asked."""
        return MappingProxyType({"prompt": self.prompt, "completion": self.completion} if self.prompt else {})


class Writer:
    """Writes answers with an LLM; safe to share between threads."""

    def __init__(self, server: Server, embed: Embed, replies: Replies | None = None) -> None:
        """`embed` returns the normalised vector of a sentence."""
        self._server = server
        self._abstention = Abstention(embed)
        self._replies = replies

    @classmethod
    def open(cls, endpoint: Endpoint, embed: Embed, index_dir: Path) -> "Writer":
        """Return a writer that asks this endpoint and keeps its replies beside the index."""
        return cls(Server.open(endpoint), embed, Replies(index_dir / REPLIES))

    async def stand_alone(self, question: str, history: Sequence[Turn]) -> tuple[str, Reason | None]:
        """Return a follow-up as the LLM words it, standing alone, and why not to ask the LLM for its answer, too.

        "" where its words are not to be trusted, None where it may be asked.
        """
        spent = Spent()
        server = self._server.within(self._server.endpoint.first_token)
        messages = rewriting(question, history)
        try:
            async with aclosing(self._reply(server, messages, self._key("", messages), spent)) as texts:
                async for _ in texts:
                    if len(spent.text) > LONGEST_THOUGHT:
                        return "", None
        except Failed as failure:
            return "", failure.reason if failure.reason in LOST else None
        return rewritten(spent.text, question, history), None

    def stand_in(self, extracted: Answer, reason: Reason) -> Answer:
        """Return the extractive answer with a note why it stands in for the LLM's."""
        return replace(extracted, notices=(*extracted.notices, stands_in(reason, extracted.language)))

    async def write(
        self, question: Question, extracted: Answer, findings: Sequence[Finding], documents: Mapping[str, Document]
    ) -> AsyncGenerator[Answer, None]:
        """Yield the answer as it grows, the last one complete; `documents` by id, all that `extracted` cites."""
        sources = sources_of(extracted, findings, documents)
        if not any(source.document.language == question.language for source in sources[: len(extracted.citations)]):
            yield extracted  # no check of ours shows a sentence by a source in another language
            return
        if any(is_order(citation.quote) for citation in extracted.citations):
            yield extracted  # a model that follows an order would cite it for what it was told to say
            return
        spent = Spent()
        prompt = answering(question, sources, self._server.endpoint.prompt_tokens)
        prose = Prose(question, extracted, blocks_of(extracted, documents), prompt.sources)
        key = self._key(extracted.corpus_version, prompt.messages)
        try:
            async with aclosing(self._grown(prompt, key, prose, extracted, spent, len(findings) > 1)) as grown:
                async for answer in grown:
                    yield self._signed(answer, spent)
        except Declined:
            await self._keep(key, spent)
            yield self._signed(_declined(question, extracted), spent)
        except Failed as failure:
            if failure.reason in ("unsupported", "language"):
                await self._keep(key, spent)
            timings = {**extracted.timings, **spent.timings}
            yield replace(self.stand_in(extracted, failure.reason), timings=timings, tokens=spent.tokens)

    def _signed(self, answer: Answer, spent: Spent) -> Answer:
        """Return the answer with the model that wrote it and what that cost."""
        timings = {**answer.timings, **spent.timings}
        return replace(
            answer, mode="generative", model=self._server.endpoint.model, timings=timings, tokens=spent.tokens
        )

    def _key(self, corpus_version: str, messages: Messages) -> str:
        return key_of(corpus_version, self._server.endpoint.base_url, self._server.endpoint.model, messages)

    async def _keep(self, key: str, spent: Spent) -> None:
        if self._replies:
            await asyncio.to_thread(self._replies.put, key, spent.text)

    async def _grown(
        self, prompt: Prompt, key: str, prose: Prose, extracted: Answer, spent: Spent, several: bool
    ) -> AsyncGenerator[Answer, None]:
        """Yield the answer after each piece that changes it; Failed or Declined if it cannot become one.

        `several`: more than one thing is asked for, so the sources may tell a part.
        """
        parser = Parser(len(prompt.sources))
        judge = _Judge(prose, self._abstention, several)
        shown: Answer | None = None
        async with aclosing(self._reply(self._server, prompt.messages, key, spent)) as texts:
            async for text in texts:
                await judge.take(parser.feed(text))
                if (answer := prose.growing(parser.draft)) and answer != shown:
                    yield answer
                    shown = answer
                if judge.enough:
                    await self._keep(key, spent)
                    break
        await judge.take(parser.end(), last=True)
        if not prose.proved:
            raise Declined if judge.only_declines else Failed("unsupported")
        prose.complete()
        notices = [*extracted.notices, *changes(prose.outcomes, parser.unknown, extracted.language)]
        if judge.in_part:
            notices.append(IN_PART[extracted.language])
        state = "partial" if judge.in_part else extracted.state
        yield replace(prose.answer(), state=state, notices=tuple(notices))

    async def _reply(self, server: Server, messages: Messages, key: str, spent: Spent) -> AsyncGenerator[str, None]:
        """Yield the reply without the model's thoughts: the kept one at once, a new one as it arrives."""
        kept = await asyncio.to_thread(self._replies.get, key) if self._replies else None
        if kept is not None:
            spent.add(Piece(kept))
            yield without_thoughts(kept)
            return
        said = ""
        async with aclosing(server.write(messages)) as pieces:
            async for piece in pieces:
                spent.add(piece)
                before, said = said, without_thoughts(spent.text)
                if said != before:
                    yield said[len(before) :]
        await self._keep(key, spent)


class _Judge:
    """What becomes of each sentence that the LLM wrote."""

    def __init__(self, prose: Prose, abstention: Abstention, several: bool) -> None:
        """`several`: more than one thing is asked for, so a sentence that declines may be about one of them."""
        self.in_part = False  # the LLM says that the sources tell only a part
        self._several = several
        self._prose = prose
        self._abstention = abstention
        self._unproved = 0

    @property
    def only_declines(self) -> bool:
        """Whether nothing but sentences that decline was written."""
        return self.in_part and not self._unproved

    @property
    def enough(self) -> bool:
        """Whether the model goes round in circles."""
        return self._prose.outcomes["said before"] >= REPEATED

    async def take(self, sentences: Sequence[Written], last: bool = False) -> None:
        """Keep, repair, replace or leave out sentences; Failed or Declined if one of them ends the reply.

        `last`: the reply has ended, so the last of them may be cut off.
        """
        for written in sentences:
            if self._prose.is_told(written):
                if self.enough and not self._prose.proved:
                    raise Failed("endless", "it repeats itself")
            elif shown_by := await asyncio.to_thread(self._prose.prove, written):
                self._prose.keep(written, shown_by)
            elif await asyncio.to_thread(self._abstention.declines, written.text):
                if not self._prose.proved and not self._several:
                    raise Declined
                self.in_part = True
            elif not (last and not ENDED.search(written.text)):
                self._unsupported(written)

    def _unsupported(self, written: Written) -> None:
        if self._prose.speaks_another_language(written.text):
            raise Failed("language", written.text[:60])
        self._unproved += 1
        self._prose.replace()
        if self._unproved >= HOPELESS and not self._prose.proved:
            raise Failed("unsupported")


def without_thoughts(text: str) -> str:
    """Return a reply without what a reasoning model thinks aloud, as far as it has arrived."""
    return HALF_A_TAG.sub("", THOUGHT.sub("", text))


def sources_of(extracted: Answer, findings: Sequence[Finding], documents: Mapping[str, Document]) -> list[Source]:
    """Return what the LLM may tell from: what the extractive answer cites, then the other sentences, best first.

    Of the latter, not those that give orders.
    """
    cited = [source_of(citation, documents[citation.document_id]) for citation in extracted.citations]
    ranked = [candidate for finding in findings for candidate in finding.ranked[:MOST_SOURCES]]
    found = [_source(candidate) for candidate in ranked if not is_order(candidate.text)]
    return list({source.place: source for source in (*cited, *found)}.values())


def _source(candidate: Candidate) -> Source:
    hit, sentence = candidate.hit, candidate.sentence
    return Source(hit.document, sentence.start, sentence.end, " > ".join(hit.passage.section))


def _declined(question: Question, extracted: Answer) -> Answer:
    """Return the answer that the documents do not say, found so by the LLM."""
    return replace(
        extracted,
        state="not_in_corpus",
        answer=DECLINED["not_in_corpus", question.language],
        citations=(),
        retrieved=tuple(replace(hit, cited=False) for hit in extracted.retrieved),
        notices=(*extracted.notices, NOTHING_FOUND[question.language]),
    )


def rewritten(reply: str, question: str, history: Sequence[Turn]) -> str:
    """Return the question in a reply; "" unless it says what was asked, and nothing that was not said before."""
    lines = [line.strip() for line in without_thoughts(reply).splitlines() if line.strip()]
    text = LABEL.sub("", lines[0]).strip(" \"'“”") if lines else ""
    before = " ".join([question, *(part for turn in history for part in (turn.question, turn.answer))])
    asked, known = set(terms(question)), set(terms(before))
    ours = set(terms(text))
    same = language_of(text) == language_of(question) and set(facts(question)) <= words(text) | set(facts(text))
    return text if text and len(text) <= LONGEST_QUESTION and same and asked <= ours <= known else ""
