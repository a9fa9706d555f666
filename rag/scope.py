"""Which documents a question is asked of."""

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter: a document is inside if it matches every field that is not empty."""

    programs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    years: tuple[str, ...] = ()  # of edition, event or publication: "2025"
    documents: tuple[str, ...] = ()  # ids

    def __bool__(self) -> bool:
        """Return whether it leaves anything out."""
        return bool(self.programs or self.kinds or self.years or self.documents)

    def holds(self, document: Document) -> bool:
        """Return whether a document is inside."""
        pairs = (
            (self.programs, document.program),
            (self.kinds, document.kind),
            (self.years, document.year),
            (self.documents, document.id),
        )
        return all(not wanted or value in wanted for wanted, value in pairs)

    def among(self, documents: Iterable[Document]) -> frozenset[str]:
        """Return the ids of the documents that are inside."""
        return frozenset(document.id for document in documents if self.holds(document))


EVERYWHERE = Scope()
