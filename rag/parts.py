"""Two questions in one, told apart."""

import re

ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
# A new part begins at a question mark, or at "and" or a comma before a word that asks.
BOUNDARY = re.compile(rf"[?？]\s*(?=\S)|,?\s+and\s+(?=(?:(?:in|at|on|to|by|from|for|with|of)\s+)?{ASKS})", re.I)
LIST_OF_ASKING = re.compile(rf"{ASKS},?\s+(?:and\s+|or\s+)?$", re.I)  # "when and where": one part
FEWEST_WORDS = 3
MOST = 3


def parts_of(question: str) -> list[str]:
    """Return the questions in a question, at most three; one that cannot be told apart stays whole."""
    pieces: list[str] = []
    start = 0
    for boundary in BOUNDARY.finditer(question):
        if not LIST_OF_ASKING.search(question[start : boundary.start()] + " "):
            pieces.append(question[start : boundary.start()])
            start = boundary.end()
    pieces.append(question[start:])
    whole = all(len(piece.split()) >= FEWEST_WORDS for piece in pieces) and len(pieces) <= MOST
    return [f"{piece.strip(' ?？,')}?" for piece in pieces] if whole and len(pieces) > 1 else [question]
