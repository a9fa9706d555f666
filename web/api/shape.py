"""What a client may send: each field with its limits."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from rag.follow_up import Turn
from rag.question import LONGEST
from rag.scope import Scope

TURNS = 50  # of a conversation
ANSWER = 20_000  # characters of an earlier answer
NAMES = 100  # of a filter

QuestionText = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST, description="in English or Chinese",
          examples=["Where is the World Internet Conference headquartered?"]),
]  # fmt: skip
Names = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=NAMES)]


class Strict(BaseModel):
    """A field that the desk does not know is an error, so that no typing error goes unseen."""

    model_config = ConfigDict(extra="forbid")


class Earlier(Strict):
    """An earlier question of the conversation, with its answer."""

    question: QuestionText
    answer: str = Field(default="", max_length=ANSWER)

    def turn(self) -> Turn:
        """Return the turn as the desk knows it."""
        return Turn(self.question, self.answer)


class Filter(Strict):
    """Only documents that match every list that is not empty."""

    programs: Names = Field(default=[], examples=[["Wuzhen Summit"]])
    kinds: Names = []
    years: Names = Field(default=[], examples=[["2025"]])
    documents: Names = Field(default=[], description="ids")

    def scope(self) -> Scope:
        """Return the filter as the search knows it."""
        return Scope(**{name: tuple(wanted) for name, wanted in self.model_dump().items()})


class Question(Strict):
    """A question, with the turns that it follows and the documents that it is asked of."""

    question: QuestionText
    history: list[Earlier] = Field(default=[], max_length=TURNS, description="earlier turns, oldest first")
    scope: Filter = Filter()

    def turns(self) -> list[Turn]:
        """Return the earlier turns."""
        return [turn.turn() for turn in self.history]


EXAMPLES: dict[str, Any] = {
    "question": {
        "summary": "A question",
        "value": {"question": "Where is the World Internet Conference headquartered?"},
    },
    "follow_up": {
        "summary": "A follow-up",
        "value": {
            "question": "When was it founded?",
            "history": [{"question": "What is the WIC?", "answer": "An international organization."}],
        },
    },
    "filter": {
        "summary": "Only some documents",
        "value": {"question": "谁获得了奖项？", "scope": {"years": ["2025"]}},
    },
}
