"""How many tokens a text has for an LLM whose tokenizer is not at hand: never fewer than it will count.

A tokenizer of our own would be that of another model, and those that count exactly download their vocabulary. This
count is an upper bound for what people write; tests/integration/test_llama_server.py holds it against a real one.
"""

import math
import re

PIECE = re.compile(r"(?P<word>[A-Za-z]+)|(?P<other>[^\W\d_]|\d|[^\w\s]|_)", re.UNICODE)
LETTERS = 4  # of an English word in one token, cautiously
MESSAGE = 8  # tokens that the server writes around a message


def count(text: str) -> int:
    """Return how many tokens a text has at most."""
    return sum(math.ceil(len(match["word"]) / LETTERS) if match["word"] else 1 for match in PIECE.finditer(text))


def count_messages(texts: list[str]) -> int:
    """Return how many tokens the messages of a conversation have at most."""
    return sum(count(text) + MESSAGE for text in texts)
