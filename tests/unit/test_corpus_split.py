"""Passages and sentences are slices, in order, and none spans two sections."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Part, lay_out
from corpus.read import read
from corpus.split import LONGEST_PASSAGE, split

BRIEFS = sorted((Path(__file__).resolve().parent.parent.parent / "corpus" / "documents").glob("*.md"))


def document(*parts: Part) -> Document:
    layout = lay_out(parts)
    return Document("d.md", "Title", "", "", "", "en", "", "d.md", layout.text, layout.blocks)


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_every_word_of_a_brief_stands_in_one_passage(path: Path) -> None:
    brief = read(path, path.name)
    passages = split(brief)
    headings = " ".join(heading.title for heading in brief.outline)
    words = sum(len(brief.text[s.start : s.end].split()) for p in passages for s in p.sentences)
    marks = sum(block.kind == "item" for block in brief.blocks)
    assert words + len(headings.split()) + marks == len(brief.text.split())


@given(st.lists(st.text(alphabet="ab. ", min_size=1, max_size=400), max_size=8))
def test_sentences_of_passages_are_in_order_and_do_not_overlap(texts: list[str]) -> None:
    passages = split(document(*(Part("paragraph", text) for text in texts)))
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    assert all(a.end <= b.start for a, b in pairwise(sentences))


def test_a_passage_knows_its_headings_without_the_title() -> None:
    passages = split(
        document(
            Part("heading", "Title", 1),
            Part("heading", "A", 2),
            Part("paragraph", "One."),
            Part("heading", "B", 2),
            Part("paragraph", "Two."),
        )
    )
    assert [passage.section for passage in passages] == [("A",), ("B",)]


def test_an_item_knows_the_sentence_that_introduces_it() -> None:
    d = document(Part("paragraph", "Some came. Two spoke:"), Part("item", "Li"), Part("item", "Wu"))
    (passage,) = split(d)
    assert [s.lead and d.text[slice(*s.lead)] for s in passage.sentences] == [None, None, "Two spoke:", "Two spoke:"]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    d = document(Part("paragraph", "A sentence of words. " * 100))
    assert all(p.end - p.start <= LONGEST_PASSAGE for p in split(d))
