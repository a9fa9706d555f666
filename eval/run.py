"""Ask every golden question and keep all that came of it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from eval.evidence import Span, Texts, place_of, same_place
from eval.golden import Case, case_from
from eval.metrics import BY_NAME, MEASURES, measure
from eval.retrieval import new_evidence, retrieval
from eval.statements import Statement, check
from eval.verdict import Verdict, broken_rules, judge
from rag.chatbot import Chatbot
from rag.cite import Answer, answer_from
from rag.follow_up import Turn

Ask = Callable[[str, Sequence[Turn]], Answer]
Key = Callable[["Result"], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Traced:
    """A piece of evidence: where it stands, which passage found holds it, which citations quote it."""

    place: Span | None  # None: no longer in the documents
    rank: int | None  # 1-based, of the first passage found that holds it
    cited: tuple[int, ...]  # numbers of the citations


@dataclass(frozen=True, slots=True)
class Result:
    """A golden question with its answer and all that is measured of it."""

    case: Case
    answer: Answer  # its state is "error" if asking failed
    verdict: Verdict
    seconds: float  # by our own watch
    statements: tuple[Statement, ...] = ()
    verbatim: tuple[bool, ...] = ()  # of each citation: the quote stands at its offsets
    evidence: tuple[Traced, ...] = ()
    broken: tuple[str, ...] = ()  # rules
    retrieval: Mapping[str, float] = field(default_factory=dict)  # by measure

    @property
    def evidence_cited(self) -> float:
        """Share of the evidence that a citation quotes, 0..1."""
        return sum(bool(traced.cited) for traced in self.evidence) / len(self.evidence)


def ask_all(chatbot: Chatbot, cases: Sequence[Case], progress: Callable[[], object] = lambda: None) -> list[Result]:
    """Return the result of each case, asked of a chatbot and checked against its own documents."""
    return evaluate(chatbot.ask, texts_of(chatbot), cases, progress)


def evaluate(
    ask: Ask, texts: Texts, cases: Sequence[Case], progress: Callable[[], object] = lambda: None
) -> list[Result]:
    """Return the result of each case, in order; one that crashes counts as failed."""
    results = []
    for case in cases:
        results.append(assess(case, *_timed(ask, case), texts))
        progress()
    return results


def texts_of(chatbot: Chatbot) -> Texts:
    """Return a function that gives the text of each document that the chatbot has indexed."""

    def text(id: str) -> str | None:
        document = chatbot.store.records.document(id)
        return document.text if document else None

    return text


def _timed(ask: Ask, case: Case) -> tuple[Answer, float]:
    history = [Turn(turn["question"], turn.get("answer", "")) for turn in case.history]
    started = time.perf_counter()
    try:
        answer = ask(case.question, history)
    except Exception as error:  # whatever breaks, the suite goes on and counts it
        message = f"{type(error).__name__}: {error}"
        answer = Answer(case.question, case.question, case.language, "error", message)
    return answer, round(time.perf_counter() - started, 4)


def assess(case: Case, answer: Answer, seconds: float, texts: Texts) -> Result:
    """Return all that is measured of one answer."""
    places = [place_of(evidence, texts) for evidence in case.evidence]
    passages = [Span(r.document_id, r.start, r.end) for r in answer.retrieved]
    return Result(
        case=case,
        answer=answer,
        verdict=judge(answer, case),
        seconds=seconds,
        statements=check(answer),
        verbatim=tuple((texts(c.document_id) or "")[c.start : c.end] == c.quote for c in answer.citations),
        evidence=_traced(answer, places, passages),
        broken=broken_rules(answer),
        retrieval=retrieval(passages, places),
    )


def _traced(answer: Answer, places: Sequence[Span | None], passages: Sequence[Span]) -> tuple[Traced, ...]:
    ranks = {piece: rank for rank, pieces in enumerate(new_evidence(passages, places), 1) for piece in pieces}
    quoted = [(c.number, Span(c.document_id, c.start, c.end)) for c in answer.citations]
    return tuple(
        Traced(place, ranks.get(i), tuple(n for n, span in quoted if place and same_place(place, span)))
        for i, place in enumerate(places)
    )


AXES: dict[str, Key] = {
    "set": lambda r: [r.case.set],
    "category": lambda r: [r.case.category],
    "language": lambda r: [r.case.language],
    "document": lambda r: sorted({evidence.document for evidence in r.case.evidence}),
    "state": lambda r: [r.answer.state],
}


def grouped(results: Iterable[Result], key: Key) -> dict[str, list[Result]]:
    """Return the results by a key, in its order; one that has several stands in several groups."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        for name in key(result):
            groups.setdefault(name, []).append(result)
    return dict(sorted(groups.items()))


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """Return all measures by half: of all its questions, and by set, category, language, document and state."""
    halves = grouped(results, lambda r: [r.case.split])
    return {half: {"all": _group(group)} | _axes(group) for half, group in halves.items()}


def _axes(results: Sequence[Result]) -> dict[str, Any]:
    return {axis: {name: _group(g) for name, g in grouped(results, key).items()} for axis, key in AXES.items()}


def _group(results: Sequence[Result]) -> dict[str, Any]:
    measured = measure(results)
    timing = {m.name for m in MEASURES if m.timing}
    return {
        "questions": len(results),
        "measures": {name: asdict(value) for name, value in measured.items() if name not in timing},
        "timing": {name: asdict(value) for name, value in measured.items() if name in timing},
    }


def scores(result: Result) -> dict[str, float]:
    """Return what each measure that adds up questions one by one says of one question."""
    rows = {name: m.row(result) for name, m in BY_NAME.items() if not m.timing}
    return {name: round(row[0], 4) for name, row in rows.items() if row is not None and len(row) == 1}


def as_dict(result: Result) -> dict[str, Any]:
    """Return the JSON form of a result: a line of results.jsonl."""
    return {
        "case": asdict(result.case),
        "answer": result.answer.as_dict(),
        "verdict": asdict(result.verdict),
        "seconds": result.seconds,
        "statements": [asdict(statement) for statement in result.statements],
        "verbatim": result.verbatim,
        "evidence": [asdict(traced) for traced in result.evidence],
        "broken": result.broken,
        "retrieval": result.retrieval,
        "scores": scores(result),
    }


def result_from(row: Mapping[str, Any]) -> Result:
    """Return the result of its JSON form."""
    case = replace(case_from({k: v for k, v in row["case"].items() if k != "set"}), set=row["case"]["set"])
    return Result(
        case=case,
        answer=answer_from(row["answer"]),
        verdict=Verdict(**row["verdict"]),
        seconds=row["seconds"],
        statements=tuple(map(_statement, row["statements"])),
        verbatim=tuple(row["verbatim"]),
        evidence=tuple(map(_trace, row["evidence"])),
        broken=tuple(row["broken"]),
        retrieval=row["retrieval"],
    )


def _statement(row: Mapping[str, Any]) -> Statement:
    return Statement(row["text"], tuple(row["marks"]), row["shown"], tuple(row["precise"]))


def _trace(row: Mapping[str, Any]) -> Traced:
    return Traced(Span(**row["place"]) if row["place"] else None, row["rank"], tuple(row["cited"]))
