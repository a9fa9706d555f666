"""Where the sentences of a paragraph begin and end, in English and Chinese."""

import re
from collections.abc import Iterator

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof hon rev sr jr st gen col sen rep gov co corp inc ltd plc dept univ assn bros "
    "vs etc e.g i.e cf al ca approx est no nos vol fig ed eds pp p para sec art "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun a.m p.m".split()
)
END = re.compile(
    r"""
      [。！？!?]+ [”’"'」』）)\]》]*             # Chinese marks end a sentence whatever follows
    | [.!?…]+ [”’"'）)\]]* (?=\s+\S|\s*$)       # Latin ones only before white space
    """,
    re.VERBOSE,
)
LAST_WORD = re.compile(r"([^\s(\[“\"']+)$")
CONTINUES = re.compile(r"\s+[a-zà-öø-ÿ,;:]")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence; together they hold every character that is not white space."""
    return [span for span in _spans(text) if span[0] < span[1]]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = _skip_space(text, 0)
    for match in END.finditer(text):
        if match.start() < start or not _ends_sentence(text, match):
            continue
        yield start, match.end()
        start = _skip_space(text, match.end())
    yield start, len(text.rstrip())


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    if mark[0][0] in "。！？":
        return True
    if CONTINUES.match(text, mark.end()):
        return False
    if mark[0][0] in "!?…" or len(mark[0].rstrip("”’\"')]）")) > 1:
        return mark.end() == len(text) or text[mark.end()].isspace() or mark[0][0] != "…"
    word = LAST_WORD.search(text, max(0, mark.start() - 30), mark.start())
    return not word or not _is_abbreviation(word[1], text, mark.end())


def _is_abbreviation(word: str, text: str, end: int) -> bool:
    """An initial ("J."), a known short form ("Ltd.") or dotted letters ("U.S.") that do not end the text."""
    if end >= len(text.rstrip()):
        return False
    lower = word.lower().strip(".")
    if lower in ABBREVIATIONS:
        return True
    return bool(re.fullmatch(r"[A-Z]", word) or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word))


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
