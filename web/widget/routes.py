"""GET /widget.js, the desk on any page, and GET /embed, the same in a frame."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
ATTRIBUTES = ("heading", "greeting", "lang", "color", "color-text", "theme", "filter", "examples")
LONGEST = 2000  # characters of an attribute
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def widget_routes(origins: Sequence[str] = ()) -> APIRouter:
    """Return the routes of the widget; pages of these origins may frame it."""
    routes = APIRouter()

    @routes.get("/widget.js")
    def widget() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        return FileResponse(HERE / "widget.js", media_type="text/javascript", headers=headers)

    @routes.get("/embed.css")
    def style() -> FileResponse:
        return FileResponse(HERE / "embed.css", media_type="text/css", headers={"Cache-Control": "no-cache"})

    @routes.get("/embed")
    def embed(request: Request) -> Response:
        chosen = {name: request.query_params.get(name, "")[:LONGEST] for name in ATTRIBUTES}
        html = TEMPLATES.get_template("embed.html").render(attributes={n: v for n, v in chosen.items() if v})
        return HTMLResponse(html, headers={"Content-Security-Policy": frame_policy(origins)})

    return routes


def frame_policy(origins: Sequence[str]) -> str:
    """Return the content security policy of /embed: only the listed pages, and the desk's own, may frame it."""
    ancestors = " ".join(("'self'", *origins))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
