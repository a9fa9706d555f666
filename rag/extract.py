"""Answer without an LLM: the source sentences that answer, or the word that the documents do not say."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.store import Store
from rag.cite import Answer, Claim, Retrieved, State, compose
from rag.decide import Decision, decide
from rag.question import Question
from rag.reader import Reader
from rag.retrieve import Hit, retrieve
from rag.scope import EVERYWHERE, Scope
from rag.score import Candidate, candidates
from rag.select import choose

MOST_SUGGESTIONS = 3
DECLINED: dict[tuple[State, str], str] = {
    ("not_in_corpus", "en"): "The documents do not say.",
    ("not_in_corpus", "zh"): "文件中没有相关信息。",
    ("out_of_scope", "en"): "That is outside what these documents cover.",
    ("out_of_scope", "zh"): "这超出了这些文件的范围。",
}
TOPIC = {"en": "What is said about “{}”?", "zh": "关于“{}”有哪些内容？"}
FRAME = "文件原文："  # before English quotes that answer a Chinese question


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a question, or for one part of it."""

    question: Question
    hits: Sequence[Hit]
    ranked: Sequence[Candidate]  # best first
    decision: Decision


def find(
    store: Store, question: Question, vector: Sequence[float], reader: Reader | None, scope: Scope = EVERYWHERE
) -> Finding:
    """Return what the scope holds on a question; `vector` is the embedding of its query."""
    hits = retrieve(store, question, vector, scope=scope)
    ranked = candidates(store, question, vector, hits)
    return Finding(question, hits, ranked, decide(store, question, ranked, reader))


def extract(store: Store, question: Question, findings: Sequence[Finding]) -> Answer:
    """Return the answer to a question from what was found for each of its parts."""
    answered = [finding for finding in findings if finding.decision.answerable]
    if not answered:
        return _declined(question, findings)
    several = len(findings) > 1
    claims = [c for f in answered for c in choose(store, f.question, f.ranked, part=several)]
    text, citations = compose(_unique(claims))
    cited = {(c.document_id, c.start) for c in citations}
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        language=question.language,
        state="answered" if len(answered) == len(findings) else "partial",
        answer=f"{FRAME}{text}" if _needs_frame(question, answered) else text,
        citations=citations,
        retrieved=_retrieved(findings, cited),
        suggestions=_suggestions(question, findings, skip={f.ranked[0].hit.passage.section for f in answered}),
        confidence=min(finding.decision.confidence for finding in answered),
    )


def _declined(question: Question, findings: Sequence[Finding]) -> Answer:
    state: State = "not_in_corpus" if any(f.decision.related for f in findings) else "out_of_scope"
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        language=question.language,
        state=state,
        answer=DECLINED[state, question.language],
        retrieved=_retrieved(findings, set()),
        suggestions=_suggestions(question, findings, skip=set()),
        confidence=max(finding.decision.confidence for finding in findings),
    )


def _needs_frame(question: Question, answered: Sequence[Finding]) -> bool:
    return question.language == "zh" and answered[0].ranked[0].hit.document.language != "zh"


def _unique(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims without those that an earlier one makes from the same source."""
    return list(
        {(claim.text, claim.sources[0].document.id, claim.sources[0].start): claim for claim in claims}.values()
    )


def _retrieved(findings: Sequence[Finding], cited: set[tuple[str, int]]) -> tuple[Retrieved, ...]:
    """Return the passages found for all parts, each once, best first within its part."""
    hits = {hit.passage.id: hit for finding in findings for hit in finding.hits}
    return tuple(_as_retrieved(hit, cited) for hit in hits.values())


def _as_retrieved(hit: Hit, cited: set[tuple[str, int]]) -> Retrieved:
    passage = hit.passage
    return Retrieved(
        document_id=passage.document_id,
        section=" > ".join(passage.section),
        start=passage.start,
        end=passage.end,
        score=round(hit.score, 4),
        cited=any(id == passage.document_id and passage.start <= start < passage.end for id, start in cited),
        title=hit.document.title,
        dense_rank=hit.dense_rank,
        lexical_rank=hit.lexical_rank,
    )


def _suggestions(question: Question, findings: Sequence[Finding], skip: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return questions about the nearest sections, at most one each."""
    topics = dict.fromkeys(
        hit.passage.section[-1] if hit.passage.section else hit.document.title
        for finding in findings
        for hit in finding.hits
        if hit.passage.section not in skip
    )
    return tuple(TOPIC[question.language].format(topic) for topic in list(topics)[:MOST_SUGGESTIONS])
