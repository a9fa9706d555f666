"""Which source sentences answer: the fewest, in reading order, each with what it leans on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.split import Sentence
from index.store import Store
from rag.cite import Claim, Source
from rag.question import Question
from rag.retrieve import Hit
from rag.score import NUMBER, Candidate, introduces

NEAR_ITEM = 0.2  # items that score this close to the best item are shown with it
LEANS_BACK = re.compile(r"(?:it|its|they|their|them|he|his|she|her|this|these|those|such|该|其|它|此|这)\b", re.I)


@dataclass(frozen=True, slots=True)
class Length:
    """How much stands beside the best sentence."""

    extras: int  # sentences
    within: float  # an extra sentence scores at most this much less than the best one
    characters: int  # of the answer


PROSE = Length(extras=2, within=0.45, characters=450)
SEVERAL = Length(extras=4, within=0.7, characters=900)  # where several things are asked for and no list holds them
PART = Length(extras=1, within=0.3, characters=400)  # of a question in several parts


def choose(store: Store, question: Question, ranked: Sequence[Candidate], part: bool = False) -> list[Claim]:
    """Return the claims that answer a question, or a part of one, in reading order."""
    best = ranked[0]
    lead = best.sentence.lead or (best.sentence.start, best.sentence.end)
    if items := store.records.listed(best.hit.document.id, lead):
        return _list_claims(question, ranked, lead, items)
    length = PART if part else SEVERAL if question.kind == "list" else PROSE
    chosen = [best, *_extras(ranked, length)]
    place = {c.hit.document.id: number for number, c in reversed(list(enumerate(chosen)))}
    chosen.sort(key=lambda c: (place[c.hit.document.id], c.sentence.start))
    sources = {(s.document.id, s.start, s.end): s for c in chosen for s in _sources(c)}
    return [Claim(source.quote, (source,)) for source in sources.values()]


def _sources(candidate: Candidate) -> list[Source]:
    """Return the sentence, after the one before it where it leans back on that ("It ...", "They ...")."""
    sentences = candidate.hit.passage.sentences
    position = sentences.index(candidate.sentence)
    first = position
    while first > 0 and LEANS_BACK.match(_source(candidate.hit, sentences[first]).quote) and position - first < 2:
        first -= 1
    return [_source(candidate.hit, sentence) for sentence in sentences[first : position + 1]]


def _source(hit: Hit, sentence: Sentence) -> Source:
    return Source(hit.document, sentence.start, sentence.end, " > ".join(hit.passage.section))


def _list_claims(
    question: Question, ranked: Sequence[Candidate], lead: tuple[int, int], items: Sequence[tuple[str, Sentence]]
) -> list[Claim]:
    """Return the introducing sentence and its items: all of them, or the few that are meant."""
    best = ranked[0]
    section = " > ".join(best.hit.passage.section)
    meant = {(c.sentence.start, c.sentence.end) for c in ranked if c.score >= best.score - NEAR_ITEM}
    document = best.hit.document
    counted = question.kind == "number" and bool(NUMBER.search(document.text[slice(*lead)]))
    all_meant = question.kind == "list" or (best.sentence.lead is None and not counted)
    claims = [Claim(document.text[slice(*lead)], (Source(document, *lead, section),))]
    for _, item in items:
        if all_meant or (item.start, item.end) in meant:
            source = Source(document, item.start, item.end, section)
            claims.append(Claim(source.quote, (source,), item=True))
    return claims


def _extras(ranked: Sequence[Candidate], length: Length) -> list[Candidate]:
    """Return the sentences that answer nearly as well as the best one, as far as the answer stays short."""
    best = ranked[0]
    chosen = [best]
    for candidate in ranked[1:12]:
        room = length.characters - sum(len(c.text) for c in chosen) - len(candidate.text)
        near = candidate.score >= best.score - length.within and candidate.typed >= best.typed
        new = candidate.text not in {c.text for c in chosen} and not introduces(candidate.text)
        if near and new and room >= 0 and candidate.sentence.kind == "paragraph":
            chosen.append(candidate)
    return chosen[1 : 1 + length.extras]
