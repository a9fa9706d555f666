"""The source viewer: a document as a page, with the cited sentence marked."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from corpus.document import Document
from web.desk import Desk, NotReady
from web.link import ask_link, original_link, source_link
from web.locale import language_for
from web.template import render
from web.viewer.layout import Span, link_in, sections
from web.viewer.span import Moved, span_of
from web.viewer.words import VIEW
from web.words import Language


def source_routes(desk: Desk) -> APIRouter:
    """Return the routes of the viewer over this desk's documents."""
    routes = APIRouter()

    @routes.get("/source/{document_id:path}")
    def source(
        request: Request, document_id: str, start: str | None = None, end: str | None = None, seal: str = ""
    ) -> HTMLResponse:
        return view(desk, document_id, start, end, seal, language_for(request))

    return routes


def view(
    desk: Desk, document_id: str, start: str | None, end: str | None, sealed: str = "", language: Language = "en"
) -> HTMLResponse:
    """Return the page of a document with the slice [start, end) marked, or one that says why there is none."""
    words = VIEW[language]
    try:
        document = desk.document(document_id)
    except NotReady as error:
        return message(language, HTTPStatus.SERVICE_UNAVAILABLE, words["not_ready"], str(error), reload=True)
    if document is None:
        reason = words["no_document_reason"].format(document_id)
        return message(language, HTTPStatus.NOT_FOUND, words["no_document"], reason)
    try:
        return _page(document, span_of(document, start, end, sealed), language)
    except Moved:
        return _page(document, None, language, moved=True)
    except ValueError as error:
        whole = source_link(document.id)
        return message(language, HTTPStatus.BAD_REQUEST, words["no_place"], str(error), link=whole)


def _page(document: Document, cited: Span | None, language: Language, moved: bool = False) -> HTMLResponse:
    return render(
        "source.html", language, words=VIEW[language], document=document, sections=sections(document, cited),
        cited=cited, moved=moved, facts=_facts(document, language), origin=link_in(document.source),
        references=[(reference, *link_in(reference.url)) for reference in document.references],
        ask=ask_link(document.id), original=original_link(document.id),
    )  # fmt: skip


def _facts(document: Document, language: Language) -> list[tuple[str, str]]:
    words = VIEW[language]
    facts = [
        (words["publisher"], document.publisher), (words["date"], document.date),
        (words["event"], document.event_date.replace("/", " – ")), (words["edition"], document.edition),
        (words["kind"], document.kind), (words["program"], document.program),
    ]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def message(
    language: Language, status: HTTPStatus, title: str, reason: str, link: str = "", reload: bool = False
) -> HTMLResponse:
    """Return a page that says why there is no other."""
    return render(
        "message.html", language, status, words=VIEW[language], title=title, reason=reason, link=link, reload=reload
    )
