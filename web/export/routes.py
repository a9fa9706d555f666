"""A conversation as a file: Markdown, Word, or HTML to print. The browser sends what it keeps."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response

from rag.cite import MARK
from web.chat.conversation import from_plain
from web.export.markdown import markdown
from web.export.transcript import Transcript, blocks, facts_of, transcript
from web.export.word import word
from web.locale import language_for
from web.template import render
from web.words import PAGE, WORDS, Language

LONGEST = 8_000_000  # characters of a conversation
PRINTED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def export_routes() -> APIRouter:
    """Return the route that turns a conversation into a file."""
    routes = APIRouter()

    @routes.post("/export/{form}")
    def export(request: Request, form: Literal["md", "docx", "html"], conversation: Annotated[str, Form()]) -> Response:
        language = language_for(request)
        try:
            read = _transcript(conversation, language)
        except ValueError as error:
            return Response(f"This conversation cannot be exported: {error}.", 400, media_type="text/plain")
        return _file(read, form, language)

    return routes


def _transcript(conversation: str, language: Language) -> Transcript:
    if len(conversation) > LONGEST:
        raise ValueError(f"it has {len(conversation):,} characters")
    try:
        values = json.loads(json.dumps(json.loads(conversation), ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):  # the bytes have no half characters, which no file can hold
        raise ValueError("it is not JSON") from None
    if not isinstance(values, dict):
        raise ValueError("it is no conversation")
    named = values.get("title")
    title = named if named and isinstance(named, str) else PAGE[language].title
    today = datetime.now(UTC).date().isoformat()
    return transcript(title, today, from_plain(values.get("exchanges"), language), language)


def _file(read: Transcript, form: str, language: Language) -> Response:
    if form == "md":
        return Response(markdown(read, language), headers=_saved(read, form), media_type="text/markdown; charset=utf-8")
    if form == "docx":
        return Response(word(read, language), headers=_saved(read, form), media_type=WORD)
    return render(
        "transcript.html", language, headers={"Content-Security-Policy": PRINTED, "Cache-Control": "no-store"},
        transcript=read, words=WORDS[language], blocks=blocks, facts_of=facts_of, pieces=_pieces,
    )  # fmt: skip


def _saved(read: Transcript, form: str) -> dict[str, str]:
    name = quote(f"{read.title[:60].strip().replace('/', '-')}.{form}", safe="")
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield (text, "") and ("", number of a mark) in turn."""
    first, *rest = MARK.split(text)
    yield first, ""
    for number, after in zip(rest[::2], rest[1::2], strict=True):
        yield "", number
        yield after, ""
