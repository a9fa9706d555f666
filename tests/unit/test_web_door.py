"""Who gets in: gate, origins, limits and bodies in front of an application that tells who asks."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from web.door.access import Access
from web.door.body import Bodies
from web.door.entrance import guard
from web.door.gate import CALLER
from web.door.tokens import Tokens

LOCAL = ("127.0.0.1", 50000)
ELSEWHERE = ("192.0.2.7", 50000)
PROXY = (ip_network("127.0.0.1"),)


def client_of(access: Access, peer: tuple[str, int] = LOCAL, host: str = "127.0.0.1:7860") -> TestClient:
    app = FastAPI()

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.api_route("/api/ask", methods=["GET", "POST"])
    @app.post("/api/documents")
    async def ask(request: Request) -> dict[str, str]:
        caller = CALLER.get()
        assert caller is not None
        return {"caller": caller.key, "address": str(request.url), "bytes": str(len(await request.body()))}

    guard(app, access)
    return TestClient(app, client=peer, base_url=f"http://{host}")


def code_of(reply: object) -> str:
    return str(reply.json()["error"]["code"])  # type: ignore[attr-defined]


def test_this_machine_may_ask() -> None:
    assert client_of(Access()).get("/api/ask").json()["caller"] == "address:127.0.0.1"


def test_another_machine_may_not_but_sees_that_the_desk_lives() -> None:
    client = client_of(Access(), ELSEWHERE)
    reply = client.get("/api/ask")
    assert (reply.status_code, code_of(reply)) == (401, "not_signed_in")
    assert reply.headers["www-authenticate"] == "Bearer"
    assert client.get("/healthz").status_code == 200
    assert client.get("/widget.js").status_code == 404  # not 401: this application has none


def test_browser_may_ask_before_its_user_has_signed_in_whether_a_page_may_ask() -> None:
    client = client_of(Access(origins=("https://intranet.example.org",)), ELSEWHERE)
    origin = {"Origin": "https://intranet.example.org"}
    assert client.options("/api/ask", headers=origin).status_code == 204
    refused = client.post("/api/ask", headers=origin)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, origin["Origin"])


def test_public_desk_answers_everybody() -> None:
    assert client_of(Access(public=True), ELSEWHERE).get("/api/ask").json()["caller"] == "address:192.0.2.7"


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "data" / "tokens.json")


def test_token_lets_a_program_in_until_it_is_revoked(tokens: Tokens) -> None:
    token = tokens.add("report-bot")
    client = client_of(Access(tokens=Tokens(tokens._path)), ELSEWHERE)
    sent = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/ask", headers=sent).json()["caller"] == "token:report-bot"
    tokens.revoke("report-bot")
    assert code_of(client.get("/api/ask", headers=sent)) == "wrong_token"


def test_wrong_token_is_refused_even_on_this_machine_and_in_public(tokens: Tokens) -> None:
    for access in (Access(tokens=tokens), Access(public=True, tokens=tokens)):
        reply = client_of(access).get("/api/ask", headers={"Authorization": "Bearer wic_made-up"})
        assert (reply.status_code, code_of(reply)) == (401, "wrong_token")
        assert "made-up" not in reply.text


@pytest.mark.parametrize("key", ["none", "sk-1234", "", "Wic_1"])
def test_key_is_ignored_where_none_is_needed_and_opens_nothing_elsewhere(key: str, tokens: Tokens) -> None:
    sent = {"Authorization": f"Bearer {key}"}
    here = client_of(Access(tokens=tokens, admin_token="secret"))
    assert here.get("/api/ask", headers=sent).json()["caller"] == "address:127.0.0.1"
    public = client_of(Access(public=True, tokens=tokens), ELSEWHERE)
    assert public.get("/api/ask", headers=sent).json()["caller"] == "address:192.0.2.7"
    named = client_of(Access(proxies=PROXY)).get("/api/ask", headers=sent | {"X-Forwarded-User": "li.na"})
    assert named.json()["caller"] == "user:li.na"
    for closed in (client_of(Access(tokens=tokens), ELSEWHERE), client_of(Access(proxies=PROXY))):
        reply = closed.get("/api/ask", headers=sent)
        assert (reply.status_code, code_of(reply)) == (401, "wrong_token")
    assert code_of(client_of(Access(), host="rebound.example.org").get("/api/ask", headers=sent)) == "wrong_host"
    forwarded = client_of(Access()).get("/api/ask", headers=sent | {"X-Forwarded-For": "198.51.100.1"})
    assert code_of(forwarded) == "unknown_proxy"


def test_administrator_is_known_by_the_token_of_the_settings() -> None:
    client = client_of(Access(admin_token="secret"), ELSEWHERE)
    assert client.get("/api/ask", headers={"Authorization": "Bearer secret"}).json()["caller"] == "admin:admin"
    assert code_of(client.get("/api/ask", headers={"Authorization": "Bearer "})) == "wrong_token"


def test_only_the_hash_of_a_token_is_kept_and_only_its_owner_reads_it(tokens: Tokens) -> None:
    token = tokens.add("report-bot")
    assert token.startswith("wic_")
    assert len(token) == 47
    kept = tokens._path.read_text()
    assert token not in kept
    assert tokens._path.stat().st_mode & 0o777 == 0o600


def test_wrong_use_of_tokens_is_told(tokens: Tokens) -> None:
    tokens.add("a")
    with pytest.raises(ValueError, match="there is a token 'a' already"):
        tokens.add("a")
    with pytest.raises(ValueError, match="no name; use up to 64 letters"):
        tokens.add("a b")
    with pytest.raises(ValueError, match="there is no token 'b'"):
        tokens.revoke("b")
    tokens._path.write_text("[1]")
    with pytest.raises(ValueError, match=r"is damaged .* add the tokens anew"):
        Tokens(tokens._path).entries()


def test_trusted_proxy_names_the_user_and_where_it_serves() -> None:
    client = client_of(Access(proxies=PROXY, root_path="/ask"))
    told = {
        "X-Forwarded-User": "li.na", "X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "intranet.example.org",
    }  # fmt: skip
    reply = client.get("/api/ask", headers=told).json()
    assert reply["caller"] == "user:li.na"
    assert reply["address"].startswith("https://intranet.example.org/")


def test_proxy_without_a_user_is_nobody_unless_public() -> None:
    told = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1, 127.0.0.1"}
    assert code_of(client_of(Access(proxies=PROXY)).get("/api/ask", headers=told)) == "not_signed_in"
    client = client_of(Access(proxies=PROXY, public=True))
    assert client.get("/api/ask", headers=told).json()["caller"] == "address:198.51.100.1"


def test_what_anybody_else_says_of_a_user_does_not_count() -> None:
    client = client_of(Access(proxies=PROXY), ELSEWHERE)
    assert code_of(client.get("/api/ask", headers={"X-Forwarded-User": "li.na"})) == "not_signed_in"


def test_proxy_on_this_machine_that_is_not_named_does_not_open_the_desk_to_all() -> None:
    reply = client_of(Access()).get("/api/ask", headers={"X-Forwarded-For": "198.51.100.1"})
    assert (reply.status_code, code_of(reply)) == (403, "unknown_proxy")
    assert reply.json()["error"]["hint"] == "Set RAG_TRUSTED_PROXIES=127.0.0.1."


@pytest.mark.parametrize("host", ["localhost:7860", "localhost", "[::1]:7860", "127.0.0.5:80"])
def test_names_of_this_machine_are_let_in(host: str) -> None:
    assert client_of(Access()).get("/api/ask", headers={"Host": host}).status_code == 200


def test_name_that_leads_here_from_outside_is_refused() -> None:
    reply = client_of(Access(), host="rebound.example.org:7950").get("/api/ask")
    assert (reply.status_code, code_of(reply)) == (403, "wrong_host")
    assert reply.json()["error"]["hint"] == "Open http://127.0.0.1:7950 on that machine."


LISTED = Access(origins=("https://intranet.example.org",))


def test_listed_origin_gets_its_permission() -> None:
    client = client_of(LISTED)
    origin = {"Origin": "https://intranet.example.org"}
    asked = client.options("/api/ask", headers=origin | {"Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-headers"] == "Content-Type"
    reply = client.post("/api/ask", headers=origin)
    assert reply.headers["access-control-allow-origin"] == "https://intranet.example.org"
    assert reply.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.example.org", "http://intranet.example.org", "https://intranet.example.org:8443",
     "https://intranet.example.org.evil.org", "https://a.intranet.example.org", "", "127.0.0.1:7860", "http://["],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_every_other_origin_is_refused(origin: str, method: str) -> None:
    reply = client_of(LISTED).request(method, "/api/ask", headers={"Origin": origin})
    assert (reply.status_code, code_of(reply)) == (403, "origin_refused")
    assert "access-control-allow-origin" not in reply.headers


def test_listed_origin_may_do_nothing_but_ask() -> None:
    reply = client_of(LISTED).post("/api/documents", headers={"Origin": "https://intranet.example.org"})
    assert code_of(reply) == "origin_refused"


def test_own_page_needs_no_listing() -> None:
    assert client_of(Access()).post("/api/ask", headers={"Origin": "http://127.0.0.1:7860"}).status_code == 200


def test_caller_that_asks_too_often_is_told_when_to_come_back(tokens: Tokens) -> None:
    token = tokens.add("other")
    client = client_of(Access(questions=3, tokens=tokens))
    assert [client.post("/api/ask").status_code for _ in range(4)] == [200, 200, 200, 429]
    reply = client.post("/api/ask")
    assert code_of(reply) == "too_many"
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    assert client.post("/api/ask", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_caller_waits_for_so_many_answers_at_a_time() -> None:
    from web.api.problem import Problem
    from web.door.limit import AT_A_TIME, Limits

    limits = Limits(FastAPI(), 60)
    limits._waiting["user:a"] = AT_A_TIME
    limits._check_waiting("user:b")
    with pytest.raises(Problem, match="20 answers are on their way to you") as caught:
        limits._check_waiting("user:a")
    assert (caught.value.status, caught.value.retry_after) == (429, 1)


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in pieces"])
def test_body_that_is_too_large_is_refused(told: bool) -> None:
    body = b"a" * (3 << 20)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 1 << 16):
            yield body[start : start + (1 << 16)]

    client = client_of(Access())
    reply = client.post("/api/ask", content=body if told else pieces())
    assert (reply.status_code, code_of(reply)) == (413, "too_large")
    assert client.post("/api/documents", content=body).json()["bytes"] == str(len(body))


def test_body_that_does_not_come_is_not_waited_for() -> None:
    sent: list[dict[str, object]] = []

    async def app(scope: object, receive: object, send: object) -> None:
        assert (await receive())["type"] == "http.disconnect"  # type: ignore[operator]
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]

    async def never() -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/api/ask", "headers": [], "method": "POST"}
    asyncio.run(Bodies(app, seconds=0.01)(scope, never, send))  # type: ignore[arg-type]
    assert [message.get("status") for message in sent] == [408, None]
    assert b"too_slow" in sent[1]["body"]  # type: ignore[operator]
