"""POST and DELETE /api/documents: administrators change what the desk knows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, Field

from web.api.documents import no_document
from web.api.media import FORM, takes
from web.api.problem import Problem, responses
from web.desk import Desk
from web.door.gate import CALLER

POLL = 0.1  # seconds between two looks at the work


class Progress(Protocol):
    """How far the work is."""

    @property
    def state(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def report(self) -> dict[str, Any]: ...


class Work(Protocol):
    """The part of web.documents.work.Work that changes the index; one piece of work at a time."""

    @property
    def progress(self) -> Progress: ...
    def add(self, folder: Path) -> None: ...
    def remove(self, ids: Sequence[str]) -> None: ...


def _files(values: Any) -> Any:
    """Return the values of the form's field; ValueError if one is a text."""
    if any(isinstance(value, str) for value in values):
        raise ValueError("it must be files, each with its name")
    return values


Files = Annotated[list[UploadFile], BeforeValidator(_files)]


@dataclass(frozen=True, slots=True)
class Shelf:
    """How documents come in and go out."""

    work: Work
    busy: type[Exception]  # what the work raises while other work is going on
    receive: Callable[[Iterable[Any]], Awaitable[Path]]  # uploaded files -> a folder; ValueError for a wrong one


class Filed(BaseModel):
    """What became of one document."""

    id: str
    state: Literal["added", "changed", "unchanged", "removed", "failed"]
    reason: str = Field(description="of a failure")


class Filing(BaseModel):
    """What was done."""

    files: list[Filed]
    corpus_version: str
    seconds: float


def admin_only() -> None:
    """Problem unless the administrator asks."""
    caller = CALLER.get()
    if caller is None or caller.kind != "admin":
        raise Problem(
            403,
            "administrators_only",
            "Only administrators change the documents.",
            "Send Authorization: Bearer with the value of RAG_ADMIN_TOKEN.",
        )


def shelf_routes(desk: Desk, shelf: Shelf) -> APIRouter:
    """Return the routes that change the documents; the desk answers from the old ones meanwhile."""
    routes = APIRouter(tags=["Documents"], dependencies=[Depends(admin_only)])

    @routes.post(
        "/api/documents",
        summary="Add documents",
        response_model=Filing,
        responses=responses(409, 415, 503),
        dependencies=[Depends(takes(FORM))],
    )
    async def add(files: Files) -> JSONResponse:
        """A file of the name of an added document takes its place. Answers when the index is ready."""
        try:
            folder = await shelf.receive(files)
        except ValueError as error:
            raise Problem(422, "invalid", f"files: {error}.", "Send other files.") from None
        return await _done(shelf, lambda: shelf.work.add(folder))

    @routes.delete(
        "/api/documents/{document_id:path}",
        summary="Remove a document",
        response_model=Filing,
        responses=responses(404, 409, 503),
    )
    async def remove(document_id: str) -> JSONResponse:
        """A document of the corpus folder stays in the folder and is left out of the index."""
        if desk.document(document_id) is None:
            raise no_document(document_id)
        return await _done(shelf, lambda: shelf.work.remove([document_id]))

    return routes


async def _done(shelf: Shelf, begin: Callable[[], None]) -> JSONResponse:
    """Return the report when the work is done."""
    try:
        begin()
    except shelf.busy:
        raise Problem(409, "busy", "The documents are being changed already.", "Try again in a minute.") from None
    while shelf.work.progress.state == "working":
        await asyncio.sleep(POLL)
    progress = shelf.work.progress
    if progress.state == "failed":
        raise Problem(409, "not_changed", f"{progress.message}.", "The documents are as they were.")
    return JSONResponse(progress.report)
