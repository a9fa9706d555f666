"""The desk as tools of an assistant (Model Context Protocol): ask and search, over HTTP at /mcp and over stdio."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError
from starlette.routing import Route

from rag.cite import Answer
from rag.question import LONGEST
from rag.scope import Scope
from web.api.asking import Asked, Asking
from web.api.envelope import Envelope
from web.api.problem import Problem, failure
from web.api.shape import Earlier
from web.api.wrong import UNKNOWN, wrong
from web.link import source_link

INSTRUCTIONS = (
    "Answers about the World Internet Conference (WIC) from its documents, in English or Chinese. Each sentence of an "
    "answer has a mark [n]; repeat it with the citation of that number. state not_in_corpus means that the documents "
    "do not say: do not fill the gap from elsewhere."
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)
MOST_HITS = 10

Told = Callable[[Answer, str], tuple[str, dict[str, Any]]]  # an answer and the desk's address -> text and data
Asks = Annotated[str, Field(min_length=1, max_length=LONGEST, description="in English or Chinese")]
Names = Annotated[list[str], Field(max_length=100)]
Years = Annotated[list[str], Field(max_length=100, description='only documents about these years, such as "2025"')]
Programs = Annotated[list[str], Field(max_length=100, description='only of these, such as "Wuzhen Summit"')]
History = Annotated[list[Earlier], Field(max_length=50, description="earlier turns that the question follows")]


class Tools(MCPServer[Any]):
    """A server of tools that tells of a wrong call in the desk's words, for the assistant to correct it."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Return what the tool returns, or which argument is wrong and what it must be."""
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        if name not in known:
            return _failed(Problem(404, "no_tool", f"There is no tool {name[:80]!r}.", f"Call {' or '.join(known)}."))
        for argument in arguments.keys() - known[name].keys():  # else a misspelt filter would go unseen
            return _wrong({"type": UNKNOWN[0], "loc": (argument,), "input": arguments[argument]}, arguments)
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            return _wrong(error.__cause__.errors()[0], arguments)


def tool_server(asking: Asking, served: str = "") -> MCPServer[Any]:
    """Return the server of the tools; over stdio, links lead to the desk `served` at this address, if there is one."""
    server = Tools("wic-question-desk", instructions=INSTRUCTIONS, log_level="WARNING")

    @server.tool(title="Ask the WIC documents", annotations=READS)
    async def ask(
        question: Asks,
        ctx: Context[Any, Any],
        history: History | None = None,
        programs: Programs | None = None,
        years: Years | None = None,
    ) -> CallToolResult:
        """Answer a question from the documents; every sentence cites its source sentence, or they do not say."""
        scope = Scope(programs=tuple(programs or ()), years=tuple(years or ()))
        turns = [turn.turn() for turn in history or ()]
        return await _result(asking, Asked(question, turns, scope), _base(ctx) or served, _answer)

    @server.tool(title="Search the WIC documents", annotations=READS)
    async def search(
        query: Asks,
        ctx: Context[Any, Any],
        limit: Annotated[int, Field(ge=1, le=MOST_HITS)] = 5,
        programs: Programs | None = None,
        years: Years | None = None,
    ) -> CallToolResult:
        """Return the passages nearest to a query, best first, with the place of each."""
        scope = Scope(programs=tuple(programs or ()), years=tuple(years or ()))

        def passages(answer: Answer, base: str) -> tuple[str, dict[str, Any]]:
            return _passages(asking, answer, base, limit)

        return await _result(asking, Asked(query, (), scope), _base(ctx) or served, passages)

    return server


def tool_route(server: MCPServer[Any]) -> Route:
    """Return the route of the tools over HTTP; who may use it, and from which page, is decided at the door."""
    app = server.streamable_http_app(
        streamable_http_path="/mcp",
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Route("/mcp", Envelope(app))


async def _result(asking: Asking, asked: Asked, base: str, told: Told) -> CallToolResult:
    try:
        text, data = told(await asking.answer(asked), base)
    except Exception as error:
        return _failed(failure(error))
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=data)


def _wrong(error: Mapping[str, Any], arguments: dict[str, Any]) -> CallToolResult:
    return _failed(wrong(error, arguments, "The tool's input schema shows how."))


def _failed(problem: Problem) -> CallToolResult:
    text = f"{problem.as_dict()['error']['message']} {problem.hint}"
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _base(ctx: Context[Any, Any]) -> str:
    """Return the desk's address as the assistant knows it; "" over stdio, where none is served."""
    request = getattr(ctx.request_context, "request", None)
    return f"{request.url.scheme}://{request.url.netloc}" if request is not None else ""


def _answer(answer: Answer, base: str) -> tuple[str, dict[str, Any]]:
    """Return an answer as text with its sources below, and as data."""
    lines, data = [answer.answer], answer.as_dict()
    for c, cited in zip(answer.citations, data["citations"], strict=True):
        facts = ", ".join(filter(None, (c.title, c.section, c.publisher, c.date)))
        link = _link(base, c.document_id, c.start, c.end, c.quote)
        lines.append(f"[{c.number}] “{c.quote}” ({facts}) {_where(cited | link)}")
        cited.update(link)
    return "\n".join(lines), data


def _passages(asking: Asking, answer: Answer, base: str, limit: int) -> tuple[str, dict[str, Any]]:
    """Return what the search found, as text and as data."""
    found: list[dict[str, Any]] = []
    for hit in answer.retrieved[:limit]:
        document = asking.desk.document(hit.document_id)
        if document is not None:
            text = document.text[hit.start : hit.end]
            about = {"document_id": document.id, "title": document.title, "source": document.source}
            place = {"section": hit.section, "start": hit.start, "end": hit.end, "score": hit.score, "text": text}
            found.append(about | place | _link(base, document.id, hit.start, hit.end, text))
    text = "\n\n".join(f"{hit['title']} > {hit['section']} ({_where(hit)})\n{hit['text']}" for hit in found)
    return text or "Nothing was found.", {"passages": found}


def _link(base: str, document_id: str, start: int, end: int, text: str) -> dict[str, str]:
    """Return the address that opens a slice of a document; none where no desk is served, for it would open nothing."""
    return {"link": base + source_link(document_id, start, end, text)} if base else {}


def _where(place: Mapping[str, Any]) -> str:
    """Return how a reader finds a slice: by its link, or else in the document's file and at its publisher."""
    here = f"{place['document_id']}, characters {place['start']} to {place['end']}; source: {place['source']}"
    return str(place.get("link") or here)
