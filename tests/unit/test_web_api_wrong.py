"""A wrong value in words: whatever pydantic finds, no word of pydantic's or Python's is told."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.test_web_api_conformance import application
from web.api.wrong import place_in, shown_as, wrong

JARGON = re.compile(
    r"constrained|UploadFile|\bNone\b|\bnan\b|\binf\b|Input should|dict|pydantic|Traceback|object has|argument|instance"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.sampled_from(["", "up", "user", "text", "很"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from("question history scope years answer rating messages role content type text n stream".split()),
        inner, max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
client = TestClient(application())


@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/v1/chat/completions"])
@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(body=VALUES)
def test_whatever_is_sent_no_jargon_is_told(path: str, body: Any) -> None:
    reply = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert reply.status_code in (200, 422)
    if reply.status_code == 422:
        error = reply.json()["error"]
        assert not JARGON.search(f"{error['message']} {error['hint']}")


def test_place_has_only_what_was_sent() -> None:
    sent = {"messages": [{"content": 3}]}
    assert place_in(("messages", 0, "content", "constrained-str"), sent) == "messages.0.content"
    assert place_in(("messages", 0, "role"), sent, missing=True) == "messages.0.role"
    assert place_in((), None) == ""


def test_value_is_shown_as_json_and_cut() -> None:
    assert [shown_as(value) for value in (None, float("nan"), True, "乌镇")] == ["null", "NaN", "true", '"乌镇"']
    assert shown_as("a" * 1000) == f'"{"a" * 79} …'


def test_unknown_kind_of_error_is_told_without_its_words() -> None:
    problem = wrong({"type": "new_kind", "loc": ("x",), "msg": "Input should", "input": 3}, {"x": 3})
    assert str(problem) == "x is not as it must be; it is 3."
    assert problem.hint == "Correct x. GET /docs shows how."
