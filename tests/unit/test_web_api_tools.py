"""The official mcp package as the client, over HTTP."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from rag.cite import Answer, Retrieved
from rag.follow_up import Turn
from tests.conftest import ROOT
from tests.unit.test_web_api_completions import serving
from tests.unit.web_desk import ABOUT, FakeChatbot, answer_citing, open_desk
from web.__main__ import _parser, main
from web.api.asking import Asking
from web.api.tools import tool_server
from web.api.turnstile import Turnstile
from web.desk import Desk
from web.link import seal

SENTENCE = "The WIC has its headquarters in Beijing."
START = ABOUT.text.index(SENTENCE)


def call(desk: Desk, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    async def talk(address: str) -> CallToolResult:
        async with Client(f"{address}/mcp") as client:
            return await client.call_tool(tool, arguments)

    with serving(desk) as address:
        return asyncio.run(talk(address))


def text_of(result: CallToolResult) -> str:
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


def test_two_tools_are_offered_that_only_read() -> None:
    async def talk(address: str) -> dict[str, Any]:
        async with Client(f"{address}/mcp") as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    with serving(open_desk()) as address:
        tools = asyncio.run(talk(address))
    assert tools.keys() == {"ask", "search"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert tools["ask"].input_schema["required"] == ["question"]


def test_answer_comes_with_its_sources_as_text_and_as_data() -> None:
    heard: list[Sequence[Turn]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append(history)
        return [answer_citing(SENTENCE)]

    arguments = {"question": "Where?", "history": [{"question": "Who?", "answer": "Li."}], "years": ["2025"]}
    result = call(open_desk(FakeChatbot(reply)), "ask", arguments)
    answer, source = text_of(result).split("\n")
    assert answer == f"{SENTENCE} [1]"
    assert source.startswith(f"[1] “{SENTENCE}” (About the WIC, Headquarters, WIC, 2024-05-24) http://127.0.0.1:")
    assert source.endswith(f"/source/{ABOUT.id}?start={START}&end={START + len(SENTENCE)}&seal={seal(SENTENCE)}#cited")
    assert result.structured_content["citations"][0]["quote"] == SENTENCE
    assert result.structured_content["scope"]["years"] == ["2025"]
    assert heard == [[Turn("Who?", "Li.")]]


def test_search_returns_passages_with_their_places() -> None:
    hit = Retrieved(ABOUT.id, "Headquarters", START, START + len(SENTENCE), 0.5, cited=False)
    answer = replace(answer_citing(SENTENCE), retrieved=(hit, replace(hit, start=0)))
    result = call(open_desk(FakeChatbot(lambda q, h: [answer])), "search", {"query": "headquarters", "limit": 1})
    (passage,) = result.structured_content["passages"]
    assert (passage["text"], passage["section"], passage["start"]) == (SENTENCE, "Headquarters", START)
    assert SENTENCE in text_of(result)


PLACE = f"{ABOUT.id}, characters {START} to {START + len(SENTENCE)}; source: Introduction, https://example.org/wic"


def told_without_a_request(tool: str, served: str) -> tuple[str, dict[str, Any]]:
    """What a tool tells where no request names the desk's host, as over stdio."""
    hit = Retrieved(ABOUT.id, "Headquarters", START, START + len(SENTENCE), 0.5, cited=False)
    answer = replace(answer_citing(SENTENCE), retrieved=(hit,))
    server = tool_server(Asking(open_desk(FakeChatbot(lambda q, h: [answer])), Turnstile()), served)

    async def talk() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool(tool, {"question" if tool == "ask" else "query": "Where?"})

    result = asyncio.run(talk())
    (place,) = result.structured_content["citations" if tool == "ask" else "passages"]
    return text_of(result), place


@pytest.mark.parametrize("tool", ["ask", "search"])
def test_without_a_served_desk_a_source_is_named_by_document_offsets_and_origin(tool: str) -> None:
    text, place = told_without_a_request(tool, "")
    assert PLACE in text
    assert "/source/" not in text
    assert "link" not in place


