"""What the index holds on a question: passages, their sentences ranked, and whether they answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.lexical import terms
from index.store import Store
from rag.decide import Decision, decide, surroundings
from rag.edition import Missing, Program, name_terms, program_of, programs
from rag.known import UNFAMILIAR, Known
from rag.latest import latest_first, newer_first
from rag.name import unknown_name
from rag.question import Question
from rag.rank import reread
from rag.reader import Reader
from rag.retrieve import Hit, retrieve
from rag.scope import EVERYWHERE, Scope
from rag.score import Candidate, candidates

SURE = 2.0  # log odds of the best sentence from which a name in other words may stand for one that no document holds


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question, or for one part of it."""

    question: Question
    hits: Sequence[Hit]
    ranked: Sequence[Candidate]  # best first
    decision: Decision
    missing: Missing | None = None  # the edition that it asks for and that the documents lack
    stranger: str = ""  # a name in the question that no document holds
    earlier: tuple[str, ...] = ()  # years for which other sentences answer as well as the one chosen


def find(
    store: Store,
    question: Question,
    vector: Sequence[float],
    reader: Reader | None,
    scope: Scope = EVERYWHERE,
    known: Known | None = None,
) -> Finding:
    """Return what the scope holds on a question; `vector` is the embedding of its query."""
    program = program_of(terms(question.words("en")), store.catalog)
    asked = question
    newest = question.newest and not question.years
    if newest and program:  # its sentences come first; where none answers, one of an earlier edition may
        question = replace(question, years=frozenset({program.latest}))
    hits = retrieve(store, question, vector, scope=scope)
    recalled = known.recall(vector) if known else UNFAMILIAR
    ranked = candidates(store, question, vector, hits, recalled)
    if newest:
        ranked = newer_first(ranked)
    latest = latest_first(asked, reread(reader, question, ranked) if reader else ranked)
    other_year = _is_of_another_year(asked, latest.ranked)
    if other_year and not program:
        program = programs(store.catalog).get(latest.ranked[0].hit.document.program)
    missing = _missing(question, program, latest.ranked)
    if known and latest.ranked:
        recalled = known.trusted(recalled, latest.ranked[0].text)
    decision = decide(store, question, latest.ranked, recalled)
    stranger = "" if missing or _is_sure(latest.ranked) else unknown_name(question.standalone, store.lexical)
    if missing or stranger or other_year:
        decision = replace(decision, answerable=False)
    return Finding(question, hits, latest.ranked, decision, missing, stranger, latest.earlier)


def _missing(question: Question, program: Program | None, ranked: Sequence[Candidate]) -> Missing | None:
    """Return the edition that the documents lack, unless a sentence that was found speaks of it."""
    if program is None or question.years & set(program.editions):
        return None
    if not question.years:
        return Missing(program, "") if question.next else None
    year = max(question.years)
    name = name_terms(program.name)
    spoken = any(c.years & question.years and name <= set(terms(surroundings(c))) for c in ranked)
    return None if spoken else Missing(program, year)


def _is_sure(ranked: Sequence[Candidate]) -> bool:
    """Return whether the reader is sure of the best sentence, so that a name in other words may stand for it."""
    return bool(ranked and ranked[0].odds is not None and ranked[0].odds >= SURE)


def _is_of_another_year(question: Question, ranked: Sequence[Candidate]) -> bool:
    """Return whether the best sentence is of another year and so no answer, unless the year may be supposed wrongly."""
    if question.supposing or not ranked:
        return False
    return bool(question.years and ranked[0].years and not question.years & ranked[0].years)
