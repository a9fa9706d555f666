from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Part
from rag.cite import Retrieved
from tests.unit.web_desk import answer_citing, answer_without_sources, document
from web.chat.answer import answer_html, notice_html, question_html
from web.chat.literal import literal
from web.link import seal

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
    page = seen(question_html(text, "Edit"))
    assert set(page.tags) <= {"div", "br", "button"}
    assert page.text == text.replace("\n", "") + "Edit"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_document_is_shown_as_text(text: str) -> None:
    quote = " ".join(text.split())
    hostile = document(Part("paragraph", quote), id=f"{quote}.md", title=text, publisher=text, date=text)
    page = seen(answer_html(answer_citing(quote, of=hostile)))
    assert not {"script", "img", "h1", "b"} & set(page.tags)
    assert {name for name, _ in page.attributes} <= {
        "class", "lang", "href", "target", "rel", "type", "value",
    }  # fmt: skip
    assert all(str(link).startswith("/source/") for link in page.all("href"))
    assert quote in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_html_stays_on_one_line_so_that_no_markdown_begins(text: str) -> None:
    nearest = Retrieved("a.md", "", 0, 4, 0.5, False, title=text)
    assert "\n" not in answer_html(answer_without_sources("not_in_corpus", text, nearest))
    assert "\n" not in question_html(text, "Edit") + notice_html(text, "Ask again")


def test_mark_opens_the_cited_sentence_wherever_it_moves() -> None:
    about = document(Part("paragraph", "It is young. It sits in Beijing."), id="a b/#1?.md", title="About")
    page = seen(answer_html(answer_citing("It sits in Beijing.", of=about)))
    link = f"/source/a%20b/%231%3F.md?start=13&end=32&seal={seal('It sits in Beijing.')}#cited"
    assert page.all("href") == [link, link, link]  # the mark, and below it the source's title and quote
    assert page.text.startswith("AnsweredIt sits in Beijing.\u2060[1]Sources")


def test_each_sentence_keeps_its_own_mark() -> None:
    page = seen(answer_html(answer_citing("It was founded in 2022.", "It has members.")))
    assert page.text.startswith("AnsweredIt was founded in 2022.\u2060[1] It has members.\u2060[2]Sources")
    assert page.all("value") == ["1", "2"]


def test_source_names_title_section_publisher_date_and_page() -> None:
    paged = document(Part("paragraph", "First page.", page=1), Part("paragraph", "Second page.", page=2))
    page = seen(answer_html(answer_citing("Second page.", of=paged)))
    assert "SourcesAbout the WICHeadquarters · WIC · 2024-05-24 · page 2Second page." in page.text


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
    assert page.text.startswith(
        "Not in the documentsThe documents do not say.Nearest in the documentsTopic 1Topic 2Topic 3Copy"
    )
    assert "mark" not in page.all("class")


def test_greeting_has_neither_state_nor_sources() -> None:
    hit = Retrieved("1.md", "", 0, 9, 0.5, False, title="Topic")
    assert seen(answer_html(answer_without_sources("greeting", "Hello!", hit))).text == "Hello!"


def test_list_items_become_a_list_between_paragraphs() -> None:
    page = seen(answer_html(answer_without_sources("greeting", "Ask about:\n\n- members\n- summits\n\nThanks.")))
    assert page.tags == ["div", "div", "p", "ul", "li", "li", "p"]


def test_passages_that_were_only_found_are_kept_apart_from_the_sources() -> None:
    hits = [
        Retrieved("a.md", "", 0, 9, 0.9, True, title="Used"),
        Retrieved("b.md", "", 0, 9, 0.5, False, title="Unused"),
    ]
    page = seen(answer_html(replace(answer_citing("It has members."), retrieved=tuple(hits))))
    sources, found = page.text.split("Also found, not used (1)")
    assert "Unused" not in sources
    assert found.startswith("Unused")


def test_details_tell_the_question_as_searched_ranks_scores_confidence_timings_and_corpus_version() -> None:
    hits = (Retrieved("a.md", "S", 0, 9, 0.75, True, title="T", dense_rank=2), Retrieved("b.md", "", 0, 9, 0.5, False))
    answer = replace(
        answer_citing("It has members."), standalone_question="Who has members?", retrieved=hits, confidence=0.87,
        corpus_version="c0ffee", model="e5", seconds=0.05, timings={"retrieve": 0.01},
    )  # fmt: skip
    details = seen(answer_html(answer)).text.split("Details")[1]
    for told in ("Searched asWho has members?", "87%", "extractive · e5", "c0ffee", "0.05 s (retrieve 0.01 s)"):
        assert told in details
    assert "T > S2–0.750✓" in details
    assert "b.md––0.500" in details


def test_an_answer_that_grows_says_so_and_offers_nothing_yet() -> None:
    answer = replace(answer_citing("It has members."), suggestions=("Who?",))
    growing, whole = (seen(answer_html(answer, growing=growing)).text for growing in (True, False))
    assert growing.startswith("Writing …")
    for offered in ("Answered", "Ask next", "Copy", "Details"):
        assert offered in whole
        assert offered not in growing
    declined = answer_without_sources("not_in_corpus", "The documents do not say.")
    assert seen(answer_html(declined, growing=True)).text.startswith("Not in the documents")


def test_every_suggestion_is_a_button() -> None:
    page = answer_html(answer_without_sources("not_in_corpus", "No.", suggestions=["Who?", "<b>?"]))
    assert page.count('<button type="button" class="suggestion">') == 2
    assert "&#60;b&#62;" in page
