"""Two questions in one, told apart."""

import re

from rag.follow_up import gist

ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
BEFORE = r"(?:(?:in|at|on|to|by|from|for|with|of)\s+)?"
# A new part begins at a question mark, or at "and" or a comma before a word that asks.
BOUNDARY = re.compile(rf"[?？]\s*(?=\S)|,\s+(?:and\s+)?(?={BEFORE}{ASKS})|\s+and\s+(?={BEFORE}{ASKS})", re.I)
LIST_OF_ASKING = re.compile(rf"{ASKS},?\s+(?:and\s+|or\s+)?$", re.I)  # "when and where": one part
ASKED = re.compile(ASKS, re.I)
FEWEST_WORDS = 3
MOST = 3


def parts_of(question: str) -> list[str]:
    """Return the questions in a question, at most three; one that cannot be told apart stays whole.

    A part of a word or two ("by whom") is completed by what the first one is about.
    """
    pieces: list[str] = []
    start = 0
    for boundary in BOUNDARY.finditer(question):
        if start or not LIST_OF_ASKING.search(question[: boundary.start()] + " "):
            pieces.append(question[start : boundary.start()])
            start = boundary.end()
    pieces.append(question[start:])
    pieces = [piece.strip(" ?？,") for piece in pieces]
    if not 1 < len(pieces) <= MOST or len(pieces[0].split()) < FEWEST_WORDS or not ASKED.search(pieces[0]):
        return [question]
    return [f"{_whole(piece, pieces[0])}?" for piece in pieces]


def _whole(piece: str, first: str) -> str:
    return piece if len(piece.split()) >= FEWEST_WORDS else f"{piece} ({gist(first)})"
