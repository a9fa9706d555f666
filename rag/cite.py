"""Answers and their citations: what a question gets back, and the rules that hold for every one of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal

from corpus.document import Document
from rag.scope import EVERYWHERE, Scope
from rag.wording import same_words

State = Literal["answered", "partial", "not_in_corpus", "out_of_scope", "greeting", "error"]
ANSWERED: frozenset[State] = frozenset({"answered", "partial"})  # the states that come with citations
Support = Literal["supported", "partial", "unsupported"]

MARK = re.compile(r"\[(\d+)\]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact source text behind a mark: `document.text[start:end] == quote`."""

    number: int  # 1.., by first appearance in the answer
    document_id: str
    title: str
    publisher: str
    date: str
    section: str
    page: int | None
    source: str
    quote: str
    start: int
    end: int
    support: Support


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that the search found, cited or not."""

    document_id: str
    section: str
    start: int
    end: int
    score: float  # fused; comparable within one answer
    cited: bool
    title: str = ""
    dense_rank: int | None = None  # 1-based; None: not among the nearest
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets: text with marks, the citations they open, and how it came about."""

    question: str
    standalone_question: str
    language: str
    state: State
    answer: str
    citations: tuple[Citation, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    suggestions: tuple[str, ...] = ()
    confidence: float = 0.0  # probability 0..1 that the documents answer the question
    mode: Literal["extractive", "generative"] = "extractive"
    model: str = ""
    corpus_version: str = ""
    seconds: float = 0.0
    timings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # step -> seconds
    notices: tuple[str, ...] = ()  # what the reader should know about how it came about, in the answer's language
    scope: Scope = EVERYWHERE  # the documents it was asked of
    draft: str = ""  # the sentence that is being written and not yet proved; empty in a complete answer
    tokens: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))  # of the LLM's prompt, completion

    def __post_init__(self) -> None:
        """Refuse an answer that breaks a rule of citing; ValueError says which."""
        marks = [int(number) for number in MARK.findall(self.answer)]
        numbers = [citation.number for citation in self.citations]
        if list(dict.fromkeys(marks)) != numbers or numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"marks {marks} do not match citations {numbers}: each must open one, 1..n by appearance")
        if self.citations and self.state not in ANSWERED:
            raise ValueError(f"an answer in state {self.state!r} has no citations, not {len(self.citations)}")
        if self.state in ANSWERED and not self.citations and not self.draft:
            raise ValueError(f"an answer in state {self.state!r} needs a citation")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the command line, the API and the evaluation."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return values | {
            "citations": [asdict(citation) for citation in self.citations],
            "retrieved": [asdict(hit) for hit in self.retrieved],
            "suggestions": list(self.suggestions),
            "timings": dict(self.timings),
            "tokens": dict(self.tokens),
            "notices": list(self.notices),
            "scope": {name: list(wanted) for name, wanted in asdict(self.scope).items()},
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of an answer with the source slices that support it, before it has marks."""

    text: str
    sources: tuple["Source", ...]
    item: bool = False  # a list item: on its own line


@dataclass(frozen=True, slots=True)
class Source:
    """A slice of a document that a claim rests on."""

    document: Document
    start: int
    end: int
    section: str

    @property
    def quote(self) -> str:
        """The exact source text."""
        return self.document.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int, int]:
        """Document id, start and end: what makes it the same source as another one."""
        return self.document.id, self.start, self.end


def compose(claims: Sequence[Claim]) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer text with a mark behind each claim, and the citations 1..n by first appearance.

    A claim whose numbers do not stand in its sources is left out: it is no fact of the documents.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    lines: list[str] = []
    for claim in claims:
        support = support_of(claim)
        if support == "unsupported":
            continue
        marks = ""
        for source in claim.sources:
            key = (source.document.id, source.start, source.end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(_citation(numbers[key], source, support))
            marks += f"[{numbers[key]}]"
        lines.append(f"{'- ' if claim.item else ''}{MARK.sub('', claim.text).strip()} {marks}")
    return _join(lines), tuple(citations)


def _join(lines: Sequence[str]) -> str:
    text = ""
    for line in lines:
        listed = line.startswith("- ")
        if text:
            after_list = text.rsplit("\n", 1)[-1].startswith("- ")
            text += ("\n" if after_list else "\n\n") if listed else ("\n\n" if after_list else " ")
        text += line
    return text


def _citation(number: int, source: Source, support: Support) -> Citation:
    document = source.document
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        section=source.section,
        page=document.page_at(source.start),
        source=document.source,
        quote=source.quote,
        start=source.start,
        end=source.end,
        support=support,
    )


def support_of(claim: Claim) -> Support:
    """Return whether the sources show the claim: word for word, by most of its words, or not.

    A number or a name of the claim that no source has makes it unsupported.
    """
    quotes = " ".join(source.quote for source in claim.sources)
    if any(_plain(claim.text) in _plain(source.quote) for source in claim.sources):
        return "supported"
    if set(NUMBER.findall(claim.text)) - set(NUMBER.findall(quotes)) or _names(claim.text) - _names(quotes):
        return "unsupported"
    words = set(_plain(same_words(claim.text)).split())
    shared = len(words & set(_plain(same_words(quotes)).split())) / max(1, len(words))
    return "supported" if shared >= 0.8 else "partial" if shared >= 0.5 else "unsupported"


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence, and initialisms."""
    return {name.lower() for name in re.findall(r"(?<=[^.!?:\n] )[A-Z][\w-]+|\b[A-Z]{2,}\b", text)}


def answer_from(values: Mapping[str, Any]) -> Answer:
    """Return the Answer of its JSON form."""
    return Answer(
        **{
            **values,
            "citations": tuple(Citation(**c) for c in values["citations"]),
            "retrieved": tuple(Retrieved(**r) for r in values["retrieved"]),
            "suggestions": tuple(values["suggestions"]),
            "notices": tuple(values.get("notices", ())),
            "scope": Scope(**{name: tuple(wanted) for name, wanted in values.get("scope", {}).items()}),
        }
    )
