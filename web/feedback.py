"""Feedback: a thumb and a comment per answer, kept with the whole answer in an SQLite file of its own."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from rag.cite import Answer
from rag.question import LONGEST
from web.api.media import JSON, takes
from web.api.problem import Problem

TABLE = """CREATE TABLE IF NOT EXISTS feedback (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, rating TEXT NOT NULL, comment TEXT NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, corpus_version TEXT NOT NULL
)"""  # answer: the Answer as JSON; read by eval/feedback.py


class Given(BaseModel):
    """What the page sends: a rating with its answer, or a comment on a rating that was given."""

    id: Annotated[str, Field(max_length=32)] = ""
    rating: Literal["up", "down"] | None = None
    comment: Annotated[str, Field(max_length=4000)] = ""
    question: Annotated[str, Field(max_length=LONGEST)] = ""
    answer: Answer | None = None


class Feedback:
    """The file that keeps feedback; safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=10)
        connection.execute(TABLE)
        return connection

    def rate(self, rating: Literal["up", "down"], question: str, answer: Answer, comment: str = "") -> str:
        """Keep a rating and return its id."""
        id = uuid4().hex
        now = datetime.now(UTC).isoformat(timespec="seconds")
        whole = json.dumps(answer.as_dict(), ensure_ascii=False)
        row = (id, now, rating, comment, question, whole, answer.corpus_version)
        with closing(self._open()) as connection, connection:
            connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return id

    def comment(self, id: str, comment: str) -> None:
        """Add a comment to a rating; KeyError if there is none of this id."""
        with closing(self._open()) as connection, connection:
            if not connection.execute("UPDATE feedback SET comment = ? WHERE id = ?", (comment, id)).rowcount:
                raise KeyError(id)


def feedback_routes(feedback: Feedback) -> APIRouter:
    """Return the route by which the page sends feedback: JSON only, which no other site can send unasked."""
    routes = APIRouter(dependencies=[Depends(takes(JSON))])

    @routes.post("/feedback")
    def give(given: Given) -> dict[str, str]:
        if given.id:
            try:
                feedback.comment(given.id, given.comment)
            except KeyError:
                raise Problem(
                    404, "no_feedback", f"There is no feedback {given.id!r}.", "Send a rating first."
                ) from None
            return {"id": given.id}
        if given.rating is None or given.answer is None:
            missing = "rating" if given.rating is None else "answer"
            raise Problem(422, "invalid", f"{missing} is missing.", "Send a rating with the answer that it is about.")
        return {"id": feedback.rate(given.rating, given.question, given.answer, given.comment)}

    return routes
