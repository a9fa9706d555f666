"""What administrators do on the documents page: sign in, add, remove, and see how it goes."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from web.desk import Desk
from web.documents.routes import HEADERS
from web.documents.session import Sessions, same_site
from web.documents.upload import MOST, TooLarge, receive
from web.documents.words import DOCUMENTS
from web.documents.work import Busy, Work
from web.link import at
from web.locale import language_for
from web.template import render

SLACK = 1_000_000  # bytes of an upload's own wrapping


def admin_routes(desk: Desk, sessions: Sessions, work: Work) -> APIRouter:
    """Return the routes that change the index; each asks for a session or the token, and for its own site."""
    routes = APIRouter(prefix="/documents")

    def check(request: Request) -> None:
        if not same_site(request):
            raise HTTPException(HTTPStatus.FORBIDDEN, "this request comes from another site; use the documents page")
        if not sessions.allows(request):
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "sign in on the documents page, or send the token")

    @routes.post("/sign-in")
    def sign_in(request: Request, token: Annotated[str, Form()] = "") -> Response:
        reply = RedirectResponse(at("/documents"), HTTPStatus.SEE_OTHER)
        if same_site(request) and sessions.sign_in(token, reply):
            return reply
        if sessions.blocked():
            return _form_again(request, HTTPStatus.TOO_MANY_REQUESTS, "slow_down")
        return _form_again(request, HTTPStatus.UNAUTHORIZED, "refused")

    @routes.get("/sign-in")  # the address that a browser shows after a wrong token
    def form() -> Response:
        return RedirectResponse(at("/documents"), HTTPStatus.SEE_OTHER)

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        reply = RedirectResponse(at("/documents"), HTTPStatus.SEE_OTHER)
        if same_site(request):
            sessions.sign_out(request, reply)
        return reply

    @routes.post("/upload")
    async def upload(request: Request) -> JSONResponse:
        check(request)
        if int(request.headers.get("content-length") or 0) > MOST + SLACK:
            return _refused(request, TooLarge(f"the files have more than {MOST // 1_000_000} MB; send fewer at a time"))
        async with request.form(max_files=1000) as form:
            files = [item for item in form.getlist("files") if not isinstance(item, str)]
            try:
                work.add(await receive(files))
            except (ValueError, Busy) as error:
                return _refused(request, error)
        return JSONResponse(work.progress.as_dict(), HTTPStatus.ACCEPTED)

    @routes.post("/remove")
    def remove(request: Request, id: Annotated[str, Form()]) -> JSONResponse:
        check(request)
        if desk.document(id) is None:
            return JSONResponse({"message": f"there is no document {id!r}; reload the page"}, HTTPStatus.NOT_FOUND)
        try:
            work.remove([id])
        except Busy as error:
            return _refused(request, error)
        return JSONResponse(work.progress.as_dict(), HTTPStatus.ACCEPTED)

    @routes.get("/work")
    def progress(request: Request) -> JSONResponse:
        check(request)
        return JSONResponse(work.progress.as_dict(), headers={"Cache-Control": "no-store"})

    return routes


def _form_again(request: Request, status: HTTPStatus, reason: str) -> Response:
    """Return the form to sign in with what was wrong."""
    language = language_for(request)
    words = DOCUMENTS[language]
    return render("sign-in.html", language, status, HEADERS, words=words, told=words[reason])


def _refused(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Busy):
        return JSONResponse({"message": DOCUMENTS[language_for(request)]["busy"]}, HTTPStatus.CONFLICT)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(error, TooLarge) else HTTPStatus.BAD_REQUEST
    return JSONResponse({"message": str(error)}, status)
