"""The answer that an LLM is writing, sentence by sentence: each one proved, repaired, replaced or left out.

Behind it stands the extractive answer in blocks: a sentence, or a whole list. What the model writes and no source shows
is replaced by the next block that is not told yet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from corpus.document import Document
from corpus.language import language_of
from rag.cite import MARK, Answer, Citation, Claim, Retrieved, Source, compose
from rag.marks import Written
from rag.prove import proof, words
from rag.question import Question
from rag.told import leans_elsewhere, plain

Outcome = Literal["kept", "cited anew", "replaced", "left out", "said before"]
Place = tuple[str, int, int]
SEGMENT = re.compile(r"(?P<text>[^\[\]]*)(?P<marks>(?:\[\d+\])+)")
LONG_ENOUGH = 4  # words that tell the language
# Words that neither name, count, deny nor affirm anything: a draft may have them though no source does.
LINKING = frozenset(
    """a according also an and are as at be been by for from had has have he her his in is it its of on or she that the
    their there these they this those through to under was were when where which while who with""".split()
)


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence or a whole list of the extractive answer."""

    claims: tuple[Claim, ...]

    @property
    def places(self) -> frozenset[Place]:
        """Where all that it cites stands."""
        return frozenset(source.place for claim in self.claims for source in claim.sources)


def source_of(citation: Citation, document: Document) -> Source:
    """Return what a citation cites."""
    return Source(document, citation.start, citation.end, citation.section)


def blocks_of(answer: Answer, documents: Mapping[str, Document]) -> list[Block]:
    """Return the blocks of an extractive answer; `documents` by id, all that it cites."""
    by_number = {c.number: source_of(c, documents[c.document_id]) for c in answer.citations}
    blocks: list[Block] = []
    for claim in _claims(answer.answer, by_number):
        if claim.item and blocks:
            blocks[-1] = Block((*blocks[-1].claims, claim))
        else:
            blocks.append(Block((claim,)))
    return blocks


def _claims(text: str, by_number: Mapping[int, Source]) -> Iterator[Claim]:
    for line in text.splitlines():
        for segment in SEGMENT.finditer(line):
            said = segment["text"].strip()
            sources = tuple(by_number[int(number)] for number in MARK.findall(segment["marks"]))
            yield Claim(said.removeprefix("- "), sources, item=said.startswith("- "))


class Prose:
    """An answer that grows by finished sentences and never takes one back."""

    def __init__(
        self, question: Question, extracted: Answer, blocks: Sequence[Block], sources: Sequence[Source]
    ) -> None:
        """`sources`: what the model's marks 1.. mean."""
        self._question = question
        self._extracted = extracted
        self._blocks = list(blocks)
        self._sources = list(sources)
        self._known = frozenset[str]().union(*(words(s.quote) | set(plain(s.quote).split()) for s in sources))
        self._claims: list[Claim] = []
        self._said: set[str] = set()  # what stands in the answer
        self._heard: set[str] = set()  # what the model has written
        self.outcomes: dict[Outcome, int] = dict.fromkeys(
            ("kept", "cited anew", "replaced", "left out", "said before"), 0
        )

    @property
    def proved(self) -> int:
        """How many of the model's own sentences stand."""
        return self.outcomes["kept"] + self.outcomes["cited anew"]

    def prove(self, written: Written) -> tuple[Source, ...]:
        """Return the sources that show a sentence; none if none do."""
        shown_by = proof(written.text, written.marks, self._sources, written.item)
        before = self._claims[-1].sources if self._claims else ()
        return () if leans_elsewhere(written.text, shown_by, before) else shown_by

    def is_told(self, written: Written) -> bool:
        """Return whether the model has written the same before, or it stands already; it is counted."""
        told = plain(written.text) in self._said | self._heard
        self._heard.add(plain(written.text))
        self.outcomes["said before"] += told
        return told

    def keep(self, written: Written, shown_by: Sequence[Source]) -> None:
        """Take over a sentence with the sources that show it."""
        named = {self._sources[mark - 1].place for mark in written.marks}
        self.outcomes["kept" if named.issuperset(source.place for source in shown_by) else "cited anew"] += 1
        self._add(Claim(written.text, tuple(shown_by), written.item))

    def replace(self) -> None:
        """Put the next block of the extractive answer where a sentence has no support, or nothing."""
        block = next((block for block in self._blocks if not self._has(block)), None)
        self.outcomes["replaced" if block else "left out"] += 1
        for claim in block.claims if block else ():
            self._add(claim)

    def speaks_another_language(self, text: str) -> bool:
        """Return whether a sentence is in another language than the question, as far as it is long enough to tell."""
        long_enough = len(plain(text).split()) >= LONG_ENOUGH
        return long_enough and language_of(text) != self._question.language

    def complete(self) -> None:
        """Add what the extractive answer must not lose: its lists whole, and all of it if none of it is told."""
        apart = not any(self._cited & block.places for block in self._blocks)
        for block in self._blocks:
            if apart or (len(block.claims) > 1 and self._cited & block.places):
                for claim in block.claims:
                    if not self._cited.issuperset(source.place for source in claim.sources):
                        self._add(claim)

    def _has(self, block: Block) -> bool:
        return self._cited >= block.places

    @property
    def _cited(self) -> set[Place]:
        return {source.place for claim in self._claims for source in claim.sources}

    def _add(self, claim: Claim) -> None:
        if plain(claim.text) not in self._said:
            self._said.add(plain(claim.text))
            self._claims.append(claim)

    def presentable(self, draft: str) -> str:
        """Return the beginning of an unfinished sentence whose words all stand in the sources or only link others."""
        return " ".join(takewhile(self._may_be_shown, draft.split()))

    def _may_be_shown(self, word: str) -> bool:
        return words(word) <= self._known or set(plain(word).split()) <= self._known or word.lower() in LINKING

    def growing(self, draft: str) -> Answer | None:
        """Return the answer as far as it can be shown; None before there is anything. `draft`: what is not finished."""
        shown = self.presentable(draft)
        return self.answer(shown) if self._claims or shown else None

    def answer(self, draft: str = "") -> Answer:
        """Return the answer of the finished sentences; ValueError if there is none, and no draft."""
        text, citations = compose(self._claims)
        cited = [(c.document_id, c.start) for c in citations]
        return replace(
            self._extracted,
            answer=text,
            citations=citations,
            draft=draft,
            retrieved=tuple(_with_cited(hit, cited) for hit in self._extracted.retrieved),
        )


def _with_cited(hit: Retrieved, cited: Sequence[tuple[str, int]]) -> Retrieved:
    return replace(hit, cited=any(id == hit.document_id and hit.start <= start < hit.end for id, start in cited))
