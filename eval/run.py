"""Ask every golden question and write what came of it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from eval.golden import Case
from eval.metrics import DECLINED, Verdict, evidence_recall, judge, words
from rag.chatbot import Chatbot
from rag.cite import Answer
from rag.follow_up import Turn


@dataclass(frozen=True, slots=True)
class Result:
    """A golden case with its answer and verdict."""

    case: Case
    answer: Answer
    verdict: Verdict
    verbatim: bool  # every quote stands at its offsets


def ask_all(chatbot: Chatbot, cases: Sequence[Case], progress: Callable[[], object] = lambda: None) -> list[Result]:
    """Return the result of each case; one that fails to be answered counts as wrong."""
    results = []
    for case in cases:
        answer = _ask(chatbot, case)
        verdict = Verdict(False, answer.answer) if answer.state == "error" else judge(answer, case)
        results.append(Result(case, answer, verdict, _verbatim(chatbot, answer)))
        progress()
    return results


def _ask(chatbot: Chatbot, case: Case) -> Answer:
    history = [Turn(turn["question"], turn.get("answer", "")) for turn in case.history]
    try:
        return chatbot.ask(case.question, history)
    except Exception as error:  # whatever breaks, the suite goes on and counts it
        return Answer(case.question, case.question, case.language, "error", f"{type(error).__name__}: {error}")


def _verbatim(chatbot: Chatbot, answer: Answer) -> bool:
    for citation in answer.citations:
        document = chatbot.store.records.document(citation.document_id)
        if document is None or document.text[citation.start : citation.end] != citation.quote:
            return False
    return True


def summary(results: Sequence[Result]) -> dict[str, object]:
    """Return the measures of some results, overall and by category."""
    return {
        **_measures(results),
        "by_category": {name: _measures(group) for name, group in by(results, lambda r: r.case.category).items()},
        "by_language": {name: _measures(group) for name, group in by(results, lambda r: r.case.language).items()},
    }


def by(results: Iterable[Result], key: Callable[[Result], str]) -> dict[str, list[Result]]:
    """Return the results grouped by a key, in order of the key."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return dict(sorted(groups.items()))


def _measures(results: Sequence[Result]) -> dict[str, float | int | None]:
    answerable = [r for r in results if r.case.answerable]
    others = [r for r in results if not r.case.answerable]
    recalls = [value for r in answerable if (value := evidence_recall(r.answer, r.case)) is not None]
    seconds = sorted(r.answer.seconds for r in results)
    return {
        "questions": len(results),
        "right": _share(results, lambda r: r.verdict.right),
        "answerable_right": _share(answerable, lambda r: r.verdict.right),
        "falsely_declined": _share(answerable, lambda r: r.answer.state in DECLINED),
        "unanswerable_declined": _share(others, lambda r: r.verdict.right),
        "verbatim": _share(results, lambda r: r.verbatim),
        "evidence_recall": round(sum(recalls) / len(recalls), 4) if recalls else None,
        "median_words": median(words(r.answer) for r in answerable) if answerable else None,
        "seconds_p50": seconds[len(seconds) // 2] if seconds else None,
        "seconds_p95": seconds[int(len(seconds) * 0.95)] if seconds else None,
    }


def _share(results: Sequence[Result], condition: Callable[[Result], bool]) -> float | None:
    return round(sum(map(condition, results)) / len(results), 4) if results else None


def write(results: Sequence[Result], folder: Path) -> None:
    """Write results.jsonl and summary.json, by split, to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = (
        {"case": asdict(r.case), "answer": r.answer.as_dict(), **asdict(r.verdict), "verbatim": r.verbatim}
        for r in results
    )
    (folder / "results.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    splits = {name: summary(group) for name, group in by(results, lambda r: r.case.split).items()}
    (folder / "summary.json").write_text(json.dumps(splits, indent=2), encoding="utf-8")
