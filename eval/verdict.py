"""Whether an answer is right, and why not: its facts, its state, its length and the rules of citing."""

from collections import Counter
from dataclasses import dataclass

from eval.categories import category
from eval.golden import Case, holds
from eval.statements import statements_of
from rag.cite import ANSWERED, MARK, Answer

DECLINED = frozenset({"not_in_corpus", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, and why not."""

    right: bool
    reason: str  # "" if right


def judge(answer: Answer, case: Case) -> Verdict:
    """Return the verdict: every fact, nothing forbidden, concise, well cited; or declined, where nothing is said."""
    reason = _reason(answer, case)
    return Verdict(not reason, reason)


def _reason(answer: Answer, case: Case) -> str:
    if answer.state == "error":
        return f"crashes: {answer.answer}"
    if said := [text for text in case.forbidden if holds(answer.answer, text)]:
        return f"says {said[0]!r}"
    if broken := broken_rules(answer):
        return broken[0]
    if not case.answerable:
        return "" if is_declined(answer) else f"answers ({answer.state}) what the documents do not say"
    if answer.state in DECLINED:
        return f"declines ({answer.state}) what the documents say"
    if missing := missing_facts(answer, case):
        return f"lacks {missing[0][0]!r}"
    limit = category(case.category).words
    return f"has {words(answer)} words, more than {limit}" if words(answer) > limit else ""


def is_declined(answer: Answer) -> bool:
    """Return whether the answer says that the documents do not say, and cites nothing."""
    return answer.state in DECLINED and not answer.citations


def missing_facts(answer: Answer, case: Case) -> list[tuple[str, ...]]:
    """Return the groups of which no alternative stands in the answer."""
    return [group for group in case.facts if not any(holds(answer.answer, alternative) for alternative in group)]


def words(answer: Answer) -> int:
    """Return the number of words of the answer without its marks; a Han character counts as half a word."""
    text = MARK.sub("", answer.answer)
    han = sum("一" <= character <= "鿿" for character in text)
    return len([word for word in text.split() if word.strip("-–•")]) + han // 2


def broken_rules(answer: Answer) -> tuple[str, ...]:
    """Return what breaks the rules that hold for every answer, whoever made it; empty if nothing does."""
    marks = list(dict.fromkeys(int(number) for number in MARK.findall(answer.answer)))
    numbers = [citation.number for citation in answer.citations]
    texts = Counter(" ".join(s.text.lower().split()) for s in statements_of(answer.answer))
    repeated = [text for text, count in texts.items() if count > 1]
    rules = {
        f"marks {marks} do not match the citations {numbers}": marks != numbers,
        f"numbers its citations {numbers}, not 1 to {len(numbers)}": numbers != list(range(1, len(numbers) + 1)),
        "has no text": not MARK.sub("", answer.answer).strip(),
        f"is {answer.state} without a citation": answer.state in ANSWERED and not numbers,
        f"is {answer.state} with citations": answer.state not in ANSWERED and bool(numbers),
        f"says twice {repeated[0] if repeated else ''!r}": bool(repeated),
        "names no near topic": answer.state == "not_in_corpus" and not (answer.suggestions or answer.retrieved),
        f"has confidence {answer.confidence}, not 0 to 1": not 0 <= answer.confidence <= 1,
    }
    return tuple(rule for rule, broken in rules.items() if broken)
