"""Rich Text Format: its paragraphs."""

import re

from striprtf.striprtf import rtf_to_text

from corpus.document import Extract
from corpus.formats.plain import read_plain

TITLE = re.compile(rb"\\info\b.{0,2000}?\{\\title ([^{}]*)\}", re.DOTALL)


def read_rtf(data: bytes) -> Extract:
    """Return the parts of an RTF file; ValueError where it is none."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ValueError("it is no .rtf file; open it in its program and save it again")
    text = rtf_to_text(data.decode("latin-1"), errors="replace")
    title = rtf_to_text("{\\rtf1 " + match[1].decode("latin-1") + "}").strip() if (match := TITLE.search(data)) else ""
    # Every paragraph of RTF is one line here, however long.
    parts = read_plain(re.sub(r"\n+", "\n\n", text)).parts
    return Extract(parts, {"title": title} if title else {})
