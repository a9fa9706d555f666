"""Plain text: what its lines show of headings, items and paragraphs, also where it was extracted from a PDF."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.clean import clean
from corpus.document import Extract, Part
from corpus.formats.markdown import read_markdown

MARK = re.compile(r"\s*([-*•·●▪◦–]|\(?\d{1,3}[.)]|[（(]\d{1,3}[)）]|[a-z]\))(?:[ \t\u3000]+|(?<=[）]))(?=\S)")
ATX = re.compile(r"(#{1,6})[ \t]+(\S.*)")
UNDERLINE = re.compile(r"(=|-|~){4,}\s*")
FINAL = re.compile(r"[.!?:;,。！？：；，、…][\"'”’」』》）)\]]*$")
NUMBERED = re.compile(
    r"(\d{1,2}|[IVX]{1,5})[.．、]\s*(?=\D)|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]+[章部篇]"
)
NESTED = re.compile(
    r"\d{1,2}(\.\d{1,2})+\.?\s|[(（]([IVX]{1,5}|[一二三四五六七八九十]{1,3})[)）]|第[一二三四五六七八九十\d]+节"
)
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
LONGEST = 150  # characters of a heading in letters; a Chinese character counts for two and a half
LONG_LINE = 160  # characters; no text is wrapped at more


@dataclass(frozen=True, slots=True)
class Block:
    """Lines between empty lines."""

    lines: tuple[str, ...]
    page: int | None


def read_plain(text: str) -> Extract:
    """Return the parts of a plain text; where it marks headings as Markdown does, the first of the top is its title."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    blocks = tuple(_blocks(text))
    wrapped = _is_wrapped(blocks)
    marked = sum(bool(ATX.fullmatch(line)) for block in blocks for line in block.lines) > 1
    parts: list[Part] = []
    alone: list[bool] = []  # whether each part may be a heading for the room that it has
    for block in blocks:
        found = list(_block_parts(block, wrapped, marked))
        parts += found
        few = len(block.lines) <= (1 if wrapped else 2)  # a heading and one below it may stand together
        alone += [few or max(map(len, block.lines)) > LONG_LINE] * len(found)
    cleaned = clean(parts if marked else find_headings(parts, alone))
    return Extract(cleaned, _title(cleaned) if marked else {})


def _blocks(text: str) -> Iterator[Block]:
    pages = text.split("\f")
    for number, page in enumerate(pages, start=1):
        for block in re.split(r"\n\s*\n", page):
            if block.strip():
                yield Block(tuple(block.strip("\n").split("\n")), number if len(pages) > 1 else None)


def _is_wrapped(blocks: Sequence[Block]) -> bool:
    """True where lines break in mid-sentence: the next begins in lower case, or Chinese lines have one length."""
    breaks = [(a, b) for block in blocks for a, b in pairwise(block.lines) if not _starts(b)]
    width = max((len(a) for a, _ in breaks), default=0)
    if not breaks or width > LONG_LINE:
        return False
    chinese = [a for a, _ in breaks if IDEOGRAPH.search(a)]
    full = sum(len(a.rstrip()) > 0.85 * width for a in chinese)
    lower = sum(b.lstrip()[:1].islower() for _, b in breaks)
    return lower > 0.3 * len(breaks) or full > 0.5 * len(breaks)


def _starts(line: str) -> bool:
    return bool(MARK.match(line) or ATX.fullmatch(line) or line.startswith("\u3000"))


def _block_parts(block: Block, wrapped: bool, marked: bool) -> Iterator[Part]:
    lines = block.lines
    if len(lines) > 1 and all(line.lstrip().startswith("|") for line in lines):
        yield from (replace(part, page=block.page) for part in read_markdown("\n".join(lines)).parts)
        return
    if len(lines) > 1 and len(lines[0]) <= LONGEST and UNDERLINE.fullmatch(lines[1]):
        yield Part("heading", lines[0].strip(), 1 if lines[1][0] == "=" else 2, block.page)
        lines = lines[2:]
    run: list[str] = []
    for line in lines:
        if run and not _goes_on(run, line, lines, wrapped):
            yield _part(run, block.page, marked)
            run = []
        run.append(line)
    if run:
        yield _part(run, block.page, marked)


