"""Measures of an answer against its golden case: small pure functions."""

from dataclasses import dataclass

from eval.golden import Case, holds
from rag.cite import MARK, Answer

CONCISE = 120  # words
CONCISE_LONG = 200  # words, where the answer is a list or comes from several places
LONG = frozenset({"list", "several_documents", "several_facts", "comparison"})
DECLINED = frozenset({"not_in_corpus", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, and why not."""

    right: bool
    reason: str  # "" if right


def judge(answer: Answer, case: Case) -> Verdict:
    """Return the verdict: every fact, nothing forbidden, concise; or declined, where the documents do not say."""
    forbidden = [text for text in case.forbidden if holds(answer.answer, text)]
    if forbidden:
        return Verdict(False, f"says {forbidden[0]!r}")
    if not case.answerable:
        declined = answer.state in DECLINED and not answer.citations
        return Verdict(declined, "" if declined else f"answers ({answer.state}) what the documents do not say")
    if answer.state in DECLINED:
        return Verdict(False, f"declines ({answer.state}) what the documents say")
    missing = [group for group in case.facts if not any(holds(answer.answer, alternative) for alternative in group)]
    if missing:
        return Verdict(False, f"lacks {missing[0][0]!r}")
    limit = CONCISE_LONG if case.category in LONG else CONCISE
    if words(answer) > limit:
        return Verdict(False, f"has {words(answer)} words, more than {limit}")
    return Verdict(True, "")


def words(answer: Answer) -> int:
    """Return the number of words of the answer without its marks; a Han character counts as half a word."""
    text = MARK.sub("", answer.answer)
    han = sum("一" <= character <= "鿿" for character in text)
    return len([word for word in text.split() if word.strip("-–•")]) + han // 2


def evidence_recall(answer: Answer, case: Case) -> float | None:
    """Return the share of the evidence that the citations hold; None without evidence."""
    if not case.evidence:
        return None
    cited = [(c.document_id, c.quote) for c in answer.citations]
    found = [
        any(e.document == id and (holds(q, e.quote) or holds(e.quote, q)) for id, q in cited) for e in case.evidence
    ]
    return sum(found) / len(found)
