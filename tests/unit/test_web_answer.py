from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Part
from rag.cite import Retrieved
from tests.unit.web_desk import answer_citing, answer_without_sources, document
from web.answer import answer_html, literal, notice_html, question_html

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1))",
    "![x](https://elsewhere.example/x.png)",
    '" onmouseover="alert(1)',
    "</div><h1>**bold** `code` $$x$$ &lt;b&gt; https://elsewhere.example</h1>",
    "# head\n\n- item\n\n<b>x</b>",
)


@dataclass
class Seen(HTMLParser):
    """What a browser would make of the HTML: elements, attributes and text."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str | None]:
        return [value for name, value in self.attributes if name == attribute]


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    parser.close()
    return parser


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_literal_text_is_read_back_as_it_was(text: str) -> None:
    assert seen(literal(text)).text == text


@given(st.text())
def test_literal_text_holds_no_character_that_html_or_markdown_reads(text: str) -> None:
    assert not set("<>\"'`*_[]()!~$\\/:@=|\n") & set(literal(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_question_is_shown_as_text(text: str) -> None:
    page = seen(question_html(text))
    assert set(page.tags) <= {"div", "br"}
    assert page.text == text.replace("\n", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_document_is_shown_as_text(text: str) -> None:
    quote = " ".join(text.split())
    hostile = document(Part("paragraph", quote), id=f"{quote}.md", title=text, publisher=text, date=text)
    page = seen(answer_html(answer_citing(quote, of=hostile)))
    assert not {"script", "img", "h1", "b"} & set(page.tags)
    assert {name for name, _ in page.attributes} <= {
        "class", "lang", "data-state", "href", "target", "rel", "title", "value",
    }  # fmt: skip
    assert all(str(link).startswith("/source/") for link in page.all("href"))
    assert quote in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_html_stays_on_one_line_so_that_no_markdown_begins(text: str) -> None:
    nearest = Retrieved("a.md", "", 0, 4, 0.5, False, title=text)
    assert "\n" not in answer_html(answer_without_sources("not_in_corpus", text, nearest))
    assert "\n" not in question_html(text) + notice_html(text)


def test_mark_opens_the_cited_sentence_and_tells_it_on_hover() -> None:
    about = document(Part("paragraph", "It is young. It sits in Beijing."), id="a b/#1?.md", title="About")
    page = seen(answer_html(answer_citing("It sits in Beijing.", of=about)))
    link = "/source/a%20b/%231%3F.md?start=13&end=32#cited"
    assert page.all("href") == [link, link, link]  # the mark, and below it the source's title and quote
    assert page.all("title") == ["It sits in Beijing. (About)"]
    assert page.text.startswith("It sits in Beijing.\u2060[1]Sources")


def test_each_sentence_keeps_its_own_mark() -> None:
    page = seen(answer_html(answer_citing("It was founded in 2022.", "It has members.")))
    assert page.text.startswith("It was founded in 2022.\u2060[1] It has members.\u2060[2]Sources")
    assert page.all("value") == ["1", "2"]


def test_source_names_title_section_publisher_date_and_page() -> None:
    paged = document(Part("paragraph", "First page.", page=1), Part("paragraph", "Second page.", page=2))
    page = seen(answer_html(answer_citing("Second page.", of=paged)))
    assert page.text.endswith("About the WICHeadquarters · WIC · 2024-05-24 · page 2Second page.")


def test_neighbours_from_one_section_share_its_title() -> None:
    page = seen(answer_html(answer_citing("It was founded in 2022.", "It has members.")))
    assert page.text.count("About the WIC") == 1


def test_state_and_sources_are_in_the_language_of_the_answer() -> None:
    page = seen(answer_html(answer_citing("It has members.", language="zh")))
    assert "来源" in page.text
    assert page.all("lang") == ["zh"]


def test_answer_without_sources_names_the_nearest_topics_once_each_and_cites_nothing() -> None:
    hits = [Retrieved(f"{n}.md", "", 0, 9, 0.5, False, title=f"Topic {n}") for n in (1, 1, 2, 3, 4)]
    page = seen(answer_html(answer_without_sources("not_in_corpus", "The documents do not say.", *hits)))
    assert page.text == "Not in the documentsThe documents do not say.Nearest in the documentsTopic 1Topic 2Topic 3"
    assert "mark" not in page.all("class")


def test_greeting_has_neither_state_nor_sources() -> None:
    hit = Retrieved("1.md", "", 0, 9, 0.5, False, title="Topic")
    assert seen(answer_html(answer_without_sources("greeting", "Hello!", hit))).text == "Hello!"


def test_list_items_become_a_list_between_paragraphs() -> None:
    page = seen(answer_html(answer_without_sources("greeting", "Ask about:\n\n- members\n- summits\n\nThanks.")))
    assert page.tags == ["div", "p", "ul", "li", "li", "p"]
