"""Which documents a question is asked of, as the page lets people choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Document
from rag.scope import Scope
from web.chat.literal import literal
from web.words import PAGE, Language


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, each in reading order."""

    programs: tuple[str, ...]
    kinds: tuple[str, ...]
    years: tuple[str, ...]  # newest first
    documents: tuple[tuple[str, str], ...]  # title, id


def choices(catalog: Sequence[Document]) -> Choices:
    """Return what the documents can be filtered by."""
    return Choices(
        tuple(sorted({d.program for d in catalog} - {""})),
        tuple(sorted({d.kind for d in catalog} - {""})),
        tuple(sorted({d.year for d in catalog} - {""}, reverse=True)),
        tuple(sorted((d.title, d.id) for d in catalog)),
    )


def scope_of(*chosen: Sequence[str] | None) -> Scope:
    """Return the scope of the programs, kinds, years and document ids that were chosen."""
    programs, kinds, years, documents = (tuple(part or ()) for part in chosen)
    return Scope(programs, kinds, years, documents)


def filter_line(catalog: Sequence[Document], scope: Scope, language: Language) -> str:
    """Return a line that tells which documents the next question is asked of; "" for all."""
    if not scope:
        return ""
    titles = {d.id: d.title for d in catalog}
    parts = (scope.programs, scope.kinds, scope.years, [titles.get(id, id) for id in scope.documents])
    named = " · ".join(", ".join(part) for part in parts if part)
    inside, words = len(scope.among(catalog)), PAGE[language]
    text = words.only.format(inside, len(catalog), named) if inside else words.nothing_inside.format(named)
    return f'<p role="status" class="filtered{"" if inside else " empty"}">{literal(text)}</p>'
