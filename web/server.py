"""Everything that the server answers: the chat page at "/", the source viewer, and how healthy the desk is."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import ASGIApp

from index.originals import Place
from index.sync import Progress, Report, sync
from web.api.application import api_section
from web.api.handlers import handle_errors
from web.api.shelf import Shelf
from web.desk import Desk
from web.documents.admin import admin_routes
from web.documents.routes import document_routes
from web.documents.session import Sessions
from web.documents.upload import receive
from web.documents.work import Busy, Work
from web.door.access import Access
from web.door.entrance import guard
from web.export.routes import export_routes
from web.feedback import Feedback, feedback_routes
from web.headers import SafeHeaders
from web.link import serve_below
from web.page import build_page
from web.viewer.original import original_routes
from web.viewer.source import source_routes
from web.widget.routes import widget_routes

STYLE = Path(__file__).parent / "style"
SCRIPT = Path(__file__).parent / "script"
FONTS = ("Segoe UI", "Helvetica Neue", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
HEAD = (  # as `css` Gradio would rewrite the style's selectors
    '<link rel="stylesheet" href="style/page.css"><script type="module" src="script/page.js"></script>'
)
MONOSPACE = ("Consolas", "Menlo", "Noto Sans Mono", "monospace")


def create_app(
    desk: Desk,
    access: Access | None = None,
    place: Place | None = None,
    data_dir: Path | None = None,
    admin_token: str = "",
) -> FastAPI:
    """Return the web application that asks this desk; without `access` whoever reaches it may use it.

    Without `place` there are no originals to download and no administration, without `data_dir` no feedback.
    """
    access = access or Access(public=True)
    feedback = Feedback(data_dir / "feedback.sqlite3") if data_dir else None
    serve_below(access.root_path)
    sessions = Sessions(admin_token)
    work = Work(place, _sync_with(desk)) if place and sessions.on else None
    section = api_section(desk, feedback, Shelf(work, Busy, receive) if work else None)
    # FastAPI's own pages load scripts from elsewhere
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=section.lifespan)
    handle_errors(app)
    guard(app, access)
    app.add_middleware(SafeHeaders)
    app.include_router(_health_routes(desk))
    app.include_router(source_routes(desk))
    app.include_router(export_routes())
    app.include_router(document_routes(desk, sessions, place))
    if place:
        app.include_router(original_routes(desk, place))
    if work:
        app.include_router(admin_routes(desk, sessions, work))
    if feedback:
        app.include_router(feedback_routes(feedback))
    app.router.routes.append(section)
    app.include_router(widget_routes(access.origins))
    app.mount("/style", Fresh(directory=STYLE))
    app.mount("/script", Fresh(directory=SCRIPT))
    gr.mount_gradio_app(
        app,
        build_page(desk),
        path="/",
        theme=gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=FONTS, font_mono=MONOSPACE),
        head=HEAD,
        favicon_path=str(STYLE / "favicon.png"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=1,  # byte: the page takes no files
    )
    return app


def _sync_with(desk: Desk) -> Callable[[Place, Progress], Report]:
    """Return a sync that embeds with the model that the desk has loaded."""
    return lambda place, progress: sync(place, lambda: desk.chatbot.embedding, progress=progress)


def _health_routes(desk: Desk) -> APIRouter:
    routes = APIRouter()

    @routes.get("/healthz", response_class=PlainTextResponse)
    def healthz() -> str:
        return "ok"

    @routes.get("/readyz")
    def readyz() -> PlainTextResponse:
        status = desk.status
        return PlainTextResponse(status.message, 200 if status.state == "ready" else 503)

    return routes


class Fresh(StaticFiles):
    """Files that a browser asks for anew, so that it never mixes two versions of the page."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return the file, or word that the browser's copy is still the same."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


class Server(uvicorn.Server):
    """Serves an application; pages that are open when it stops are let go of without a word."""

    def __init__(self, app: ASGIApp) -> None:
        quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
        # who is behind a proxy is decided at the door
        super().__init__(uvicorn.Config(app, proxy_headers=False, timeout_graceful_shutdown=1, **quiet))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; an open page holds a stream, and uvicorn would print a traceback for each that it cuts."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
