"""Names in a question that no document holds."""

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.lexical import LexicalIndex, terms

# A capitalised word that does not begin a sentence or a quotation.
NAME = re.compile(r"(?<=[^\W\d_][ ,'’(/-])(?<![.!?:] )[A-Z][^\W\d_]+")


SHORT = 5  # letters up to which a name that differs by two is another name


def unknown_name(question: str, lexical: LexicalIndex) -> str:
    """Return the first name in the question that no document holds in any form, or "".

    A question in capitals throughout has no names to tell.
    """
    found = NAME.findall(question)
    if len(found) > len(re.findall(r"\b[a-z]", question)):
        return ""
    return next((name for name in found if not _is_known(name, lexical)), "")


def _is_known(name: str, lexical: LexicalIndex) -> bool:
    """Return whether the documents hold the name, or one that differs by a letter or, if it is long, by two."""
    forms = terms(name)
    if not forms or any(map(lexical.frequency, forms)):
        return True
    errors = 2 if len(forms[0]) > SHORT else 1
    return process.extractOne(forms[0], lexical.vocabulary(), scorer=OSA.distance, score_cutoff=errors) is not None
