"""The source viewer: a document as a page, with the cited sentence marked."""

from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.document import Document
from web.desk import Desk, NotReady
from web.layout import Span, link_in, sections
from web.link import source_link

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-cache",
}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def source_routes(desk: Desk) -> APIRouter:
    """Return the routes of the viewer over this desk's documents."""
    routes = APIRouter()

    @routes.get("/source/{document_id:path}")
    def source(document_id: str, start: str | None = None, end: str | None = None) -> HTMLResponse:
        return view(desk, document_id, start, end)

    return routes


def view(desk: Desk, document_id: str, start: str | None, end: str | None) -> HTMLResponse:
    """Return the page of a document with the slice [start, end) marked, or one that says why there is none."""
    try:
        document = desk.document(document_id)
    except NotReady as error:
        return _message(HTTPStatus.SERVICE_UNAVAILABLE, "Not ready yet", str(error), reload=True)
    if document is None:
        reason = f"The desk has no document {document_id!r}. It may have been removed or renamed; ask again."
        return _message(HTTPStatus.NOT_FOUND, "No such document", reason)
    try:
        cited = span_of(document, start, end)
    except ValueError as error:
        whole = source_link(document.id)
        return _message(HTTPStatus.BAD_REQUEST, "No such place in the document", str(error), link=whole)
    return _page("source.html", HTTPStatus.OK, document=document, sections=sections(document, cited), cited=cited,
                 facts=_facts(document), origin=link_in(document.source))  # fmt: skip


def span_of(document: Document, start: str | None, end: str | None) -> Span | None:
    """Return the slice that an address names, or None for the whole document; ValueError if there is none such."""
    if start is None and end is None:
        return None
    length = len(document.text)
    try:
        span = Span(int(start or ""), int(end or ""))
    except ValueError:
        raise ValueError(f"start={start} and end={end} must both be numbers from 0 to {length}.") from None
    if not 0 <= span.start < span.end <= length:
        raise ValueError(f"{span.start} to {span.end} is no part of this document: it has {length} characters.")
    return span


def _facts(document: Document) -> list[tuple[str, str]]:
    facts = [("Publisher", document.publisher), ("Date", document.date), ("Kind", document.kind),
             ("Program", document.program)]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def _message(status: HTTPStatus, title: str, reason: str, link: str = "", reload: bool = False) -> HTMLResponse:
    return _page("message.html", status, title=title, reason=reason, link=link, reload=reload)


def _page(template: str, status: HTTPStatus, **values: object) -> HTMLResponse:
    return HTMLResponse(TEMPLATES.get_template(template).render(**values), status, HEADERS)
