"""Of sentences that answer equally well for several years, the newest: a question that names no year means that one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.months import MONTHS
from rag.edition import NEWEST, years
from rag.question import Question
from rag.score import Candidate

AS_GOOD = 0.04  # of similarity and coverage: how much less an equal answer may have
AS_GOOD_IF_ASKED = 0.10  # the same where the question asks for the newest
ODDS = 1.0  # log odds that an equal answer may have less, where the reader has read
LOOKED_AT = 30  # candidates
MONTH = re.compile(rf"\b({'|'.join(MONTHS)}) (?:\d{{1,2}}, )?((?:19|20)\d\d)\b")
OLDER, OLD = 0.5, 10  # taken from the score for each year of age where the newest is asked for; years that count


@dataclass(frozen=True, slots=True)
class Latest:
    """Candidates with the newest of equal answers first."""

    ranked: Sequence[Candidate]
    earlier: tuple[str, ...] = ()  # years for which other candidates answer as well, newest first


def latest_first(question: Question, ranked: Sequence[Candidate]) -> Latest:
    """Return the candidates without those that say the same of earlier years, where the question names no year."""
    if not _means_newest(question, ranked):
        return Latest(ranked)
    equal = [c for c in _as_good(question, ranked) if not _reads_worse(c, ranked[0])]
    moment = _moment if question.kind == "number" else _year  # a figure may change within a year
    newest = max(equal, key=lambda c: (moment(c), c.score))
    older = [c for c in equal if _is_older(moment(c), moment(newest))]
    if not older:
        return Latest(ranked)
    left = [c for c in ranked if c is not newest and not any(c is other for other in older)]
    earlier = {max(c.years) for c in older} - {max(newest.years)}
    return Latest([newest, *left], tuple(sorted(earlier, reverse=True)))


def asked_of(question: Question, candidate: Candidate) -> str:
    """Return the question as it is asked of a candidate: "the latest" is the year that the candidate speaks of.

    The reader sees one sentence at a time, so it cannot know which year is the latest.
    """
    if not question.newest or years(question.standalone) or not candidate.years:
        return question.query
    return replace(question, standalone=NEWEST.sub(max(candidate.years), question.standalone)).query


def newer_first(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, best first, where the newest is asked for: they lose by age.

    The age is counted from the newest of the first candidates of the best one's program.
    """
    if not ranked:
        return []
    program = ranked[0].hit.document.program
    told = [max(c.years) for c in ranked[:LOOKED_AT] if c.years and c.hit.document.program == program]
    if not told:
        return list(ranked)
    newest = max(told)

    def aged(candidate: Candidate) -> Candidate:
        if not candidate.years:
            return candidate
        age = max(0, int(newest) - int(max(candidate.years)))
        return replace(candidate, score=candidate.score - OLDER * min(age, OLD))

    return sorted(map(aged, ranked), key=lambda c: -c.score)


def newest_among(question: Question, ranked: Sequence[Candidate], count: int) -> list[Candidate]:
    """Return the first `count` candidates, the last of them the newest that seems as good, where no year is named."""
    first = list(ranked[:count])
    if len(ranked) <= count or not _means_newest(question, ranked):
        return first
    newest = max(_as_good(question, ranked), key=lambda c: (_year(c), c.score))
    return first if any(newest is c for c in first) else [*first[:-1], newest]


def _means_newest(question: Question, ranked: Sequence[Candidate]) -> bool:
    """Return whether a question that names no year is answered by something that changes with the years."""
    named = question.years or question.change or question.occasions or question.kind == "definition"
    return not named and bool(ranked and ranked[0].years)


def _year(candidate: Candidate) -> tuple[str, int]:
    return max(candidate.years), 0


def _moment(candidate: Candidate) -> tuple[str, int]:
    """Return the latest year that a sentence speaks of and the latest month, 1..12, that it names of it; 0: none."""
    year = max(candidate.years)
    named = [MONTHS.index(found[1]) + 1 for found in MONTH.finditer(candidate.text) if found[2] == year]
    return year, max(named, default=0)


def _is_older(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Return whether a moment is of an earlier year, or of an earlier month of the same one."""
    return one[0] < other[0] or (one[0] == other[0] and 0 < one[1] < other[1])


def _as_good(question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of the best one's program that seem to answer as well before they are read."""
    best, tolerance = ranked[0], AS_GOOD_IF_ASKED if question.newest else AS_GOOD
    return [
        c
        for c in ranked[:LOOKED_AT]
        if c.years
        and c.hit.document.program == best.hit.document.program
        and c.typed >= best.typed
        and c.similarity >= best.similarity - tolerance
        and c.coverage >= best.coverage - tolerance
    ]


def _reads_worse(candidate: Candidate, best: Candidate) -> bool:
    """Return whether the reader has not read a candidate, or likes it less; False where nothing was read."""
    return best.odds is not None and (candidate.odds is None or candidate.odds < best.odds - ODDS)
