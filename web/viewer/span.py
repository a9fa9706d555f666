"""The slice of a document that an address names."""

from corpus.document import Document
from web.link import seal
from web.viewer.layout import Span

LONGEST_QUOTE = 1_000  # characters of a slice that is looked for, and of a text that it is looked for in:
LONGEST_SEARCHED = 200_000  # so that no address keeps the server busy for more than a part of a second


class Moved(ValueError):
    """What an address cites is no longer in the document: open the whole document."""


def span_of(document: Document, start: str | None, end: str | None, sealed: str = "") -> Span | None:
    """Return the slice that an address names, or None for the whole document; ValueError if there is none such.

    With the seal of its text, a slice is found wherever it stands now; Moved if it stands nowhere.
    """
    if start is None and end is None:
        return None
    length = len(document.text)
    try:
        span = Span(int(start or ""), int(end or ""))
    except ValueError:
        raise ValueError(f"start={start} and end={end} must both be numbers from 0 to {length}.") from None
    if sealed:
        return _find(document.text, span, sealed)
    if not 0 <= span.start < span.end <= length:
        raise ValueError(f"{span.start} to {span.end} is no part of this document: it has {length} characters.")
    return span


def _find(text: str, span: Span, sealed: str) -> Span:
    size = span.end - span.start
    if 0 <= span.start < span.end <= len(text) and seal(text[span.start : span.end]) == sealed:
        return span
    if 0 < size <= LONGEST_QUOTE and len(text) <= LONGEST_SEARCHED:
        for place in range(len(text) - size + 1):
            if seal(text[place : place + size]) == sealed:
                return Span(place, place + size)
    raise Moved("the cited text is no longer in this document")
