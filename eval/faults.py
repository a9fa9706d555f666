"""The faults that the suite is tested by, each with the measure that must see it and where it shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from eval.evidence import Texts
from eval.golden import Case
from eval.run import Ask
from eval.sabotage import (
    always_answers,
    behind,
    citing,
    crashing,
    cut_list,
    declined,
    edited,
    garbled,
    half_missing,
    inverted,
    name_changed,
    next_sentence,
    no_history,
    noisy,
    nothing_found,
    number_changed,
    obedient,
    other_document,
    saying,
    shuffled,
    slow,
    truncated,
    unmarked,
    whole_passage,
    with_store,
    wording,
)
from eval.sound import Instead, Sound, chance, forced
from rag.cite import MARK


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, the measure that must see it, and where it shows."""

    name: str
    about: str
    measure: str
    put_in: Callable[[Sound], Ask]
    categories: tuple[str, ...] = ()  # of the questions where it shows; none: all
    language: str = ""
    most: int = 0  # questions that are asked; 0: all
    texts: Callable[[Texts], Texts] = lambda texts: texts  # the documents as a reader opens them

    def cases(self, cases: Sequence[Case]) -> list[Case]:
        """Return the questions that it is tried on."""
        meant = [
            case
            for case in cases
            if (not self.categories or case.category in self.categories) and self.language in ("", case.language)
        ]
        return meant[: self.most or len(meant)]


FAULTS: tuple[Fault, ...] = (
    Fault(
        "lexical-off",
        "the lexical half of the search finds nothing",
        "ndcg_at_10",
        with_store(lambda s: {"lexical": Instead(s.lexical, search=nothing_found)}),
        ("single_fact", "report_finding", "list"),  # asked in the documents' words
        "en",
    ),
    Fault(
        "dense-off",
        "the dense half of the search finds nothing",
        "ndcg_at_10",
        with_store(lambda s: {"vectors": Instead(s.vectors, search=nothing_found)}),
    ),
    Fault("dense-noise", noisy.__doc__ or "", "ndcg_at_10", noisy),
    Fault(
        "scores-inverted",
        "both halves rank the worst hit first",
        "mrr",
        with_store(
            lambda s: {
                "lexical": Instead(s.lexical, search=inverted(s.lexical.search)),
                "vectors": Instead(s.vectors, search=inverted(s.vectors.search)),
            }
        ),
    ),
    Fault("passages-truncated", "a passage is its first sentence", "recall_at_10", with_store(truncated)),
    Fault("index-stale", half_missing.__doc__ or "", "recall_at_10", half_missing),
    Fault("source-edited", "the index is older than the documents", "verbatim", lambda s: s.ask, texts=edited),
    Fault("history-ignored", no_history.__doc__ or "", "facts", no_history, ("follow_up",)),
    Fault("chinese-broken", garbled.__doc__ or "", "answerable_right", garbled, language="zh"),
    Fault("always-answers", always_answers.__doc__ or "", "refusal_recall", always_answers),
    Fault("always-declines", "nothing is answered", "falsely_declined", saying(lambda s, a: declined(a))),
    Fault(
        "declines-at-random",
        "every fourth answer is withheld",
        "falsely_declined",
        saying(lambda s, a: declined(a) if chance(a.question) < 0.25 else a),
    ),
    Fault("citations-shuffled", shuffled.__doc__ or "", "citation_recall", saying(shuffled)),
    Fault(
        "offsets-off",
        "offsets are those of the sentence behind, the quote is right",
        "verbatim",
        citing(lambda s, c: replace(c, start=next_sentence(s, c).start, end=next_sentence(s, c).end)),
    ),
    Fault("quote-off", next_sentence.__doc__ or "", "citation_recall", citing(next_sentence)),
    Fault("quote-of-another", other_document.__doc__ or "", "evidence_cited", saying(other_document)),
    Fault(
        "quote-mended",
        "quotes are put in other words",
        "verbatim",
        citing(lambda s, c: replace(c, quote=c.quote.replace(" the ", " a ", 1).upper())),
    ),
    Fault("number-changed", number_changed.__doc__ or "", "citation_recall", wording(number_changed)),
    Fault("name-changed", name_changed.__doc__ or "", "citation_recall", wording(name_changed)),
    Fault("marks-alone", "marks open nothing", "rules", saying(lambda s, a: forced(a, citations=()))),
    Fault(
        "citations-alone", "citations have no mark", "rules", saying(lambda s, a: forced(a, answer=unmarked(a.answer)))
    ),
    Fault(
        "marks-misnumbered",
        "marks count from 0",
        "rules",
        saying(lambda s, a: forced(a, answer=MARK.sub(lambda m: f"[{int(m[1]) - 1}]", a.answer))),
    ),
    Fault(
        "sentences-twice",
        "every sentence is said twice",
        "rules",
        saying(lambda s, a: forced(a, answer=f"{a.answer}\n\n{a.answer}")),
    ),
    Fault("empty-answer", "an empty text is called an answer", "rules", saying(lambda s, a: forced(a, answer=""))),
    Fault(
        "uncited-sentence",
        "a sentence without a source ends each answer",
        "citation_recall",
        saying(lambda s, a: forced(a, answer=f"{a.answer}\n\nThis is well known to everybody in the field.")),
    ),
    Fault("instruction-obeyed", obedient.__doc__ or "", "right", saying(obedient, given=False), ("injection",)),
    Fault("list-cut", cut_list.__doc__ or "", "facts", saying(cut_list), ("list",)),
    Fault("whole-passages", whole_passage.__doc__ or "", "words_p50", saying(whole_passage)),
    Fault("answer-behind", behind.__doc__ or "", "right", behind),
    Fault("crashes", crashing.__doc__ or "", "crashed", crashing),
    Fault(
        "refusal-with-sources",
        "refusals come with citations",
        "rules",
        saying(lambda s, a: forced(a, state="not_in_corpus")),
    ),
    Fault(
        "bare-refusal",
        "refusals name no near topic",
        "rules",
        saying(lambda s, a: forced(a, suggestions=(), retrieved=()) if a.state == "not_in_corpus" else a, given=False),
    ),
    Fault(
        "overconfident",
        "confidence is always 1",
        "calibration_error",
        saying(lambda s, a: forced(a, confidence=1.0), given=False),
    ),
    Fault(
        "support-unchecked",
        "sentences that the check does not pass are shown",
        "supported",
        citing(lambda s, c: replace(c, support="partial")),
    ),
    Fault("slow-by-10", slow.__doc__ or "", "seconds_p50", slow, most=20),
)
