"""The documents page and the timeline: what the desk knows."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from index.originals import Place, failed_files
from web.desk import Desk, NotReady
from web.documents.session import Sessions
from web.documents.table import Wanted, table
from web.documents.timeline import timeline
from web.documents.upload import MOST
from web.documents.words import DOCUMENTS
from web.link import ask_link, original_link, source_link
from web.locale import language_for
from web.template import render
from web.viewer.source import message
from web.viewer.words import VIEW

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}
Text = Annotated[str, Query(max_length=200)]


def document_routes(desk: Desk, sessions: Sessions, place: Place | None) -> APIRouter:
    """Return the routes of the pages about all documents; `place` is where administrators change them."""
    routes = APIRouter()

    @routes.get("/documents")
    def documents(
        request: Request, program: Text = "", kind: Text = "", year: Text = "", words: Text = ""
    ) -> HTMLResponse:
        wanted = Wanted(program, kind, year, words)
        admin = bool(place) and sessions.allows(request)
        failed = {id: reason for id, (_, reason) in failed_files(place).items()} if admin and place else {}
        return _page(
            request, desk, "documents.html", wanted=wanted, admin=admin, failed=failed, most=MOST // 1_000_000,
            offered=bool(place) and sessions.on, download=original_link if place else None,
        )  # fmt: skip

    @routes.get("/timeline")
    def years(request: Request) -> HTMLResponse:
        return _page(request, desk, "timeline.html")

    return routes


def _page(request: Request, desk: Desk, template: str, **values: Any) -> HTMLResponse:
    language = language_for(request)
    try:
        store = desk.chatbot.store
    except NotReady as error:
        told = VIEW[language]["not_ready"]
        return message(language, HTTPStatus.SERVICE_UNAVAILABLE, told, str(error), reload=True)
    wanted = values.get("wanted")
    if isinstance(wanted, Wanted):
        values["table"] = table(store.catalog, wanted)
    return render(
        template, language, headers=HEADERS, words=DOCUMENTS[language], manifest=store.manifest,
        years=timeline(store.catalog), source_link=source_link, ask_link=ask_link, **values,
    )  # fmt: skip
