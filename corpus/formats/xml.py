"""XML without a format of its own here: scholarly articles, feeds, exports. Every element with text is a paragraph."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.document import Extract, Part
from corpus.encoding import declared_charset, decode
from corpus.formats.html import read_page
from corpus.formats.table import table_parts

DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
HEADINGS = {"title", "article-title", "heading", "head"}
INLINE = {  # of JATS, DocBook, TEI and feeds: what stands within a sentence
    *("a", "b", "bold", "i", "italic", "em", "emphasis", "strong", "sub", "sup", "underline", "monospace", "sc"),
    *("xref", "ext-link", "named-content", "styled-content", "span", "br", "break", "hi", "inline-formula", "email"),
}
LINES = {"contrib", "aff", "ref", "disp-formula", "author"}  # whose elements are pieces of one line
LEFT_OUT = {
    *("script", "style", "journal-meta", "article-id", "permissions", "tex-math", "contrib-id", "institution-id"),
    *("pub-date", "history", "article-categories", "elocation-id", "volume", "issue", "fpage", "lpage", "counts"),
}


def read_xml(data: bytes) -> Extract:
    """Return the parts of an XML file; external entities and addresses in it are not followed."""
    text = decode(data, declared_charset(data))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(DECLARATION.sub("", text.lstrip("\ufeff")).encode("utf-8", "replace"), parser)
    if root is None:
        raise ValueError("it is no XML; open it in its program and save it again")
    if _name(root) == "html":
        return read_page(text)
    title = next((t for e in root.iter("{*}title", "{*}article-title") if (t := _text(e))), "")
    return Extract(tuple(_parts(root, 0)), {"title": title} if title else {})


def _name(node: Any) -> str:
    return str(etree.QName(node).localname).lower() if isinstance(node.tag, str) else ""


def _text(node: Any) -> str:
    return (
        " ".join("".join(node.itertext("*", with_tail=True)).split())
        if len(node)
        else " ".join((node.text or "").split())
    )


def _parts(node: Any, depth: int) -> Iterator[Part]:
    """Yield the parts below an element; depth is that of the sections around it."""
    name = _name(node)
    if not name or name in LEFT_OUT:
        return
    if name == "table":
        rows = [[_text(c) for c in r if _name(c) in ("td", "th", "entry")] for r in node.iter("{*}tr", "{*}row")]
        yield from table_parts(rows)
    elif name in LINES:
        texts = (text or "" for e in node.iter() if _kept(e) for text in (e.text, e.tail if e is not node else ""))
        yield from _leaf("", " ".join(" ".join(texts).split()), depth)
    elif not any(_name(child) not in INLINE for child in node if _name(child)):
        yield from _leaf(name, _text(node), depth)
    else:
        yield from _leaf("", " ".join((node.text or "").split()), depth)
        for child in node:
            yield from _parts(child, depth + (name in ("sec", "section", "chapter")))
            yield from _leaf("", " ".join((child.tail or "").split()), depth)


def _kept(node: Any) -> bool:
    return bool(_name(node)) and _name(node) not in LEFT_OUT


def _leaf(name: str, text: str, depth: int) -> Iterator[Part]:
    """Yield the part of an element without blocks in it; feeds carry pages as escaped HTML."""
    if "</" in text or "<p>" in text or "<br" in text:
        yield from read_page(text).parts
    elif text:
        yield Part("heading", text, min(depth + 1, 6)) if name in HEADINGS else Part("paragraph", text)
