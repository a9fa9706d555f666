import pytest

from corpus.document import Part
from corpus.formats.xml import read_xml


def test_sections_of_an_article_become_headings_and_paragraphs() -> None:
    data = b"""<article><front><article-title>Duck</article-title></front><body><sec><title>Habitat</title>
        <p>Ponds and <italic>rivers</italic>.</p></sec></body></article>"""
    extract = read_xml(data)
    assert extract.parts == (
        Part("heading", "Duck", 1),
        Part("heading", "Habitat", 2),
        Part("paragraph", "Ponds and rivers."),
    )
    assert extract.metadata["title"] == "Duck"


def test_escaped_pages_of_a_feed_are_read_without_their_markup() -> None:
    data = b"<rss><item><description>&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;</description></item></rss>"
    assert [p.text for p in read_xml(data).parts] == ["One two"]


def test_external_entity_is_not_followed() -> None:
    data = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><p>before</p><p>&x;</p></r>'
    assert [p.text for p in read_xml(data).parts] == ["before"]


def test_entity_bomb_does_not_grow() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE r [<!ENTITY e0 "lol">{levels}]><r><p>text</p><p>&e11;</p></r>'.encode()
    assert sum(len(p.text) for p in read_xml(data).parts) < 1_000


def test_bytes_without_any_element_are_refused() -> None:
    with pytest.raises(ValueError, match="no XML"):
        read_xml(b"hello")
