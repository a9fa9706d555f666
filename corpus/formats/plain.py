"""Plain text: paragraphs between empty lines, and the lists that stand in them."""

import re
from collections.abc import Iterator

from corpus.document import Extract, Part

MARK = re.compile(r"(\s*)([-*•·●▪◦–]|\d{1,3}[.)])[ \t\u3000]+(?=\S)")
IDEOGRAPH = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def read_plain(text: str) -> Extract:
    """Return the paragraphs and list items of a plain text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    blocks = re.split(r"\n\s*\n|\f", text)
    return Extract(tuple(part for block in blocks if block.strip() for part in _block(block.strip("\n").split("\n"))))


def _block(lines: list[str]) -> Iterator[Part]:
    """Yield a block's parts: a wrapped line goes on, a line that follows a short one or begins a list does not."""
    width = max(len(line.rstrip()) for line in lines)
    run: list[str] = []
    mark = ""
    for line in lines:
        match = MARK.match(line)
        indented = line.startswith("\u3000")
        if run and (match or indented or len(run[-1].rstrip()) < width / 2):
            yield _part(run, mark)
            run, mark = [], ""
        if match:
            mark = match[2] + " " if match[2][0].isdigit() else "- "
            line = line[match.end() :]
        run.append(line)
    yield _part(run, mark)


def _part(lines: list[str], mark: str) -> Part:
    text = " ".join(join_lines(lines).split())
    return Part("item", text, mark=mark) if mark else Part("paragraph", text)


def join_lines(lines: list[str]) -> str:
    """Join wrapped lines; between Chinese characters there is no space to put back."""
    text = ""
    for line in (line.strip() for line in lines):
        tight = not text or not line or (IDEOGRAPH.match(text[-1]) and IDEOGRAPH.match(line[0]))
        text += line if tight else " " + line
    return text
