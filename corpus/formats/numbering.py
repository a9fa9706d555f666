"""The numbers that a word processor shows before list items and headings, but does not write into the text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
HAN = "零一二三四五六七八九"
BULLET = "- "


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: `Level("decimal", "%1.%2.", 1)`."""

    style: str  # numFmt of OOXML; "bullet" and "none" have no number
    pattern: str
    start: int = 1


@dataclass(slots=True)
class Counters:
    """Where each list stands; a deeper level starts again after a higher one has moved."""

    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, list_id: str, depth: int, levels: Mapping[int, Level]) -> str:
        """Advance the list and return what stands before its item: `- `, `3. `, `2.1 `, `第一章 `."""
        counts = self.counts.setdefault(list_id, {})
        counts[depth] = counts.get(depth, _start(levels, depth) - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        level = levels.get(depth)
        if level is None or level.style in ("bullet", "none"):
            return BULLET

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            style = levels[place].style if place in levels else "decimal"
            return spell(counts.setdefault(place, _start(levels, place)), style)

        return re.sub(r"%(\d)", number, level.pattern).strip() + " "


def _start(levels: Mapping[int, Level], depth: int) -> int:
    return levels[depth].start if depth in levels else 1


def whole(text: str | None, default: int, most: int = 1_000) -> int:
    """Return a number from a file between 0 and `most`, the default where it is none."""
    return min(int(text), most) if text and text.isdecimal() else default


def spell(number: int, style: str) -> str:
    """Return `number` as OOXML's numFmt writes it; a style that is not known here as digits."""
    return SPELLINGS.get(style, str)(number) if number > 0 else str(number)


def _roman(number: int) -> str:
    letters = ""
    for value, letter in ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens > 9:
        return "".join(HAN[int(digit)] for digit in str(number))
    return (HAN[tens] if tens > 1 else "") + ("十" if tens else "") + (HAN[ones] if ones else "")


SPELLINGS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"), _han),
    **dict.fromkeys(("ideographDigital", "taiwaneseCountingThousand", "chineseLegalSimplified"), _han),
}
