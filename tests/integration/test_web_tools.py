"""python -m web mcp as an assistant starts it."""

import asyncio
import os
import re
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.conftest import ROOT, run_module


def test_assistant_asks_over_stdio(briefs_index: Path) -> None:
    environment = {"RAG_INDEX_DIR": str(briefs_index), "PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    server = StdioServerParameters(command=sys.executable, args=["-m", "web", "mcp"], cwd=ROOT, env=environment)

    async def talk() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool("ask", {"question": "Where is the World Internet Conference headquartered?"})

    result = asyncio.run(talk())
    assert isinstance(result.content[0], TextContent)
    assert "Beijing" in result.content[0].text
    assert "/source/" not in result.content[0].text  # no desk is served, so no link would open
    assert re.search(r"\.md, characters \d+ to \d+; source: ", result.content[0].text)
    assert result.structured_content["state"] == "answered"


def test_without_an_index_the_command_says_what_helps(tmp_path: Path) -> None:
    done = run_module("web", "mcp", settings={"RAG_INDEX_DIR": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: there is no index in {tmp_path} yet; run `python -m index sync`\n"
