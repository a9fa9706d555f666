"""Answer without an LLM: the fewest source sentences that answer, in reading order, or the word that none does."""

import re
from collections.abc import Sequence

from corpus.split import Sentence
from index.store import Store
from rag.cite import Answer, Claim, Retrieved, Source, compose
from rag.decide import decide
from rag.question import Question
from rag.retrieve import Hit
from rag.score import NUMBER, Candidate, candidates, introduces

MOST_EXTRA = 2  # sentences beside the best one
WITHIN = 0.45  # an extra sentence scores at most this much less than the best one
LONGEST = 450  # characters of an answer in prose
NEAR_ITEM = 0.2  # items that score this close to the best item are shown with it
MOST_SUGGESTIONS = 3
LEANS_BACK = re.compile(r"(?:it|its|they|their|them|he|his|she|her|this|these|those|such|该|其|它|此|这)\b", re.I)

DECLINED = {
    ("not_in_corpus", "en"): "The documents do not say.",
    ("not_in_corpus", "zh"): "文件中没有相关信息。",
    ("out_of_scope", "en"): "That is outside what these documents cover.",
    ("out_of_scope", "zh"): "这超出了这些文件的范围。",
}
TOPIC = {"en": "What do the documents say about {}?", "zh": "文件中关于“{}”有哪些内容？"}
FRAME = {"zh": "文件原文："}


def extract(store: Store, question: Question, vector: Sequence[float], hits: Sequence[Hit]) -> Answer:
    """Return the answer to a question from the passages that were found for it."""
    ranked = candidates(store, question, vector, hits)
    decision = decide(store, question, ranked)
    if not decision.answerable:
        return _declined(question, hits, decision.confidence, decision.related)
    claims = choose(store, question, ranked)
    text, citations = compose(claims)
    cited = {(c.document_id, c.start) for c in citations}
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        language=question.language,
        state="answered",
        answer=_framed(text, question, ranked[0]),
        citations=citations,
        retrieved=tuple(_retrieved(hit, cited) for hit in hits),
        suggestions=_suggestions(question, hits, skip={ranked[0].hit.passage.section}),
        confidence=decision.confidence,
    )


def _declined(question: Question, hits: Sequence[Hit], confidence: float, related: bool) -> Answer:
    state = "not_in_corpus" if related else "out_of_scope"
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        language=question.language,
        state=state,  # type: ignore[arg-type]
        answer=DECLINED[state, question.language],
        retrieved=tuple(_retrieved(hit, set()) for hit in hits),
        suggestions=_suggestions(question, hits, skip=set()),
        confidence=confidence,
    )


def _framed(text: str, question: Question, best: Candidate) -> str:
    """Put words of the question's language before quotes in another one."""
    if question.language in FRAME and best.hit.document.language != question.language:
        return f"{FRAME[question.language]}{text}" if not text.startswith("- ") else text
    return text


def choose(store: Store, question: Question, ranked: Sequence[Candidate]) -> list[Claim]:
    """Return the claims that answer, in reading order."""
    best = ranked[0]
    lead = best.sentence.lead or (best.sentence.start, best.sentence.end)
    if items := store.records.listed(best.hit.document.id, lead):
        return _list_claims(question, ranked, lead, items)
    chosen = [best, *_extras(ranked)]
    place = {c.hit.document.id: number for number, c in reversed(list(enumerate(chosen)))}
    chosen.sort(key=lambda c: (place[c.hit.document.id], c.sentence.start))
    sources = dict.fromkeys((source.document.id, source.start, source.end) for c in chosen for source in _sources(c))
    by_place = {(s.document.id, s.start, s.end): s for c in chosen for s in _sources(c)}
    return [Claim(by_place[key].quote, (by_place[key],)) for key in sources]


def _sources(candidate: Candidate) -> list[Source]:
    """Return the sentence, after the one before it where it leans back on that ("It ...", "They ...")."""
    sentences = candidate.hit.passage.sentences
    position = sentences.index(candidate.sentence)
    first = position
    while first > 0 and LEANS_BACK.match(_source(candidate.hit, sentences[first]).quote) and position - first < 2:
        first -= 1
    return [_source(candidate.hit, sentence) for sentence in sentences[first : position + 1]]


def _source(hit: Hit, sentence: Sentence) -> Source:
    return Source(hit.document, sentence.start, sentence.end, " > ".join(hit.passage.section))


def _list_claims(
    question: Question, ranked: Sequence[Candidate], lead: tuple[int, int], items: Sequence[tuple[str, Sentence]]
) -> list[Claim]:
    """Return the introducing sentence and its items: all of them, or the few that are meant."""
    best = ranked[0]
    section = " > ".join(best.hit.passage.section)
    meant = {(c.sentence.start, c.sentence.end) for c in ranked if c.score >= best.score - NEAR_ITEM}
    document = best.hit.document
    counted = question.kind == "number" and bool(NUMBER.search(document.text[slice(*lead)]))
    all_meant = question.kind == "list" or (best.sentence.lead is None and not counted)
    claims = [Claim(document.text[slice(*lead)], (Source(document, *lead, section),))]
    for _, item in items:
        if all_meant or (item.start, item.end) in meant:
            source = Source(document, item.start, item.end, section)
            claims.append(Claim(source.quote, (source,), item=True))
    return claims


def _extras(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences that answer nearly as well as the best one, as far as the answer stays short."""
    best = ranked[0]
    near = [c for c in ranked[1:10] if c.score >= best.score - WITHIN and c.sentence.kind == "paragraph"]
    extras: list[Candidate] = []
    for candidate in near:
        length = sum(len(c.text) for c in (best, *extras, candidate))
        if (
            length <= LONGEST
            and not introduces(candidate.text)
            and candidate.text not in {c.text for c in (best, *extras)}
        ):
            extras.append(candidate)
    return extras[:MOST_EXTRA]


def _retrieved(hit: Hit, cited: set[tuple[str, int]]) -> Retrieved:
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


def _suggestions(question: Question, hits: Sequence[Hit], skip: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return questions about the nearest sections, at most one each."""
    topics = dict.fromkeys(
        f"{hit.document.title} – {hit.passage.section[-1]}" if hit.passage.section else hit.document.title
        for hit in hits
        if hit.passage.section not in skip
    )
    return tuple(TOPIC[question.language].format(topic) for topic in list(topics)[:MOST_SUGGESTIONS])
