"""Evidence, found again by its words: where a quote stands, and what covers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from corpus.sentences import sentence_spans
from eval.golden import Evidence
from rag.cite import NUMBER

Texts = Callable[[str], str | None]  # document id -> its text, None if there is no such document

ALIKE = 90.0  # of 100: an edited sentence that is so similar is still the evidence, if its numbers are the same
COVERED = 0.5  # share of a quote that must lie in a span which holds it


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of a document."""

    document_id: str
    start: int
    end: int

    def shared(self, other: "Span") -> int:
        """Return the number of characters that both hold."""
        if self.document_id != other.document_id:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def place_of(evidence: Evidence, texts: Texts) -> Span | None:
    """Return where the evidence stands, word for word or in the edited sentence that took its place; None if gone."""
    text = texts(evidence.document)
    found = find_quote(text, evidence.quote) if text else None
    return Span(evidence.document, *found) if found else None


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return (start, end) of the quote, whatever its white space, or of its edited form with the same numbers."""
    if (start := text.find(quote)) >= 0:
        return start, start + len(quote)
    spaced = r"\s+".join(re.escape(word) for word in quote.split())
    if spaced and (match := re.search(spaced, text)):
        return match.span()
    return _edited(text, quote)


def _edited(text: str, quote: str) -> tuple[int, int] | None:
    wanted = sorted(NUMBER.findall(quote))
    spans = [span for span in sentence_spans(text) if sorted(NUMBER.findall(text[slice(*span)])) == wanted]
    alike = [(fuzz.ratio(quote.lower(), text[slice(*span)].lower()), span) for span in spans]
    best = max(alike, default=(0.0, (0, 0)), key=lambda pair: pair[0])
    return best[1] if best[0] >= ALIKE else None


def holds_span(outer: Span, inner: Span) -> bool:
    """Return whether a passage holds a quote: most of it, since a quote may reach into the next passage."""
    return outer.shared(inner) > COVERED * (inner.end - inner.start)


def same_place(one: Span, other: Span) -> bool:
    """Return whether two quotes are of the same place: they share most of the shorter one."""
    return one.shared(other) > COVERED * min(one.end - one.start, other.end - other.start)
