"""Who asks: by token, by a trusted proxy's word, or from this machine; everyone else stays outside."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from web.api.problem import Problem
from web.door.access import Access
from web.door.origin import permitting
from web.door.tokens import PREFIX

OPEN = ("/healthz", "/readyz", "/widget.js")  # for whoever watches the desk, and a script without a secret
USER_HEADER = "x-forwarded-user"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    kind: Literal["admin", "token", "user", "address"]
    name: str

    @property
    def key(self) -> str:
        """The caller as limits and the journal name it."""
        return f"{self.kind}:{self.name}"


CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


class Gate:
    """Lets in whoever may use the desk, and tells the rest of the program who it is."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": list(scope["headers"])}
        peer = (scope.get("client") or ("", 0))[0]
        proxied = self.access.trusts(peer)
        address = self._address(scope, peer) if proxied else peer
        if proxied:
            _outside(scope)
        try:
            caller = self._caller(Headers(scope=scope), address, proxied)
            if scope["path"] not in OPEN and scope.get("method") != "OPTIONS":  # which browsers send without a sign-in
                self._check(Headers(scope=scope), caller, peer, proxied)
        except Problem as problem:
            origin = Headers(scope=scope).get("origin", "")
            readable = permitting(send, origin) if origin in self.access.origins else send
            await problem.response()(scope, receive, readable)
            return
        CALLER.set(caller)
        await self.app(scope, receive, send)

    def _address(self, scope: Scope, peer: str) -> str:
        """Return the last address of X-Forwarded-For that is no trusted proxy: those before it may be made up."""
        named = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        outside = [a.strip() for a in named if a.strip() and not self.access.trusts(a.strip())]
        return outside[-1] if outside else peer

    def _caller(self, headers: Headers, address: str, proxied: bool) -> Caller:
        token = _token(headers)
        if token is not None and (owner := self._owner(token)):
            return owner
        if proxied and (user := headers.get(USER_HEADER, "").strip()):
            return Caller("user", user[:200])
        return Caller("address", address[:100])

    def _owner(self, token: str) -> Caller | None:
        """Return whose token it is, or None for a text that never was one; Problem for a token that is not known.

        Clients of OpenAI's API cannot ask without a key, so they send any text where none is needed: it opens nothing.
        """
        admin = self.access.admin_token
        if admin and compare_digest(token.encode(), admin.encode()):
            return Caller("admin", "admin")
        name = self.access.tokens.name_of(token)
        if name is None and token.startswith(PREFIX):  # revoked or misspelt: its sender counts on being known
            raise _wrong_token()
        return Caller("token", name) if name is not None else None

    def _check(self, headers: Headers, caller: Caller, peer: str, proxied: bool) -> None:
        """Problem unless the caller may use the desk."""
        if self.access.public or caller.kind != "address":
            return
        if proxied or not _is_loopback(peer):
            if _token(headers) is not None:
                raise _wrong_token()
            hint = "Send Authorization: Bearer TOKEN, or sign in at the proxy in front of the desk."
            raise Problem(401, "not_signed_in", "The desk does not know who asks.", hint)
        if "x-forwarded-for" in headers or "forwarded" in headers:
            raise Problem(
                403, "unknown_proxy", f"A proxy at {peer} asks for somebody else.", f"Set RAG_TRUSTED_PROXIES={peer}."
            )
        host = headers.get("host", "")
        if not _is_local(host):
            port = f":{found[0]}" if (found := re.findall(r":(\d{1,5})$", host)) else ""
            hint = f"Open http://127.0.0.1{port} on that machine."
            raise Problem(403, "wrong_host", f"This desk serves its own machine, not {host[:80]!a}.", hint)


def _token(headers: Headers) -> str | None:
    """Return what a request sends as its token; None if it sends none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _wrong_token() -> Problem:
    return Problem(401, "wrong_token", "This token is not known.", "`python -m web token add NAME` makes one.")


def _outside(scope: Scope) -> None:
    """Let the request look as it did outside the proxy, so that addresses in answers lead there."""
    headers = MutableHeaders(scope=scope)
    if headers.get("x-forwarded-proto", "").strip() in ("http", "https"):
        scope["scheme"] = headers["x-forwarded-proto"].strip()
    if host := headers.get("x-forwarded-host", "").strip():
        headers["host"] = host


def _is_local(host: str) -> bool:
    """Return whether a Host header names this machine as only it is named from inside."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
