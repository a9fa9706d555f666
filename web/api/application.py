"""All addresses for programs: the desk's own API, OpenAI's form of it and the tools, described at /docs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from web.api.ask import ask_routes
from web.api.asking import Asking
from web.api.completions import completion_routes
from web.api.docs import doc_routes
from web.api.documents import document_routes
from web.api.feedback import Keeper, feedback_routes
from web.api.handlers import handle_problems
from web.api.models import model_routes
from web.api.section import Section
from web.api.shelf import Shelf, shelf_routes
from web.api.tools import tool_route, tool_server
from web.api.turnstile import Turnstile
from web.desk import Desk
from web.door.metrics import metrics_response

PATHS = ("/api", "/v1", "/mcp", "/docs", "/openapi.json", "/metrics")
DESCRIPTION = (
    "Ask about the World Internet Conference and get answers in which every sentence cites its source sentence. "
    'Every failure has one shape: `{"error": {"code", "message", "hint"}}`, below `/v1` with `type` and `param` as '
    "in OpenAI's API. Assistants that speak the Model Context Protocol find the tools `ask` and `search` at `/mcp`."
)


def api_section(desk: Desk, keeper: Keeper | None = None, shelf: Shelf | None = None) -> Section:
    """Return the part of the server that answers programs.

    Without `keeper` nobody rates answers, without `shelf` nobody changes the documents.
    """
    app = FastAPI(title="WIC question desk", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None)
    asking = Asking(desk, Turnstile())
    handle_problems(app)
    app.include_router(ask_routes(asking))
    app.include_router(completion_routes(asking))
    app.include_router(model_routes())
    app.include_router(document_routes(desk))
    if keeper:
        app.include_router(feedback_routes(keeper))
    if shelf:
        app.include_router(shelf_routes(desk, shelf))
    app.include_router(doc_routes(app))
    app.get("/metrics", include_in_schema=False)(
        lambda: metrics_response(desk, asking.turnstile.waiting, asking.turnstile.inside)
    )
    tools = tool_server(asking)
    app.router.routes.append(tool_route(tools))

    @asynccontextmanager
    async def lifespan(_: ASGIApp) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    return Section(app, PATHS, lifespan)
