"""schemathesis asks whatever the OpenAPI description allows, and what it does not: no 5xx, every reply as described."""

from collections.abc import Sequence
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import CheckContext, Response
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from rag.cite import Answer, Retrieved
from rag.follow_up import Turn
from tests.unit.test_web_api_shelf import Busy, Kept, Worked, receive
from tests.unit.web_desk import ABOUT, FakeChatbot, answer_citing, answer_without_sources, open_desk
from web.api.application import api_section
from web.api.shelf import Shelf
from web.door.access import Access
from web.door.entrance import guard


def wrong_data_is_refused(ctx: CheckContext, response: Response, case: schemathesis.Case[Any]) -> bool | None:
    """Refused as wrong, or as too large before it was looked at; a file may hold anything."""
    is_file = case.media_type == "multipart/form-data"
    return None if is_file or response.status_code == 413 else negative_data_rejection(ctx, response, case)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    wrong_data_is_refused,
    unsupported_method,
]


def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
    """An answer of each kind, by the question's length."""
    hit = Retrieved(ABOUT.id, "Headquarters", 0, 9, 0.5, cited=False, dense_rank=1)
    kinds = (
        answer_citing("The WIC has its headquarters in Beijing.", question=question),
        answer_without_sources("not_in_corpus", "The documents do not say.", hit, suggestions=["Where?"]),
        answer_without_sources("greeting", "Hello!"),
    )
    return [kinds[len(question) % 3]]


def application() -> FastAPI:
    desk = open_desk(FakeChatbot(reply))
    app = FastAPI(docs_url=None, openapi_url=None)
    app.router.routes.append(api_section(desk, Kept(), Shelf(Worked(), Busy, receive)))
    guard(app, Access(public=True, questions=1_000_000, admin_token="secret"))
    return app


load_all_checks()
schema = schemathesis.openapi.from_asgi("/openapi.json", application())


@schema.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_every_reply_is_as_described(case: schemathesis.Case[Any]) -> None:
    changes = case.operation.path.startswith("/api/documents") and case.operation.method.upper() != "GET"
    case.call_and_validate(checks=CHECKS, headers={"Authorization": "Bearer secret"} if changes else {})
