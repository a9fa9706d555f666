"""What a page asks of the server: an order, made by its script."""

import json
from dataclasses import dataclass
from typing import Literal

from web.chat.conversation import Conversation, from_plain
from web.words import Language, language_of

LONGEST = 8_000_000  # characters of an order, with the conversation in it

Action = Literal["ask", "show", "nothing"]


@dataclass(frozen=True, slots=True)
class Order:
    """A question, or a conversation to show, in the reader's language; or nothing, where the script knows better."""

    action: Action
    question: str = ""
    conversation: Conversation = ()
    language: Language = "en"
    document: str = ""  # id to filter by from the start
    serial: int = 0  # tells the script which order was carried out


@dataclass(slots=True)
class Newest:
    """The newest order of a page: what an older one still answers is kept, and no longer shown."""

    serial: int = 0


def order_from(text: str | None) -> Order:
    """Return the order that a script wrote as JSON; ValueError if it is none."""
    if len(text or "") > LONGEST:
        raise ValueError(f"this conversation has {len(text or ''):,} characters; start a new one")
    try:
        values = json.loads(text or "{}")
    except ValueError:
        raise ValueError("the page sent something unreadable; reload it") from None
    if not isinstance(values, dict):
        raise ValueError("the page sent something unreadable; reload it")
    language = language_of(values.get("language", ""))
    return Order(
        action if (action := values.get("action")) in ("ask", "nothing") else "show",
        str(values.get("question", "")),
        from_plain(values.get("conversation", []), language),
        language,
        str(values.get("document", "")),
        serial if isinstance(serial := values.get("serial"), int) else 0,
    )
