"""Which language a page is in: what the reader chose, else what the browser asks for."""

from starlette.requests import Request

from web.words import Language, language_of

COOKIE = "wic-desk-language"  # written by the chat page's script


def language_for(request: Request) -> Language:
    """Return the interface language for a request."""
    chosen = request.cookies.get(COOKIE) or request.headers.get("accept-language", "")
    return language_of(chosen.strip())
