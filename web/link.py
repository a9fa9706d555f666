"""Addresses of the desk's own pages."""

from urllib.parse import quote


def source_link(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a document in the viewer, scrolled to its slice [start, end) where one is given."""
    path = f"/source/{quote(document_id, safe='/')}"
    return path if start is None or end is None else f"{path}?start={start}&end={end}#cited"
