"""Of sentences that answer equally well for several years, the newest: a question that names no year means that one."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.question import Question
from rag.score import Candidate

AS_GOOD = 0.02  # of similarity and coverage: how much less an equal answer may have
AS_GOOD_IF_ASKED = 0.05  # the same where the question asks for the newest
LOOKED_AT = 30  # candidates


@dataclass(frozen=True, slots=True)
class Latest:
    """Candidates with the newest of equal answers first."""

    ranked: Sequence[Candidate]
    earlier: tuple[str, ...] = ()  # years for which other candidates answer as well, newest first


def latest_first(question: Question, ranked: Sequence[Candidate]) -> Latest:
    """Return the candidates without those that say the same of earlier years, where the question names no year."""
    if not ranked or question.years or question.change or question.kind == "definition" or not ranked[0].years:
        return Latest(ranked)
    best = ranked[0]
    equal = [c for c in ranked[:LOOKED_AT] if _is_as_good(c, best, AS_GOOD_IF_ASKED if question.newest else AS_GOOD)]
    newest = max(equal, key=lambda c: (max(c.years), c.score))
    older = [c for c in equal if max(c.years) < max(newest.years)]
    if not older:
        return Latest(ranked)
    left = [c for c in ranked if c is not newest and not any(c is other for other in older)]
    return Latest([newest, *left], tuple(sorted({max(c.years) for c in older}, reverse=True)))


def _is_as_good(candidate: Candidate, best: Candidate, tolerance: float) -> bool:
    return (
        bool(candidate.years)
        and candidate.hit.document.program == best.hit.document.program
        and candidate.typed >= best.typed
        and candidate.similarity >= best.similarity - tolerance
        and candidate.coverage >= best.coverage - tolerance
    )
