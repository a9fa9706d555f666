import io
import zipfile

import pytest

from corpus.formats.epub import read_epub

CONTAINER = '<container><rootfiles><rootfile full-path="O/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Jointly</dc:title><dc:publisher>WIC</dc:publisher><dc:date>2024-11-20</dc:date><dc:language>en-GB</dc:language>
</metadata><manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="t%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""


def book(**extra: str) -> bytes:
    target = io.BytesIO()
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("O/book.opf", PACKAGE)
        archive.writestr("O/nav.xhtml", page.format("<p>Contents</p>"))
        archive.writestr("O/a.xhtml", page.format('<h1><a id="x"/>One</h1><p>First.</p>'))
        archive.writestr("O/t b.xhtml", page.format("<p>Second.</p>"))
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def test_chapters_are_read_in_the_order_of_the_spine_without_the_contents() -> None:
    parts = read_epub(book()).parts
    assert [(p.kind, p.text) for p in parts] == [("heading", "One"), ("paragraph", "First."), ("paragraph", "Second.")]


def test_metadata_comes_from_the_package() -> None:
    expected = {"title": "Jointly", "publisher": "WIC", "date": "2024-11-20", "language": "en"}
    assert dict(read_epub(book()).metadata) == expected


def test_locked_book_is_refused_with_the_remedy() -> None:
    lock = '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
    with pytest.raises(ValueError, match=r"DRM.*copy without"):
        read_epub(book(**{"META-INF__encryption.xml": lock}))


def test_scrambled_fonts_lock_no_text() -> None:
    lock = '<encryption><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></encryption>'
    assert len(read_epub(book(**{"META-INF__encryption.xml": lock})).parts) == 3
