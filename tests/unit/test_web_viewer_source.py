import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Part, Reference
from tests.unit.web_desk import ABOUT, FakeChatbot, FakeStore, document, open_desk
from web.desk import Desk
from web.link import seal
from web.viewer.layout import Span, lines, link_in
from web.viewer.source import view
from web.viewer.span import Moved, span_of
from web.viewer.words import VIEW


def page(shown: Document, start: object = None, end: object = None) -> str:
    desk = open_desk(FakeChatbot(store=FakeStore({shown.id: shown})))
    response = view(desk, shown.id, None if start is None else str(start), None if end is None else str(end))
    assert response.status_code == 200
    return bytes(response.body).decode()


def marked(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)]


def test_cited_sentence_is_marked_where_it_stands() -> None:
    start = ABOUT.text.index("The WIC has")
    html = page(ABOUT, start, start + len("The WIC has its headquarters in Beijing."))
    assert '<p>It was founded in 2022. <mark id="cited">The WIC has its headquarters in Beijing.</mark> It' in html


def test_slice_over_two_items_has_one_anchor() -> None:
    html = page(ABOUT, ABOUT.text.index("Alibaba"), len(ABOUT.text))
    assert marked(html) == ["Alibaba Group", "Tencent"]
    assert html.count('id="cited"') == 1


@given(st.data())
def test_every_slice_is_marked_whole_but_for_what_stands_between_blocks(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(ABOUT.text) - 1))
    end = data.draw(st.integers(start + 1, len(ABOUT.text)))
    pieces = [piece for line in lines(ABOUT, Span(start, end)) for piece in line.pieces]
    shown = "".join(piece.text for piece in pieces if piece.cited)
    expected = "".join(ABOUT.text[max(b.start, start) : min(b.end, end)] for b in ABOUT.blocks if b.start < end)
    assert shown == expected
    assert "".join(piece.text for piece in pieces) == "".join(ABOUT.text[b.start : b.end] for b in ABOUT.blocks)


def test_page_shows_metadata_outline_lists_and_original() -> None:
    html = page(ABOUT)
    start = ABOUT.text.index("Headquarters")
    assert f'<a href="#at-{start}">Headquarters</a>' in html
    assert f'<h2 id="at-{start}">Headquarters</h2>' in html
    assert "<dt>Publisher</dt><dd>WIC</dd>" in html
    assert '<a href="https://example.org/wic" rel="noopener noreferrer"' in html
    assert html.count("<li>") + html.count('<li class="depth-0">') == 2
    assert not marked(html)


def test_page_numbers_and_numbered_items_are_shown() -> None:
    paged = document(
        Part("paragraph", "One.", page=1), Part("item", "First", page=2, mark="1. "), Part("item", "Second", mark="2. ")
    )
    html = page(paged)
    assert re.findall(r'class="page" id="page-\d">(.*?)<', html) == ["Page 1", "Page 2"]
    assert re.findall(r'class="label">(.*?)<', html) == ["1.", "2."]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_hostile_document_is_shown_as_text(text: str) -> None:
    hostile = document(Part("heading", text, 1), Part("paragraph", text), Part("item", text), Part("row", text),
                       title=text, publisher=text, source=text, program=text, language=text)  # fmt: skip
    html = page(hostile, 0, len(hostile.text))
    assert "<script" not in html
    assert "<img" not in html
    assert marked(html) == [text] * 4


@pytest.mark.parametrize("source", ["javascript:alert(1)", "data:text/html,x", "Title, file:///etc/passwd"])
def test_only_web_addresses_become_links(source: str) -> None:
    assert link_in(source) == (source, "")


@pytest.mark.parametrize(
    ("start", "end"),
    [("x", "9"), ("1", None), (None, "9"), ("9", "9"), ("-1", "9"), ("0", "99999"), ("", ""), ("1" * 5000, "9")],
)
def test_wrong_place_is_refused_with_the_length(start: str | None, end: str | None) -> None:
    with pytest.raises(ValueError, match=str(len(ABOUT.text))):
        span_of(ABOUT, start, end)


def test_wrong_place_offers_the_whole_document() -> None:
    response = view(open_desk(), ABOUT.id, "5", "2")
    assert response.status_code == 400
    assert '<a href="/source/wic/organization.md">' in bytes(response.body).decode()


def test_unknown_document_is_named_and_escaped() -> None:
    response = view(open_desk(), "<b>x</b>.md", None, None)
    assert response.status_code == 404
    assert "<b>" not in bytes(response.body).decode()


def test_viewer_before_the_desk_is_ready_looks_again_by_itself() -> None:
    response = view(Desk(FakeChatbot), ABOUT.id, None, None)
    assert response.status_code == 503
    assert 'http-equiv="refresh"' in bytes(response.body).decode()


def test_viewer_runs_no_script_and_loads_nothing_from_elsewhere() -> None:
    response = view(open_desk(), ABOUT.id, None, None)
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "<script" not in bytes(response.body).decode()


def test_cited_sentence_is_found_where_it_has_moved_to() -> None:
    moved = document(Part("paragraph", "Something new. It was founded in 2022. It has members."))
    start = ABOUT.text.index("It has members.")
    span = span_of(moved, str(start), str(start + 15), seal("It has members."))
    assert span is not None
    assert moved.text[span.start : span.end] == "It has members."


def test_cited_sentence_that_is_gone_is_not_replaced_by_another() -> None:
    with pytest.raises(Moved, match="no longer in this document"):
        span_of(ABOUT, "0", "15", seal("It had members."))
    desk = open_desk()
    html = bytes(view(desk, ABOUT.id, "0", "15", seal("It had members.")).body).decode()
    assert "The document has changed since this link was made" in html
    assert not marked(html)


def test_pages_references_event_and_edition_are_shown() -> None:
    paged = replace(
        document(Part("paragraph", "One.", page=1), Part("paragraph", "Two.", page=2)),
        event_date="2025-11-07/2025-11-09", edition="2025",
        references=(
            Reference("Opening", "Xinhua", "2025-11-07", "https://example.org/a"),
            Reference("x", url="javascript:alert(1)"),
        ),
    )  # fmt: skip
    html = page(paged)
    assert '<a href="#page-2" aria-label="Page 2">2</a>' in html
    assert "<dd>2025-11-07 – 2025-11-09</dd>" in html
    assert '<a href="https://example.org/a" rel="noopener noreferrer" target="_blank">Opening</a>' in html
    assert 'href="javascript' not in html


def test_document_can_be_asked_about_and_downloaded() -> None:
    html = page(ABOUT)
    assert '<a href="/?document=wic%2Forganization.md" target="_top">Ask about this document</a>' in html
    assert '<a href="/original/wic/organization.md" download>' in html


def test_viewer_speaks_the_readers_language() -> None:
    html = bytes(view(open_desk(), ABOUT.id, None, None, language="zh").body).decode()
    assert "<dt>发布者</dt><dd>WIC</dd>" in html
    assert '<html lang="zh">' in html
    assert VIEW["en"].keys() == VIEW["zh"].keys()
