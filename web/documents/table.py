"""The documents as the page lists them: filtered, sorted, counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; "" is everything."""

    program: str = ""
    kind: str = ""
    year: str = ""
    words: str = ""  # each must stand in the title or the id


@dataclass(frozen=True, slots=True)
class Table:
    """The documents that are wanted, and how many the choices of each filter would leave."""

    documents: tuple[Document, ...]
    total: int
    programs: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]


def table(catalog: Sequence[Document], wanted: Wanted) -> Table:
    """Return the wanted documents by title; the count of a choice obeys the other filters, not its own."""
    inside = [d for d in catalog if _holds(d, wanted)]

    def counts(field: str) -> tuple[tuple[str, int], ...]:
        others = Wanted(**{name: "" if name == field else getattr(wanted, name) for name in Wanted.__slots__})
        found = Counter(getattr(d, field) for d in catalog if _holds(d, others))
        return tuple(sorted((value, count) for value, count in found.items() if value))

    return Table(
        tuple(sorted(inside, key=lambda d: (d.title, d.id))), len(catalog),
        counts("program"), counts("kind"), tuple(reversed(counts("year"))),
    )  # fmt: skip


def _holds(document: Document, wanted: Wanted) -> bool:
    pairs = ((wanted.program, document.program), (wanted.kind, document.kind), (wanted.year, document.year))
    text = f"{document.title} {document.id}".casefold()
    return all(not want or want == value for want, value in pairs) and all(
        word in text for word in wanted.words.casefold().split()
    )
