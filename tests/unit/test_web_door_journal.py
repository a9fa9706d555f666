import asyncio
import json
import logging
from collections.abc import Iterator, Sequence

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.cite import Answer
from rag.follow_up import Turn
from tests.unit.web_desk import FakeChatbot, answer_citing
from web.api.application import api_section
from web.desk import Desk
from web.door.access import Access
from web.door.entrance import guard
from web.door.journal import route_of
from web.door.log import Lines
from web.door.observed import Observed

SENTENCE = "The WIC has its headquarters in Beijing."


def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
    return [answer_citing(SENTENCE, question=question)]


def client_of(log_questions: bool = False, reply: object = reply) -> TestClient:
    desk = Desk(lambda: Observed(FakeChatbot(reply), log_questions))  # type: ignore[arg-type]
    desk.start()
    desk.wait(5)
    app = FastAPI(docs_url=None, openapi_url=None)
    app.router.routes.append(api_section(desk))
    guard(app, Access(public=True))
    return TestClient(app)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, object]]]:
    """What is logged, as it is read back."""
    found: list[dict[str, object]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(Lines().format(record)))

    handler = Keep()
    logger = logging.getLogger("desk")
    logger.addHandler(handler)
    with caplog.at_level(logging.INFO, "desk"):
        yield found
    logger.removeHandler(handler)


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_request_is_one_line_without_its_question(path: str, lines: list[dict[str, object]]) -> None:
    answered = client_of().post(path, json={"question": "Where is my secret?"})
    (line,) = lines
    assert line.pop("time")
    assert isinstance(line.pop("seconds"), float)
    assert line.pop("id") == answered.headers["x-request-id"]
    assert line == {
        "level": "info", "log": "desk.journal", "message": "request", "method": "POST", "route": path, "status": 200,
        "caller": "address:testclient", "state": "answered", "hits": 0, "cited": 1, "answer_seconds": 0.0,
    }  # fmt: skip


def test_question_is_logged_where_the_settings_say_so(lines: list[dict[str, object]]) -> None:
    client_of(log_questions=True).post("/api/ask", json={"question": "Where?"})
    assert lines[0]["question"] == "Where?"


def test_refusal_is_logged_without_what_was_sent(lines: list[dict[str, object]]) -> None:
    client = client_of()
    client.post("/api/ask?token=secret", json={"question": "secret", "more": "secret"})
    client.post("/api/ask", content=b"secret", headers={"Origin": "https://elsewhere.example"})
    assert [line["status"] for line in lines] == [422, 403]
    assert "secret" not in json.dumps(lines)


def test_question_of_the_page_has_a_line_of_its_own(lines: list[dict[str, object]]) -> None:
    async def ask() -> None:
        async for _ in Observed(FakeChatbot(reply)).astream("Where?"):
            pass

    asyncio.run(ask())
    assert [(line["message"], line["route"], line["state"]) for line in lines] == [("answer", "/", "answered")]


def test_health_checks_are_not_logged(lines: list[dict[str, object]]) -> None:
    client_of().get("/metrics")
    assert lines == []


def test_metrics_count_answers_and_requests() -> None:
    client = client_of()

    def value(name: str) -> float:
        text = client.get("/metrics").text
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))

    before = value('wic_answers_total{state="answered"}')
    client.post("/api/ask", json={"question": "Where?"})
    assert value('wic_answers_total{state="answered"}') == before + 1
    assert value('wic_requests_total{method="POST",route="/api/ask",status="200"}') >= 1
    assert value("wic_ready") == 1
    assert value("wic_documents") == 2


@pytest.mark.parametrize(
    ("path", "route"),
    [("/api/ask/stream", "/api/ask/stream"), ("/api/documents/a/b.md", "/api/documents/{id}"), ("/", "/"),
     ("/source/a.md", "/source/{id}"), ("/wp-login.php", "other"), ("/api/nothing", "other")],
)  # fmt: skip
def test_route_has_nothing_that_differs_from_request_to_request(path: str, route: str) -> None:
    assert route_of(path) == route
