"""One wording for what is worded in several ways: dates, numbers, short names, and the few words that mean the same."""

import re
from collections.abc import Mapping
from functools import lru_cache

from corpus.months import MONTHS

MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
DAYS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:~(?P<last>\d{1,2})(?:st|nd|rd|th)?)?"
DATES = (
    re.compile(rf"\b{MONTH} {DAYS}(?:,? (?P<year>\d{{4}}))?(?![\d,]\d)"),
    re.compile(rf"\b{DAYS} {MONTH}(?:,? (?P<year>\d{{4}}))?\b"),
    re.compile(rf"\b{MONTH},? (?P<year>\d{{4}})\b"),
)
BETWEEN = re.compile(r"(?<=\d)\s*(?:\bto\b|\bthrough\b|\buntil\b|[-–—])\s*(?=\d)")  # "19 to 21", "19-21"
BETWEEN_DATES = re.compile(r"(?<=\d)\s*(?:\bto\b|\bthrough\b|\buntil\b|[-–—])\s*@(?=[\d_])")
PLACE = re.compile(  # "in Beijing, China": one place
    r"(?<=\b[Ii]n )((?:[A-Z][\w’-]+ )*[A-Z][\w’-]+), ((?:[A-Z][\w’-]+ )*[A-Z][\w’-]+)"
    r"(?=[,.;)]|$| (?:in|on|at|from|with|to|and|since|by)\b)"
)
CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
NUMBERS = {word: str(number) for number, word in enumerate(CARDINALS)} | {
    word: f"{number}{SUFFIXES.get(number, 'th')}" for number, word in enumerate(ORDINALS, 1)
}
# Each of them says the same of the same thing, in the same tense; what only resembles another (host and organiser,
# opened and held, launched and founded) is not here.
SAME = tuple(
    (re.compile(pattern, re.I), instead)
    for pattern, instead in (
        (r"\b(?:has|have) (?:(?:its|their|the) )?headquarters (?=in\b)", "is based "),
        (r"\bhad (?:(?:its|their|the) )?headquarters (?=in\b)", "was based "),
        (r"\bheadquartered (?=in\b)", "based "),
        (r"\b(?:situated) (?=in\b)", "located "),
        (r"\b(?:took) place\b", "was held"),
        (r"\b(?:takes|take) place\b", "is held"),
        (r"(?<=\bwas )(?:established|set up)\b", "founded"),
        (r"\bcounts (?=\d+ members\b)", "has "),
        (r"(?<=\d)\s*(?:%|per ?cent\b)", " percent"),
        (r"(\w{3})is(?=e[sd]?\b|ing\b|ations?\b|ers?\b)", r"\1iz"),
        (r"\b(cent)res?\b", r"\1er"),
        (r"\bprogrammes\b", "programs"),
        (r"\bprogramme\b", "program"),
    )
)


def same_words(text: str) -> str:
    """Return the text with one word for those that mean the same."""
    for pattern, instead in SAME:
        text = pattern.sub(instead, text)
    return text


def one_wording(text: str, long_forms: Mapping[str, str]) -> str:
    """Return the text in its one wording: short names, dates as @2022_07_12, numbers in figures, places in one."""
    for short, long in long_forms.items():
        if long in text:
            text = re.sub(rf"\b{re.escape(long)}(?: \({re.escape(short)}\))?", short, text)
    return _worded(text)


@lru_cache(512)
def _worded(text: str) -> str:
    text = BETWEEN.sub("~", re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text))
    for pattern in DATES:
        text = pattern.sub(_date, text)
    text = re.sub(r"[^\W\d_]+", lambda m: NUMBERS.get(m[0].lower(), m[0]), BETWEEN_DATES.sub("~", text))
    return same_words(PLACE.sub(r"\1 ‚ \2", re.sub(r"\bwere\b", "was", text)))


def _date(match: re.Match[str]) -> str:
    found = match.groupdict()
    date = f"@{found['year'] or ''}_{MONTHS.index(found['month']) + 1:02}"
    if found.get("day"):
        date += f"_{int(found['day']):02}" + (f"~{int(found['last']):02}" if found["last"] else "")
    return date
