"""Whether the citations of an answer show what it says: citation recall and precision.

Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations" (ALCE), section 3:

    recall     share of the statements that their citations, taken together, show; one without citations is not shown
    precision  share of the citations that are needed or enough: the statement is shown, and either this citation
               alone shows it, or the others without it do not

Showing is the product's own test of support (rag.cite.support_of) instead of ALCE's entailment model.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from corpus.document import Document
from corpus.sentences import sentence_spans
from rag.cite import MARK, Answer, Claim, Source, support_of
from rag.extract import FRAME

Shows = Callable[[Sequence[str], str], bool]  # quotes, statement -> whether the quotes together show it

SEGMENT = re.compile(r"(?P<text>.*?)(?P<marks>(?:\s*\[\d+\])+)|(?P<rest>.+)", re.DOTALL)
BULLET = re.compile(r"^\s*(?:[-–•*]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer, with the numbers of the marks that stand behind it."""

    text: str
    marks: tuple[int, ...]
    shown: bool = False  # by its citations together
    precise: tuple[bool, ...] = ()  # one for each mark


def statements_of(text: str) -> list[Statement]:
    """Return the sentences of an answer; those before a mark on the same line share it."""
    found = []
    for line in text.removeprefix(FRAME).splitlines():
        for segment in SEGMENT.finditer(BULLET.sub("", line)):
            marks = tuple(int(number) for number in MARK.findall(segment["marks"] or ""))
            part = segment["text"] or segment["rest"] or ""
            found += [Statement(part[start:end], marks) for start, end in sentence_spans(part)]
    return [statement for statement in found if re.search(r"\w", statement.text)]


def check(answer: Answer, shows: Shows | None = None) -> tuple[Statement, ...]:
    """Return the statements of an answer, each with whether its citations show it."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return tuple(_checked(statement, quotes, shows or supports) for statement in statements_of(answer.answer))


def _checked(statement: Statement, quotes: dict[int, str], shows: Shows) -> Statement:
    def shown(marks: Sequence[int]) -> bool:
        cited = [quotes[mark] for mark in marks if mark in quotes]
        return bool(cited) and shows(cited, statement.text)

    together = shown(statement.marks)
    others = [[m for m in statement.marks if m != mark] for mark in statement.marks]
    precise = (
        together and (shown([mark]) or not shown(rest)) for mark, rest in zip(statement.marks, others, strict=True)
    )
    return Statement(statement.text, statement.marks, together, tuple(precise))


def supports(quotes: Sequence[str], statement: str) -> bool:
    """Return whether the product holds the statement to be supported by these quotes."""
    return support_of(Claim(statement, tuple(map(_source, quotes)))) == "supported"


def _source(quote: str) -> Source:
    blank = partial(Document, title="", publisher="", date="", kind="", language="", program="", source="")
    return Source(blank(id="quote", text=quote, blocks=()), 0, len(quote), "")


def citation_recall(statements: Sequence[Statement]) -> float | None:
    """Return the share of the statements that their citations show, 0..1; None without statements."""
    return sum(s.shown for s in statements) / len(statements) if statements else None


def citation_precision(statements: Sequence[Statement]) -> float | None:
    """Return the share of the citations that are needed or enough, 0..1; None without citations."""
    judged = [precise for statement in statements for precise in statement.precise]
    return sum(judged) / len(judged) if judged else None
