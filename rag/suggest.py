"""Questions to go on with, which the documents can answer."""

from collections.abc import Sequence

from rag.find import Finding
from rag.question import Question

MOST = 3
TOPIC = {"en": "What is said about “{}”?", "zh": "关于“{}”有哪些内容？"}


def suggestions(question: Question, findings: Sequence[Finding], skip: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return questions about the nearest sections but those to skip, at most one each."""
    topics = dict.fromkeys(
        hit.passage.section[-1] if hit.passage.section else hit.document.title
        for finding in findings
        for hit in finding.hits
        if hit.passage.section not in skip
    )
    return tuple(TOPIC[question.language].format(topic) for topic in list(topics)[:MOST])
