"""A conversation to take along: its questions and answers, and one numbered list of all their sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.cite import MARK, Answer, Citation
from web.chat.conversation import Conversation
from web.words import WORDS, Language


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer; the marks count through the whole conversation."""

    question: str
    state: str
    text: str  # paragraphs and "- " items, with marks


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an exported file holds."""

    title: str
    exported: str  # ISO 8601 date
    entries: tuple[Entry, ...]
    sources: tuple[Citation, ...]  # source number n stands at n - 1


def transcript(title: str, exported: str, conversation: Conversation, language: Language) -> Transcript:
    """Return the conversation with sources numbered 1..n by first appearance; the same sentence keeps its number."""
    numbers: dict[tuple[str, int, int, str], int] = {}
    sources: list[Citation] = []
    entries = []
    for exchange in conversation:
        answer = exchange.answer
        if answer is None:
            entries.append(Entry(exchange.question, "", exchange.notice))
            continue
        for citation in answer.citations:
            key = (citation.document_id, citation.start, citation.end, citation.quote)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                sources.append(citation)
        entries.append(_entry(exchange.question, answer, numbers, language))
    return Transcript(title, exported, tuple(entries), tuple(sources))


def _entry(question: str, answer: Answer, numbers: dict[tuple[str, int, int, str], int], language: Language) -> Entry:
    now = {
        c.number: numbers[c.document_id, c.start, c.end, c.quote] for c in answer.citations
    }  # number in the answer -> number in the file
    text = MARK.sub(lambda match: f"[{now[int(match[1])]}]" if int(match[1]) in now else match[0], answer.answer)
    return Entry(question, WORDS[language].states.get(answer.state, ""), text)


def blocks(text: str) -> list[tuple[bool, str]]:
    """Return the lines of an answer as (whether it is a list item, text)."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [(line.startswith("- "), line.removeprefix("- ")) for line in lines]


def facts_of(citation: Citation, page: str) -> str:
    """Return where a source stands: section, publisher, date and page; `page` is the word for it, as "page {}"."""
    facts: Sequence[str] = (
        citation.section, citation.publisher, citation.date, page.format(citation.page) if citation.page else "",
    )  # fmt: skip
    return ", ".join(filter(None, facts))
