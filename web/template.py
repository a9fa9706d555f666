"""Pages made on the server: every value is text unless the template says otherwise."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.link import at
from web.words import PAGE, Language

QUIET = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action {}; frame-ancestors 'self'"
HEADERS = {"Content-Security-Policy": QUIET.format("'none'"), "Cache-Control": "no-cache"}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


TEMPLATES.globals["at"] = at


def render(
    template: str,
    language: Language,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] = HEADERS,
    **values: object,
) -> HTMLResponse:
    """Return a page that runs no script, or what other headers allow."""
    html = TEMPLATES.get_template(template).render(page=PAGE[language], language=language, **values)
    return HTMLResponse(html, status, headers)
