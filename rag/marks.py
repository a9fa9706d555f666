"""What an LLM writes, read as it arrives: finished sentences, each with the source numbers that its marks name.

Nothing of the model's own markup comes through: links, images, addresses, tags and emphasis are removed; a bracket
that is open is held back until it is known what it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.sentences import sentence_spans

OPENING, CLOSING = r"[\[［【]", r"[\]］】]"
NUMBERS = r"\d+(?:\s*(?:[,，、;&–-]|and)\s*(?:source\s*)?\d+)*"
GROUP = re.compile(rf"{OPENING}\s*\^?\s*(?:sources?|来源|资料)?\s*:?\s*(?P<numbers>{NUMBERS})\s*{CLOSING}", re.I)
RANGE = re.compile(r"(\d+)\s*[–-]\s*(?:source\s*)?(\d+)", re.I)
LONGEST_RANGE, MOST_DIGITS = 20, 6
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
ADDRESS = re.compile(
    r"(?:\b(?:https?|ftp|file|mailto):|\bwww\.)[^\s\])>。，；]*[^\s\])>。，；.,;]|\b(?:javascript|data|vbscript):\S+",
    re.I,
)
TAG = re.compile(r"<[/!]?[A-Za-z][^<>\n]*>")
# At the end of what has arrived: something that may become a mark, a link, a tag or an address.
OPEN = re.compile(
    rf"(?:!?{OPENING}[^\]］】\n]{{0,100}}|\[[^\]\n]{{0,100}}\](?:\([^)\n]{{0,400}})?|<[^<>\n]{{0,400}}"
    r"|\b(?:https?:|www\.|javascript:|data:)\S*|!)$",
    re.I,
)
BULLET = re.compile(r"^\s*(?:[-–•*+]|\d{1,2}[.)、])\s+(?=\S)")
DECORATION = re.compile(r"\*\*|__|`+|^\s*#+\s+|^\s*>\s+")
EMPHASIS = re.compile(r"(?<![A-Za-z0-9*_])([*_])(?=\S)([^*_]*\S)\1(?![A-Za-z0-9*_])")
# What a sentence may begin with that says only that it is an answer, and from where.
FROM = r"(?:based on|according to|as stated in|from)"
LEAD_IN = re.compile(
    r"^(?:(?:the )?(?:short |final )?answer(?: is)?\s*[:：]\s*"
    rf"|{FROM}(?: (?:the|these|your))?(?: (?:numbered|given|provided))? (?:sources?|documents?|context)"
    r"(?: (?:provided|given|above))?(?: \d+)?\s*[,:]\s*|(?:based on|according to)\s*[,:]\s*"
    r"|(?:答案?|回答)\s*[:：]\s*|(?:根据|依据)(?:以上|上述|所给|提供的|这些)?(?:资料|来源|文件|文档)\s*[,，:：]\s*)+",
    re.I,
)
BREAKS = re.compile(r"[\s。！？；㐀-鿿]")  # after such a character a sentence may turn out to have ended


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it."""

    text: str  # without marks and markup
    marks: tuple[int, ...]  # numbers of sources, 1.., each once, as the model numbers them
    item: bool  # of a list


class Parser:
    """Reads a reply piece by piece; how it is cut into pieces makes no difference."""

    def __init__(self, sources: int) -> None:
        """`sources`: how many there are; marks of others are removed and counted in `unknown`."""
        self.unknown = 0
        self._sources = sources
        self._raw = ""  # of the line, from the first sentence that is not finished
        self._item = False  # the line is a list item

    @property
    def draft(self) -> str:
        """The sentence being written, without marks and markup and whatever may still become such."""
        return _clean(OPEN.sub("", self._raw))

    def feed(self, delta: str) -> list[Written]:
        """Return the sentences that are finished by what arrives now."""
        finished: list[Written] = []
        for character in delta:
            if character in "\n\r":
                finished += self._line()
                continue
            self._raw += character
            if BREAKS.match(character):
                finished += self._cut()
        return finished

    def end(self) -> list[Written]:
        """Return what is left when nothing more arrives."""
        return self._line()

    def _line(self) -> list[Written]:
        """Return all sentences of the line, which is over."""
        finished = [*self._cut()]
        masked = _masked(self._raw)
        spans = sentence_spans(masked)
        starts = [0, *(start for start, _ in spans[1:])]
        for start, end in zip(starts, [*starts[1:], len(self._raw)], strict=True):
            finished += self._written(self._raw[start:end])
        self._raw, self._item = "", False
        return finished

    def _cut(self) -> Iterator[Written]:
        """Yield the sentences after which another one has begun."""
        while not OPEN.search(self._raw):
            spans = sentence_spans(_masked(self._raw))
            if len(spans) < 2 or not _has_begun(self._raw[spans[1][0] :]):
                return
            finished, self._raw = self._raw[: spans[1][0]], self._raw[spans[1][0] :]
            yield from self._written(finished)

    def _written(self, raw: str) -> Iterator[Written]:
        if BULLET.match(raw):
            self._item = True
        numbers = list(dict.fromkeys(number for group in GROUP.finditer(raw) for number in _numbers(group["numbers"])))
        known = tuple(number for number in numbers if 1 <= number <= self._sources)
        self.unknown += len(numbers) - len(known)
        text = _clean(raw)
        if re.search(r"\w", text):
            yield Written(text, known, self._item)


def _numbers(text: str) -> Iterator[int]:
    """Yield the numbers of a mark, ranges spelled out; 0 for one that is too long to be any source's."""
    for first, last in RANGE.findall(text):
        if max(len(first), len(last)) <= MOST_DIGITS and 0 < int(last) - int(first) <= LONGEST_RANGE:
            yield from range(int(first), int(last) + 1)
    for digits in re.findall(r"\d+", RANGE.sub(lambda m: f"{m[1]} {m[2]}", text)):
        yield int(digits) if len(digits) <= MOST_DIGITS else 0


def _masked(raw: str) -> str:
    """Return the text of the same length in which markup and a list's bullet are blank, to find sentences in."""
    for pattern in (LINK, GROUP, TAG, ADDRESS, BULLET):
        raw = pattern.sub(lambda match: " " * len(match[0]), raw)
    return raw


def _has_begun(text: str) -> bool:
    """Return whether more than an uncertain beginning of the next sentence is there."""
    return bool(re.search(r"\S\s|[㐀-鿿]{2}", _masked(text)))


def _clean(raw: str) -> str:
    text = LINK.sub(lambda match: "" if match["image"] or _is_number(match["text"]) else match["text"], raw)
    for pattern in (GROUP, TAG, ADDRESS):
        text = pattern.sub(" ", text)
    text = EMPHASIS.sub(r"\2", DECORATION.sub("", BULLET.sub("", text)))
    text = "".join(character if character.isprintable() else " " for character in text)
    text = text.translate(str.maketrans("[]［］【】<>|", "()()()   "))
    text = re.sub(r"\s+(?=[.,;:!?。，；：！？])", "", " ".join(text.split()))
    bare = LEAD_IN.sub("", text.strip())
    return bare if bare == text.strip() else bare[:1].upper() + bare[1:]


def _is_number(text: str) -> bool:
    return text.strip().isdigit()
