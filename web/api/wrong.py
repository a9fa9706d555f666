"""A value that is not as it must be, told by its field, what it must be, and what it is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from web.api.problem import Problem

SHOWN = 80  # characters of a wrong value that a message repeats
HELP = "GET /docs shows how."
OBJECT = "must be a JSON object"
FACTS = {  # pydantic's kinds of errors, in words for people who know JSON and not pydantic
    "string_type": "must be text",
    "string_unicode": "must be text in valid Unicode",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length:,} characters, not {length:,}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "must have at most {max_length:,} entries, not {length:,}",
    "dict_type": OBJECT,
    "mapping_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "dataclass_type": OBJECT,
    "dataclass_exact_type": OBJECT,
    "literal_error": "must be {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
OTHER = "is not as it must be"


def wrong(error: Mapping[str, Any], sent: Any, help: str = HELP) -> Problem:
    """Return the problem of one of pydantic's errors; `sent` is the whole that it was found in."""
    place = place_in(error["loc"], sent, missing=error["type"] == "missing")
    name = place or "The body"
    if error["type"] == "missing":
        return _problem(f"{name} is missing.", f"Add {place or 'one'}. {help}", place)
    value = error.get("input")
    if error["type"] in UNKNOWN:
        fact, remedy = "is no field that is known here", f"Leave {place} out, or correct its name."
    else:
        fact, remedy = _fact(error, value), f"Correct {place or 'the body'}."
    return _problem(f"{name} {fact}; it is {shown_as(value)}.", f"{remedy} {help}", place)


def _fact(error: Mapping[str, Any], value: Any) -> str:
    """Return what the value must be, or what a check of ours says of it."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return f"is refused: {context['error']}"
    length = len(value) if isinstance(value, str | list) else 0
    return FACTS.get(error["type"], OTHER).format(**{**context, "length": length})


def _problem(message: str, hint: str, place: str) -> Problem:
    return Problem(422, "invalid", message, hint, param=place or None)


def place_in(loc: Sequence[str | int], sent: Any, missing: bool = False) -> str:
    """Return the path of a field, such as "history.0.question": what of a location leads somewhere in what was sent.

    The rest are names of types that were tried, which nobody outside knows; only a missing field leads nowhere.
    """
    path: list[str] = []
    for part in loc[:-1] if missing else loc:
        if _holds(sent, part):
            path.append(str(part))
            sent = sent[part]
    return ".".join((*path, str(loc[-1])) if missing and loc else path)


def _holds(sent: Any, part: str | int) -> bool:
    if isinstance(sent, list):
        return isinstance(part, int) and part < len(sent)
    return isinstance(sent, Mapping) and part in sent


def shown_as(value: Any) -> str:
    """Return a value as JSON has it, cut to what a message can hold."""
    text = json.dumps(value, ensure_ascii=False, default=_file_name)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def _file_name(value: Any) -> str:
    return str(getattr(value, "filename", value))