def _goes_on(run: list[str], line: str, lines: Sequence[str], wrapped: bool) -> bool:
    """True where a line is the rest of the one above: it begins in lower case, or its first word had no room there."""
    above = run[-1].rstrip()
    if _starts(line) or ATX.fullmatch(above):
        return False
    if "\t" in line.strip() or "\t" in above.strip():
        return False
    if not FINAL.search(above) and line.lstrip()[:1].islower():
        return True
    indented = len(line) - len(line.lstrip()) > len(run[-1]) - len(run[-1].lstrip()) + 1
    if not wrapped or (indented and not MARK.match(run[0])):
        return False
    word = 1 if IDEOGRAPH.match(line.lstrip()) else len(line.split()[0]) + 1
    return len(above) + word > 0.8 * max(map(len, lines))


def _part(lines: Sequence[str], page: int | None, marked: bool) -> Part:
    text = "\n".join(lines).strip()
    if marked and (heading := ATX.fullmatch(text)):
        title = heading[2].rstrip("#") if heading[2].endswith((" #", "##")) else heading[2]
        return Part("heading", title.strip(), len(heading[1]), page)
    if not (mark := MARK.match(text)):
        return Part("paragraph", text, page=page)
    sign = "- " if not any(map(str.isalnum, mark[1])) else mark[1] + " "
    return Part("item", text[mark.end() :], page=page, mark=sign)


def find_headings(parts: Sequence[Part], alone: Sequence[bool]) -> list[Part]:
    """Return the parts with the short lines that stand alone above prose as headings, ranked by their numbers."""
    likely = [one and _may_head(part) for part, one in zip(parts, alone, strict=True)]
    heads = [False] * (len(parts) + 1)
    for i in range(len(parts) - 2, -1, -1):
        listed = parts[i].kind == parts[i + 1].kind == "item"
        heads[i] = likely[i] and not listed and (heads[i + 1] or not likely[i + 1])
    inner = [i for i in range(1, len(parts)) if all(heads[i - 1 : i + 2]) and not _number(parts[i])]
    return list(_ranked(parts, [is_head and i not in inner for i, is_head in enumerate(heads)]))  # inner: a by-line


def _may_head(part: Part) -> bool:
    text = _full(part)
    if (
        re.search(r"[\n\t]|\s{3}", text)
        or FINAL.search(text)
        or len(text) + 1.5 * len(IDEOGRAPH.findall(text)) > LONGEST
    ):
        return False
    if part.kind == "item":
        return NUMBERED.match(text) is not None and not text[0].islower()
    return part.kind == "paragraph" and (text[0].isupper() or IDEOGRAPH.match(text) is not None or _number(part) > 0)


def _full(part: Part) -> str:
    return part.mark + part.text if part.kind == "item" else part.text


def _number(part: Part) -> int:
    """Return how deep a heading's number says that it is: 2 for a chapter, 3 below it, 0 without a number."""
    text = _full(part)
    return 3 if NESTED.match(text) else 2 if NUMBERED.match(text) else 0


def _ranked(parts: Sequence[Part], heads: Sequence[bool]) -> Iterator[Part]:
    above = 1
    first = True
    for part, is_head in zip(parts, heads, strict=False):
        if is_head:
            number = _number(part)
            level = number or (1 if first else above + 1)
            above = number or above
            part = Part("heading", _full(part), level, part.page)
        first = first and not part.text
        yield part


def _title(parts: Sequence[Part]) -> dict[str, str]:
    headings = [p for p in parts if p.kind == "heading"]
    top = min(headings, key=lambda p: p.level, default=None)
    return {"title": top.text} if top and top is not headings[0] else {}
