"""Electronic books: the chapters in reading order and what the package says about the book."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from lxml import etree

from corpus.document import Extract, Part
from corpus.encoding import declared_charset, decode
from corpus.formats.html import iso_date, read_page
from corpus.formats.properties import language, own_title

CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
DUBLIN_CORE = {"dc": "http://purl.org/dc/elements/1.1/"}
NAMED = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)[A-Za-z]\w*;")  # entities of HTML that XML does not know
DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
LOCKED = "META-INF/encryption.xml"
FONTS = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")  # scrambled fonts lock no text


def read_epub(data: bytes) -> Extract:
    """Return the parts and metadata of an EPUB; ValueError where its chapters are locked."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        _refuse_locked(book)
        container = parse(book.read("META-INF/container.xml"))
        package_path = container.find(".//{*}rootfile").get("full-path")
        package = parse(book.read(package_path))
        parts = [p for name in _chapters(package, package_path) for p in _chapter(book, name)]
    return Extract(tuple(parts), _metadata(package))


def parse(data: bytes) -> Any:
    """Return the root of an XML file; entities and addresses in it are not followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise ValueError("it is damaged: a part of it is no XML; open it in its program and save it again")
    return root


def _refuse_locked(book: zipfile.ZipFile) -> None:
    if LOCKED in book.namelist():
        methods = [e.get("Algorithm", "").encode() for e in parse(book.read(LOCKED)).iter("{*}EncryptionMethod")]
        if any(method not in FONTS for method in methods):
            raise ValueError("its chapters are encrypted (DRM); add a copy without it")


def _chapters(package: Any, package_path: str) -> Iterator[str]:
    """Yield the names of the chapters in reading order, the table of contents left out."""
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in CHAPTERS or "nav" in (item.get("properties") or "").split():
            continue
        yield posixpath.normpath(posixpath.join(posixpath.dirname(package_path), unquote(item.get("href", ""))))


def _chapter(book: zipfile.ZipFile, name: str) -> tuple[Part, ...]:
    if name not in book.namelist():
        return ()
    data = book.read(name)
    return read_page(_as_html(decode(data, declared_charset(data)))).parts


def _as_html(text: str) -> str:
    """Return XHTML as HTML: to an HTML parser, `<title/>` or `<a id="x"/>` would never end."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        text_only = NAMED.sub(lambda match: unescape(match[0]), DECLARATION.sub("", text))
        root = etree.fromstring(text_only.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return text
    for node in root.iter("*"):
        node.tag = etree.QName(node).localname
    return str(etree.tostring(root, method="html", encoding="unicode"))


def _metadata(package: Any) -> dict[str, str]:
    def first(name: str) -> str:
        return " ".join((package.findtext(f".//dc:{name}", "", DUBLIN_CORE) or "").split())

    values = {
        "title": own_title(first("title")),
        "publisher": first("publisher") or first("creator"),
        "date": iso_date(first("date")),
        "language": language(first("language")),
    }
    return {name: value for name, value in values.items() if value}
