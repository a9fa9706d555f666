"""GET /api/documents: what the desk knows."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from corpus.document import Document
from web.api.problem import Problem, responses
from web.desk import Desk
from web.link import source_link


class Summary(BaseModel):
    """A document without its text."""

    id: str = Field(examples=["wic-organization-overview.md"])
    title: str
    publisher: str
    date: str = Field(description='ISO 8601: "2024-05-24", "2024-05", "2024" or ""')
    kind: str
    language: str
    program: str
    year: str = Field(description="of its edition, its event or its publication")
    source: str = Field(description="what a reader can open or look up")
    link: str = Field(description="its page, on the desk's host")


class Section(BaseModel):
    """A heading of a document."""

    title: str
    level: int
    start: int


class Whole(Summary):
    """A document with its text; every offset of a citation points into it."""

    outline: list[Section]
    pages: list[int] = Field(description="offset at which each page begins")
    text: str


class Catalog(BaseModel):
    """All documents."""

    corpus_version: str
    documents: list[Summary]


def document_routes(desk: Desk) -> APIRouter:
    """Return the routes that read the documents."""
    routes = APIRouter(tags=["Documents"])

    @routes.get("/api/documents", summary="List the documents", response_model=Catalog, responses=responses(503))
    def documents() -> JSONResponse:
        store = desk.chatbot.store
        listed = [summary(document) for document in store.catalog]
        return JSONResponse({"corpus_version": store.manifest.corpus_version, "documents": listed})

    @routes.get(
        "/api/documents/{document_id:path}",
        summary="Read a document",
        response_model=Whole,
        responses=responses(404, 503),
    )
    def document(document_id: str) -> JSONResponse:
        found = desk.document(document_id)
        if found is None:
            raise no_document(document_id)
        outline = [{"title": h.title, "level": h.level, "start": h.start} for h in found.outline]
        return JSONResponse(summary(found) | {"outline": outline, "pages": list(found.pages), "text": found.text})

    return routes


def summary(document: Document) -> dict[str, Any]:
    """Return a document's metadata as JSON."""
    names = ("id", "title", "publisher", "date", "kind", "language", "program", "year", "source")
    return {name: getattr(document, name) for name in names} | {"link": source_link(document.id)}


def no_document(document_id: str) -> Problem:
    """Return the problem of an id that no document has."""
    hint = "GET /api/documents lists them all."
    return Problem(404, "no_document", f"The desk has no document {document_id[:200]!r}.", hint)
