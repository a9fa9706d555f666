"""The file that a document was read from, to download."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from corpus.guard import Unreadable, check_inside
from index.originals import Original, Place, files_of
from web.desk import Desk, NotReady
from web.locale import language_for
from web.viewer.source import message
from web.viewer.words import VIEW

HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-cache"}


def original_routes(desk: Desk, place: Place) -> APIRouter:
    """Return the route of the indexed documents' files."""
    routes = APIRouter()

    @routes.get("/original/{document_id:path}")
    def original(request: Request, document_id: str) -> Response:
        language = language_for(request)
        words = VIEW[language]
        try:
            document = desk.document(document_id)
        except NotReady as error:
            return message(language, HTTPStatus.SERVICE_UNAVAILABLE, words["not_ready"], str(error), reload=True)
        if document is None:
            reason = words["no_document_reason"].format(document_id)
            return message(language, HTTPStatus.NOT_FOUND, words["no_document"], reason)
        file = file_of(place, document.id)
        if file is None:
            return message(language, HTTPStatus.NOT_FOUND, words["no_document"], words["no_file"].format(document_id))
        name = document.id.rsplit("/", 1)[-1]
        return FileResponse(file.path, media_type="application/octet-stream", filename=name, headers=HEADERS)

    return routes


def file_of(place: Place, document_id: str) -> Original | None:
    """Return the file of an indexed document, or None where it is gone or leads out of its folder."""
    try:
        file = files_of(place)[0].get(document_id)
        if file is not None:
            check_inside(file.path, file.folder)
    except (OSError, Unreadable):
        return None
    return file
