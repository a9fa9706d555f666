"""What happened when: documents by the day of their event or the year of their edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class Entry:
    """A document about something that happened."""

    document: Document
    day: str  # "2025-11-07", "2025-11-07 – 2025-11-09", "2025-11" or "" where only the edition is known


@dataclass(frozen=True, slots=True)
class Year:
    """A year with its entries in order of time; those without a day come last."""

    year: str
    entries: tuple[Entry, ...]


def timeline(catalog: Sequence[Document]) -> tuple[Year, ...]:
    """Return the years, newest first."""
    dated = [d for d in catalog if d.event_date or d.edition]
    ordered = sorted(dated, key=lambda d: (_year(d), d.event_date or "9", d.title))
    years = [
        Year(year, tuple(Entry(d, d.event_date.replace("/", " – ")) for d in group))
        for year, group in groupby(ordered, key=_year)
    ]
    return tuple(reversed(years))


def _year(document: Document) -> str:
    return (document.event_date or document.edition)[:4]
