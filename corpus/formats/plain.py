"""Plain text: paragraphs between empty lines, in whatever encoding."""

import re

from corpus.document import Extract, Part


def read_plain(text: str) -> Extract:
    """Return the paragraphs of a plain text."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Extract(tuple(Part("paragraph", " ".join(p.split())) for p in paragraphs if p.strip()))
