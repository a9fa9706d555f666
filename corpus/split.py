"""Document -> Passages and their Sentences, by structure; every one is a slice of the document's text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import Block, BlockKind, Document
from corpus.sentences import sentence_spans

LONGEST_PASSAGE = 900  # characters; about 200 tokens, so that title, section and passage fit the model's window
LONGEST_ITEM = 400  # characters; a longer list item is split into its sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """The slice `text[start:end]` of a document: a sentence, a list item or a table row."""

    document_id: str
    start: int
    end: int
    kind: BlockKind
    lead: tuple[int, int] | None = None  # span of the sentence that introduces the list or table


@dataclass(frozen=True, slots=True)
class Passage:
    """Some consecutive blocks of one section: the unit that is searched."""

    document_id: str
    start: int
    end: int
    section: tuple[str, ...]  # headings above it, outermost first, without the document's title
    page: int | None
    sentences: tuple[Sentence, ...]

    @property
    def id(self) -> str:
        """Unique within an index."""
        return f"{self.document_id}:{self.start}-{self.end}"


def split(document: Document) -> list[Passage]:
    """Return the passages of a document in reading order; none spans two sections."""
    return [
        _passage(document, section, group)
        for section, blocks in _sections(document)
        for group in _pack(_with_leads(document, blocks))
    ]


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    path: list[tuple[int, str]] = []
    body: list[Block] = []
    for block in document.blocks:
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield _names(document, path), body
        title = document.text[block.start : block.end]
        path = [(level, name) for level, name in path if level < block.level] + [(block.level, title)]
        body = []
    if body:
        yield _names(document, path), body


def _names(document: Document, path: list[tuple[int, str]]) -> tuple[str, ...]:
    names = tuple(name for _, name in path)
    return names[1:] if names and names[0] == document.title else names


def _with_leads(document: Document, blocks: Iterable[Block]) -> Iterator[list[Sentence]]:
    """Yield each block's sentences; list items and rows know the sentence that introduces them."""
    lead: tuple[int, int] | None = None
    for block in blocks:
        text = document.text[block.start : block.end]
        whole = block.kind == "row" or (block.kind == "item" and len(text) <= LONGEST_ITEM)
        spans = [(0, len(text))] if whole else sentence_spans(text)
        shifted = [(block.start + start, block.start + end) for start, end in spans]
        if block.kind == "paragraph":
            lead = shifted[-1] if text.rstrip().endswith((":", "：")) else None
        yield [
            Sentence(document.id, start, end, block.kind, lead if block.kind != "paragraph" else None)
            for start, end in shifted
        ]


def _pack(blocks: Iterable[list[Sentence]]) -> Iterator[list[Sentence]]:
    """Join blocks up to the longest passage; a block that is longer alone is cut between sentences."""
    group: list[Sentence] = []
    for block in blocks:
        if group and block[-1].end - group[0].start > LONGEST_PASSAGE:
            yield group
            group = []
        for sentence in block:
            if group and sentence.end - group[0].start > LONGEST_PASSAGE:
                yield group
                group = []
            group.append(sentence)
    if group:
        yield group


def _passage(document: Document, section: tuple[str, ...], sentences: list[Sentence]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    return Passage(document.id, start, end, section, document.page_at(start), tuple(sentences))
