import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import LONGEST
from tests.unit.web_desk import ABOUT, FakeChatbot, answer_citing, open_desk
from web.api.application import api_section
from web.desk import Desk

SENTENCE = "The WIC has its headquarters in Beijing."


def client_of(desk: Desk) -> TestClient:
    return TestClient(Starlette(routes=[api_section(desk)]), raise_server_exceptions=False)


@pytest.fixture
def client() -> TestClient:
    return client_of(open_desk())


def events_of(text: str) -> list[tuple[str, object]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


def test_answer_has_every_field_of_the_command_line(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "Where?"}).json()
    assert answer == json.loads(json.dumps(answer_citing(SENTENCE).as_dict()))


def test_history_and_filter_reach_the_chatbot() -> None:
    heard: list[tuple[str, Sequence[Turn]]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append((question, history))
        return [answer_citing(SENTENCE)]

    body = {
        "question": "And when?",
        "history": [{"question": "Where?", "answer": "There."}],
        "scope": {"years": ["2025"]},
    }
    answer = client_of(open_desk(FakeChatbot(reply))).post("/api/ask", json=body).json()
    assert heard == [("And when?", [Turn("Where?", "There.")])]
    assert answer["scope"] == {"programs": [], "kinds": [], "years": ["2025"], "documents": []}


@pytest.mark.parametrize(
    ("body", "status", "code", "told"),
    [
        (b"", 422, "invalid", "The body is missing."),
        (b"null", 422, "invalid", "The body must be a JSON object; it is null."),
        (b"NaN", 422, "invalid", "The body must be a JSON object; it is NaN."),
        (b"{", 400, "not_json", "The body is not JSON; what is wrong begins at its character 2."),
        (b'{"question": "\xff"}', 400, "bad_request", "The body cannot be read"),
        (b"[" * 100_000, 400, "bad_request", "The body cannot be read"),
        (b'["Where?"]', 422, "invalid", 'The body must be a JSON object; it is ["Where?"].'),
        (b"{}", 422, "invalid", "question is missing."),
        (b'{"question": 3}', 422, "invalid", "question must be text; it is 3."),
        (b'{"question": null}', 422, "invalid", "question must be text; it is null."),
        (b'{"question": NaN}', 422, "invalid", "question must be text; it is NaN."),
        (b'{"question": true}', 422, "invalid", "question must be text; it is true."),
        (b'{"question": "  "}', 422, "invalid", "question: the question is empty"),
        (b'{"question": ""}', 422, "invalid", 'question must not be empty; it is "".'),
        (b'{"question": "\\ud800"}', 422, "invalid", "question must be text in valid Unicode"),
        (
            b'{"question": "Where?", "langauge": "en"}',
            422,
            "invalid",
            "langauge is no field that is known here",
        ),
        (b'{"question": "Where?", "history": null}', 422, "invalid", "history must be a list; it is null."),
        (b'{"question": "Where?", "history": [{"question": 1}]}', 422, "invalid", "history.0.question must be text"),
        (b'{"question": "Where?", "history": [{}]}', 422, "invalid", "history.0.question is missing."),
        (
            b'{"question": "Where?", "scope": {"years": [2025]}}',
            422,
            "invalid",
            "scope.years.0 must be text; it is",
        ),
        (json.dumps({"question": "a" * (LONGEST + 1)}).encode(), 422, "invalid", "at most 2,000 characters, not 2,001"),
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_wrong_body_is_told_by_field_value_and_remedy(
    client: TestClient, path: str, body: bytes, status: int, code: str, told: str
) -> None:
    reply = client.post(path, content=body, headers={"Content-Type": "application/json"})
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (status, code)
    assert told in error["message"]
    assert error["hint"]
    assert len(reply.content) < 500


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream", "/v1/chat/completions"])
@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded; charset=utf-8", "nonsense"])
def test_body_of_another_type_is_refused_by_its_type_and_the_one_expected(
    client: TestClient, path: str, sent: str
) -> None:
    reply = client.post(path, content=b'{"question": "Where?"}', headers={"Content-Type": sent})
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (415, "wrong_type")
    named = sent.partition(";")[0]
    assert error["message"] == f"The body is sent as {named}; this address takes application/json."
    assert "Content-Type: application/json" in error["hint"]


def test_body_without_a_type_is_refused_and_any_json_type_is_taken(client: TestClient) -> None:
    body = b'{"question": "Where?"}'
    refused = client.post("/api/ask", content=body)
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        415,
        "The body has no Content-Type; this address takes application/json.",
    )
    for taken in ("application/json; charset=utf-8", "Application/JSON", "application/problem+json"):
        assert client.post("/api/ask", content=body, headers={"Content-Type": taken}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/api/nothing", 404, "not_found"), ("GET", "/api/ask", 405, "method_not_allowed"),
     ("GET", "/api/documents/none.md", 404, "no_document")],
)  # fmt: skip
def test_wrong_address_has_the_same_shape(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    reply = client.request(method, path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)


def test_desk_that_is_opening_says_when_to_try_again() -> None:
    for path in ("/api/ask", "/api/ask/stream"):
        reply = client_of(Desk(FakeChatbot)).post(path, json={"question": "Where?"})
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "3")
        assert "getting ready" in reply.json()["error"]["message"]


def fail(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
    raise RuntimeError("secret detail of the program")
    yield


def test_failure_inside_is_a_case_number_without_details(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(open_desk(FakeChatbot(fail)))
    reply = client.post("/api/ask", json={"question": "Where?"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal")
    streamed = events_of(client.post("/api/ask/stream", json={"question": "Where?"}).text)
    assert streamed[-1][0] == "error"
    assert "secret" not in reply.text + str(streamed)
    assert caplog.text.count("secret detail of the program") >= 2


def growing(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
    yield answer_citing("It was founded in 2022.")
    yield answer_citing("It was founded in 2022.", SENTENCE)
    yield answer_citing(SENTENCE)


def test_stream_sends_what_is_new_and_says_when_text_is_replaced() -> None:
    client = client_of(open_desk(FakeChatbot(growing)))
    reply = client.post("/api/ask/stream", json={"question": "Where?"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    events = events_of(reply.text)
    assert [name for name, _ in events] == ["state", "state", "tokens", "tokens", "tokens", "citations", "done"]
    assert events[0][1] == {"state": "searching"}
    assert events[2:5] == [
        ("tokens", {"text": "It was founded in 2022. [1]", "replace": False}),
        ("tokens", {"text": f" {SENTENCE} [2]", "replace": False}),
        ("tokens", {"text": f"{SENTENCE} [1]", "replace": True}),
    ]
    assert events[-1][1] == json.loads(json.dumps(answer_citing(SENTENCE).as_dict()))


def test_stream_sends_the_beginning_of_a_sentence_as_a_draft() -> None:
    whole = answer_citing(SENTENCE)
    steps = [replace(whole, answer="", citations=(), draft=text) for text in ("The", "The WIC", "The WIC")]
    client = client_of(open_desk(FakeChatbot(lambda question, history: [*steps, whole])))
    events = events_of(client.post("/api/ask/stream", json={"question": "Where?"}).text)
    assert [data for name, data in events if name == "draft"] == [{"text": text} for text in ("The", "The WIC", "")]


def test_documents_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/api/documents").json()
    assert listed["corpus_version"] == "abc123"
    assert [d["id"] for d in listed["documents"]] == [ABOUT.id]
    assert listed["documents"][0]["link"] == "/source/wic/organization.md"
    whole = client.get(f"/api/documents/{ABOUT.id}").json()
    assert whole["text"] == ABOUT.text
    assert [heading["title"] for heading in whole["outline"]] == ["About the WIC", "Headquarters"]


def test_docs_show_every_operation_without_a_script(client: TestClient) -> None:
    page = client.get("/docs")
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/ask", "/api/ask/stream", "/api/documents"} <= paths.keys()
    for path, methods in paths.items():
        assert all(f"{method.upper()} {path}" in page.text for method in methods)
    assert "HTTPValidationError" not in page.text


def test_left_client_ends_the_work() -> None:
    closed: list[bool] = []

    def endless(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        try:
            while True:
                yield answer_citing(SENTENCE)
        finally:
            closed.append(True)

    async def leave_after_the_first_event() -> None:
        from web.api.asking import Asked, Asking
        from web.api.event import events
        from web.api.turnstile import Turnstile

        turnstile = Turnstile()
        stream = events(Asking(open_desk(FakeChatbot(endless)), turnstile).steps(Asked("Where?")))
        for _ in range(3):
            await anext(stream)
        assert turnstile.inside == 1
        await stream.aclose()  # type: ignore[attr-defined]
        assert turnstile.inside == 0

    asyncio.run(leave_after_the_first_event())
