"""Who may administer: whoever showed the token gets a session, which a cookie carries to this site alone."""

import secrets
import time
from collections import deque

from starlette.requests import Request
from starlette.responses import Response

from web.link import at

COOKIE = "wic-desk-admin"
LASTS = 8 * 3600.0  # seconds
WRONG = 5  # tokens within a minute, by anybody, until all are refused for the rest of it
MINUTE = 60.0


class Sessions:
    """The sessions of administrators, in memory: a restart signs everybody out."""

    def __init__(self, token: str) -> None:
        """An empty token lets nobody in."""
        self._token = token.encode()
        self._until: dict[str, float] = {}
        self._wrong: deque[float] = deque(maxlen=WRONG)

    @property
    def on(self) -> bool:
        """Whether there is anything to sign in to."""
        return bool(self._token)

    def blocked(self) -> bool:
        """Return whether too many wrong tokens came lately."""
        return len(self._wrong) == WRONG and time.monotonic() - self._wrong[0] < MINUTE

    def sign_in(self, token: str, response: Response) -> bool:
        """Return whether the token is right; then the response carries a session."""
        if self.blocked() or not self._right(token):
            return False
        session = secrets.token_urlsafe(32)
        now = time.monotonic()
        self._until = {known: until for known, until in self._until.items() if until > now} | {session: now + LASTS}
        response.set_cookie(
            COOKIE, session, max_age=int(LASTS), httponly=True, samesite="strict", path=at("/documents")
        )
        return True

    def _right(self, token: str) -> bool:
        right = self.on and secrets.compare_digest(token.encode("utf-8", "surrogatepass"), self._token)
        if not right:
            self._wrong.append(time.monotonic())
        return right

    def sign_out(self, request: Request, response: Response) -> None:
        """End the session of a request."""
        self._until.pop(request.cookies.get(COOKIE, ""), None)
        response.delete_cookie(COOKIE, path=at("/documents"))

    def allows(self, request: Request) -> bool:
        """Return whether a request comes from an administrator: by session, or with `Authorization: Bearer TOKEN`."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return not self.blocked() and self._right(token.strip())
        return self.on and self._until.get(request.cookies.get(COOKIE, ""), 0.0) > time.monotonic()


def same_site(request: Request) -> bool:
    """Return whether a request that changes something comes from this site's own pages, or from no page at all."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")
