"""What sort of answer a question asks for."""

import re
from typing import Literal

Kind = Literal["who", "when", "where", "number", "list", "definition", "other"]

# The first kind whose pattern is found decides.
KINDS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(
        r"\bhow (?:many|much|often|long|old)\b|\bnumber of\b|\b(?:tele)?phone\b|多少|几[个项家位次年]|电话", re.I
    ),
    "when": re.compile(
        r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bdate of\b"
        r"|何时|什么时候|哪一?[年天月日]|几月|日期",
        re.I,
    ),
    "list": re.compile(  # it asks for several things of a sort, which plurals show
        r"\b(?:list|name|enumerate)\b|\b(?:which|what)\b(?: \w+){0,2} (?!was|is|does|has)\w+[^s\W]s\b"
        r"|\bwhich (?:were|are)\b|\b(?:first|top|leading) (?:two|three|four|five|six|eight|ten|[23568]|10)\b"
        r"|\bwho (?:were|are|all)\b|\bwhat (?:are|were)\b|哪些|哪[几两二三四五六七八九十]|列出|列举|分别|各有",
        re.I,
    ),
    "where": re.compile(
        r"\bwhere\b|\b(?:what|which) (?:city|place|country|town|venue|location)\b|\blocated\b"
        r"|哪里|在哪|何处|哪个城市|地点",
        re.I,
    ),
    "who": re.compile(
        r"\bwho(?:m|se)?\b|\bwhich (?:person|organi[sz]ation|institution|company|university)\b|谁|哪位|何人", re.I
    ),
    "definition": re.compile(
        r"\bwhat (?:is|was|'s)\b|\bdefine\b|\bmeaning of\b|\bwhat does .* (?:mean|stand for)\b|什么是|是什么|指什么",
        re.I,
    ),
}


def kind_of(question: str) -> Kind:
    """Return what sort of answer a question asks for."""
    return next((kind for kind, pattern in KINDS.items() if pattern.search(question)), "other")
