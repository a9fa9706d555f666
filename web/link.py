"""Addresses of the desk's own pages."""

import hashlib
from urllib.parse import quote

_root = ""  # of this process, as the settings say before anything is served


def serve_below(root: str) -> None:
    """Let every address begin with the path below which a proxy serves the desk; "" for none."""
    global _root
    _root = root


def at(path: str) -> str:
    """Return an address of the desk as a browser knows it."""
    return f"{_root}{path}"


def source_link(document_id: str, start: int | None = None, end: int | None = None, text: str = "") -> str:
    """Return the address of a document in the viewer, scrolled to its slice [start, end) where one is given.

    `text` is what stands there: with its seal in the address, the slice is found again after it has moved.
    """
    path = f"{_root}/source/{quote(document_id, safe='/')}"
    if start is None or end is None:
        return path
    sealed = f"&seal={seal(text)}" if text else ""
    return f"{path}?start={start}&end={end}{sealed}#cited"


def original_link(document_id: str) -> str:
    """Return the address of the file that a document was read from."""
    return f"{_root}/original/{quote(document_id, safe='/')}"


def seal(text: str) -> str:
    """Return 12 hex digits that stand for a slice of text."""
    return hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def ask_link(document_id: str) -> str:
    """Return the address of the chat page, to ask of one document only."""
    return f"{_root}/?document={quote(document_id, safe='')}"