@pytest.mark.parametrize("tool", ["ask", "search"])
def test_links_lead_to_the_served_desk_that_was_named(tool: str) -> None:
    text, place = told_without_a_request(tool, "https://intranet.example.org/ask")
    assert place["link"].startswith(f"https://intranet.example.org/ask/source/{ABOUT.id}?start={START}&end=")
    assert place["link"] in text


@pytest.mark.parametrize("address", ["intranet", "ftp://intranet", "http://", "http://desk/?a=1", "http://["])
def test_what_is_no_address_of_a_desk_is_refused(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["mcp", "--desk", address])
    assert f"{address!r} is no address of a desk; use one such as" in capsys.readouterr().err


def test_the_documented_configuration_starts_the_tools() -> None:
    documented = re.search(r"```json\n(.*?)```", (ROOT / "docs/assistants.md").read_text(encoding="utf-8"), re.DOTALL)
    assert documented
    interpreter_option, module, *arguments = json.loads(documented[1])["mcpServers"]["wic"]["args"]
    assert (interpreter_option, module) == ("-m", "web")
    assert _parser().parse_args(arguments).desk == "http://127.0.0.1:7860"
    assert _parser().parse_args(["mcp"]).desk is None


def fail(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
    raise RuntimeError("secret detail")
    yield


@pytest.mark.parametrize(
    ("desk", "told"),
    [(open_desk(FakeChatbot(fail)), "The desk failed, case"), (Desk(FakeChatbot), "getting ready"),
     (open_desk(), "the question is empty")],
)  # fmt: skip
def test_failure_is_told_to_the_assistant(desk: Desk, told: str) -> None:
    result = call(desk, "ask", {"question": " " if "empty" in told else "Where?"})
    assert result.is_error
    assert told in text_of(result)
    assert "secret" not in text_of(result)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search", {"query": "x", "limit": 1000}, "limit must be at most 10; it is 1000. Correct limit."),
        ("search", {"query": "x", "limit": "many"}, 'limit must be a whole number; it is "many".'),
        ("search", {}, "query is missing. Add query. The tool's input schema shows how."),
        ("ask", {"question": None}, "question must be text; it is null."),
        ("ask", {"question": "Where?", "years": [2025]}, "years.0 must be text; it is 2025."),
        ("ask", {"question": "Where?", "history": [{"answer": "x"}]}, "history.0.question is missing."),
        (
            "ask",
            {"question": "Where?", "year": "2025"},
            'year is no field that is known here; it is "2025".',
        ),
        ("answer", {"question": "Where?"}, "There is no tool 'answer'. Call ask or search."),
    ],
)
def test_wrong_call_is_an_error_that_names_the_argument_and_what_it_must_be(
    tool: str, arguments: dict[str, Any], told: str
) -> None:
    result = call(open_desk(), tool, arguments)
    assert result.is_error
    assert text_of(result).startswith(told)


@pytest.mark.parametrize(
    ("body", "sent", "status", "told"),
    [
        (b"null", "application/json", 400, "The body is no message of JSON-RPC: it must be an object as"),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 3}', "application/json", 400, "The body is no message of JSON-RPC"),
        (b"{", "application/json", 400, "Parse error"),
        (b"{}", "text/plain", 415, "The body is sent as text/plain; this address takes application/json."),
    ],
)
def test_what_is_no_message_is_told_in_words(body: bytes, sent: str, status: int, told: str) -> None:
    with serving(open_desk()) as address:
        headers = {"Content-Type": sent, "Accept": "application/json, text/event-stream"}
        reply = httpx.post(f"{address}/mcp", content=body, headers=headers)
    assert reply.status_code == status
    assert reply.json()["error"]["message"].startswith(told)
    assert "pydantic" not in reply.text
