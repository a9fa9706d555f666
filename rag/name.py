"""Names in a question that no document holds."""

import re
from collections.abc import Container

from rag.spelling import is_english

# A capitalised word that does not begin a sentence or a quotation.
NAME = re.compile(r"(?<=[^\W\d_][ ,'’(/-])(?<![.!?:] )[A-Z][^\W\d_]+")


def unknown_name(question: str, known: Container[str]) -> str:
    """Return the first name in the question that no document holds, or "".

    `known` are the documents' words, lower case. A question in capitals throughout has no names to tell.
    """
    found = NAME.findall(question)
    if len(found) > len(re.findall(r"\b[a-z]", question)):
        return ""
    return next((name for name in found if not _is_known(name.lower(), known)), "")


def _is_known(name: str, known: Container[str]) -> bool:
    return name in known or name.removesuffix("s") in known or f"{name}s" in known or is_english(name)
