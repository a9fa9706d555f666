"""The official mcp package as the client, over HTTP."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from rag.cite import Answer, Retrieved
from rag.follow_up import Turn
from tests.unit.test_web_api_completions import serving
from tests.unit.web_desk import ABOUT, FakeChatbot, answer_citing, open_desk
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


def test_wrong_arguments_are_an_error_that_names_them() -> None:
    result = call(open_desk(), "search", {"query": "x", "limit": 1000})
    assert result.is_error
    assert "limit" in text_of(result)
