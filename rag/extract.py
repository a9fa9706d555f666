"""Answer without an LLM: the source sentences that answer, or the word that the documents do not say."""

from collections.abc import Sequence

from index.store import Store
from rag.cite import Answer, Claim, Retrieved, compose
from rag.decline import state_of, why_not
from rag.find import Finding
from rag.question import Question
from rag.retrieve import Hit
from rag.select import choose
from rag.suggest import suggestions

EARLIER = {
    "en": "This is the latest in the documents; they also speak of {}.",
    "zh": "以上是文件中最新的信息；文件还涉及{}年。",
}
COMMA = {"en": ", ", "zh": "、"}
FRAME = "文件原文："  # before English quotes that answer a Chinese question


def extract(store: Store, question: Question, findings: Sequence[Finding]) -> Answer:
    """Return the answer to a question from what was found for each of its parts."""
    answered = [finding for finding in findings if finding.decision.answerable]
    if question.unclear or not answered:
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
        suggestions=suggestions(question, findings, skip={f.ranked[0].hit.passage.section for f in answered}),
        confidence=min(finding.decision.confidence for finding in answered),
        notices=() if any(claim.item for claim in claims) else _earlier(question, answered),
    )


def _declined(question: Question, findings: Sequence[Finding]) -> Answer:
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        language=question.language,
        state=state_of(question, findings),
        answer=why_not(question, findings),
        retrieved=_retrieved(findings, set()),
        suggestions=suggestions(question, findings, skip=set()),
        confidence=max(finding.decision.confidence for finding in findings),
    )


def _earlier(question: Question, answered: Sequence[Finding]) -> tuple[str, ...]:
    """Return the word that there are earlier figures, where there are."""
    years = sorted({year for finding in answered for year in finding.earlier}, reverse=True)
    return (EARLIER[question.language].format(COMMA[question.language].join(years)),) if years else ()


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
