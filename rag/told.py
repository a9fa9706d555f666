"""Whether the sentences of sources, each for itself or as they hang together, tell a claim."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.language import HAN, language_of
from rag.acronym import long_forms
from rag.cite import Source
from rag.clause import clauses, phrases, subject_of
from rag.clause_zh import has_verb_zh, parts_zh, tells_zh
from rag.tells import same_phrase, tells
from rag.wording import one_wording

SENTENCE = 8  # words from which a source is taken for a sentence, even if no verb of it is known
PRONOUN = re.compile(r"^(?:It|They)\b")
LEANING = re.compile(r"(?:(?:It|Its|They|Their|He|His|She|Her|This|These)\b|[它他她其该这])")
NAME = re.compile(r"\b[A-Z][\w-]+")


def told(sources: Sequence[Source], claim: str, item: bool) -> bool:
    """Return whether each clause of a claim is told by one of the sources, or the whole claim by one."""
    quotes = list(sentences(sources))
    if any(_whole(quote, claim, item) for quote in quotes) or (item and any(_has_item(q, claim) for q in quotes)):
        return True
    if language_of(claim) == "zh":
        return any(tells_zh(quote, claim) for quote in quotes)
    known = _short_names(quotes)
    parts = clauses(one_wording(claim, known))
    return any(tells(quote, claim, known) for quote in quotes) or (
        bool(parts) and all(any(tells(quote, part, known) for quote in quotes) for part in parts)
    )


def _short_names(quotes: Sequence[str]) -> dict[str, str]:
    return {short: long for quote in quotes for short, long in _spelled(quote)}


@lru_cache(512)
def _spelled(quote: str) -> tuple[tuple[str, str], ...]:
    return tuple(long_forms([quote]).items())


def sentences(sources: Sequence[Source]) -> Iterator[str]:
    """Yield what the sources say, and what those that follow on each other say together."""
    yield from (source.quote for source in sources)
    in_order = sorted(sources, key=lambda source: source.place)
    for before, after in pairwise(in_order):
        if _follows(before, after) and PRONOUN.match(after.quote) and (subject := _only_subject(before.quote)):
            yield subject + PRONOUN.sub("", after.quote)
    if len(in_order) > 1 and in_order[0].quote.endswith((":", "：")) and all(_follows(*p) for p in pairwise(in_order)):
        yield f"{in_order[0].quote} {', '.join(source.quote.rstrip('.,;') for source in in_order[1:])}"


def leans_elsewhere(text: str, shown_by: Sequence[Source], before: Sequence[Source]) -> bool:
    """Return whether a sentence begins with "it" or the like, which in its source means something else than here.

    `before`: the sources of the sentence that stands before it; none: it is the first.
    """
    if not LEANING.match(text) or not before:
        return False
    return not any(_follows(one, other) or one.place == other.place for one in before for other in shown_by)


def _follows(before: Source, after: Source) -> bool:
    """Return whether nothing but space and a list's mark stands between two slices of a document."""
    if before.document.id != after.document.id or before.end > after.start:
        return False
    return not before.document.text[before.end : after.start].strip(" \n\t-*•·–")


def _only_subject(text: str) -> str:
    """Return the subject of a sentence if it names nothing else that the next one could mean; else ""."""
    subject = subject_of(text)
    others = [p for p in phrases(one_wording(text[len(subject) :], {})) if not p.kind]
    named = NAME.search(subject) and not any(NAME.search(" ".join(p.words)) for p in others)
    return subject if named and len(phrases(one_wording(subject, long_forms([subject])))) == 1 else ""


def _whole(quote: str, claim: str, item: bool) -> bool:
    """Return whether a claim is a source word for word, and a sentence unless it is an item."""
    if plain(quote) != plain(claim):
        return False
    if item or language_of(claim) == "zh":
        return item or has_verb_zh(claim)
    return len(plain(claim).split()) >= SENTENCE or any(phrase.has_verb for phrase in phrases(claim))


def _has_item(quote: str, item: str) -> bool:
    """Return whether an item that is no sentence stands in a source, parted from the rest."""
    if language_of(item) == "zh":
        return "".join(parts_zh(item)) in parts_zh(quote)
    known = long_forms([quote])
    ours, theirs = phrases(one_wording(item, known)), phrases(one_wording(quote, known))
    if not ours or any(phrase.has_verb for phrase in ours):
        return False
    runs = (theirs[n : n + len(ours)] for n in range(len(theirs) - len(ours) + 1))
    return any(all(map(same_phrase, run, ours)) for run in runs)


def plain(text: str) -> str:
    """Return the words of a text alone, lower case; Han characters count one by one."""
    return " ".join(re.findall(rf"{HAN.pattern}|\w+", text.lower()))
