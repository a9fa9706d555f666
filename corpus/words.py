"""Words that an extraction broke: each repair takes its evidence from the document's own words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

Vocabulary = Mapping[str, int]  # word, with its inner hyphens -> how often it stands unbroken

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
INVISIBLE = dict.fromkeys([*range(9), *range(14, 32), 0x7F, 0x200B, 0x2060, 0xFEFF])
CJK = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BROKEN = re.compile(r"(?<!\S)\S*-[ \t]*(?:\n\s*\S*|$)")
LINE_END = re.compile(r"(?<![^\W_])([^\W_]+)-[ \t]*\n\s*([^\W_]+)")
INNER = re.compile(r"(?<![^\W_])([^\W\d_]{2,})-(?=([^\W\d_]{2,})(?![^\W_]))")
COMPOUND = frozenset(
    ("all", "cross", "half", "high", "long", "low", "non", "one", "self", "short", "state", "two", "well")
)
SOLID = frozenset(("back", "fore", "over", "some", "there", "under", "where", "with"))  # begin many solid words
MARKED = re.compile(r"\s?<sup>\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*</sup>")
GLUED = re.compile(r"(?:(?<=[^\W\d_]{3}[.,;:!?])|(?<=[.!?][\"'”’)\]]))(\d{1,2})(?=\s|$)")
NUMBERED = re.compile(
    r"\b(art|arts|approx|app|chap|col|ed|eds|eq|fig|figs|item|line|nos|para|pp|ref|sec|tab|ver|vol)\.$", re.I
)


def plain_characters(text: str) -> str:
    """Return the text with ligatures spelt out, and without soft hyphens and characters that nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("\u00ad(?=[ \t]*\n)", "-", text).replace("\u00ad", "")
    return text.translate(LIGATURES).translate(INVISIBLE)


def vocabulary(texts: Iterable[str]) -> Counter[str]:
    """Count the words that stand unbroken: those on both sides of a hyphen at a line's end are left out."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(WORD.findall(BROKEN.sub(" ", text)))
    return words


def join_lines(text: str, words: Vocabulary) -> str:
    """Return a hard-wrapped text as one line, its broken words whole; no space between Chinese characters."""
    if "\n" in text:
        text = LINE_END.sub(lambda m: join_word(m[1], m[2], words), text)
        text = re.sub(r"(?<=[^\W_])-[ \t]*\n\s*(?=\S)", "-", text)
        text = re.sub(rf"(?<=[{CJK}])[ \t]*\n\s*(?=[{CJK}])", "", text)
    return " ".join(text.split())


def join_word(first: str, second: str, words: Vocabulary) -> str:
    """Return the halves of a word that a line's end split, with their hyphen where it is a real one."""
    hyphen = "-" if _hyphen_is_real(first, second, words) else ""
    return first + hyphen + second


def _hyphen_is_real(first: str, second: str, words: Vocabulary) -> bool:
    solid, compound = _count(first + second, words), _count(f"{first}-{second}", words)
    if solid or compound:
        return compound > solid
    if not second[0].islower() or not first[-1].isalpha():
        return True
    if first.lower() in COMPOUND:
        return True
    longs = len(first) > 3 and len(second) > 3 and first.lower() not in SOLID
    return bool(longs and _count(first, words) and _count(second, words))


def _count(word: str, words: Vocabulary) -> int:
    return sum(words.get(form, 0) for form in {word, word.lower(), word.capitalize()})


def mend_hyphens(text: str, words: Vocabulary) -> str:
    """Return the text without the hyphens of words split at a line's end long ago: `land-scape`."""
    before = ""
    while before != text:
        before, text = text, INNER.sub(lambda m: _mended(m, words), text)
    return text


def _mended(match: re.Match[str], words: Vocabulary) -> str:
    """Join only where the whole is a word here and neither half is; `co-operation` and `non-profit` stay."""
    first, second = match[1], match[2]
    solid = words.get(first + second, 0) or words.get((first + second).lower(), 0)
    halves = words.get(first, 0) or words.get(second, 0)
    rare = words.get(f"{first}-{second}", 0) <= 1
    if solid and rare and not halves and len(first) > 2 and first.lower() not in COMPOUND and _one_case(first, second):
        return first
    return match[0]


def _one_case(first: str, second: str) -> bool:
    return second.islower() or (first.isupper() and second.isupper())


def mend_ai(text: str, words: Vocabulary) -> str:
    """Return the text with a scan's `Al` as `AI` where the document writes AI more often; `Al Jazeera` stays."""
    if words.get("AI", 0) <= words.get("Al", 0) or words.get("AI", 0) < 2:
        return text
    return re.sub(r"\bAl\b(?!\.)(?=([- ]?)([^\W\d_]*))", lambda m: "AI" if _is_ai(m[1], m[2], words) else "Al", text)


def _is_ai(gap: str, following: str, words: Vocabulary) -> bool:
    """A name follows the article Al; where the next word is common in the document, it is no name."""
    if not gap or not following or following[0].islower():
        return True
    word = following.lower()
    return following.isupper() or any(form in words for form in (word, word + "s", word.removesuffix("s")))


def drop_footnote_marks(texts: Iterable[str]) -> list[str]:
    """Return the texts without the numbers of footnotes: `<sup>1</sup>`, and `system.2` where marks count up."""
    kept = list(texts)
    raised = {int(n) for text in kept for m in MARKED.finditer(text) for n in re.findall(r"\d+", m[1])}
    glued = {int(m[1]) for text in kept for m in GLUED.finditer(text) if not NUMBERED.search(text[: m.start()])}
    marks = raised | glued
    counted = {n for n in glued if (raised and (n == 1 or n - 1 in marks)) or {1, 2, n - 1} <= marks | {0}}
    return [_unmarked(text, counted) for text in kept]


def _unmarked(text: str, counted: set[int]) -> str:
    def raised(match: re.Match[str]) -> str:
        follows_word = re.search(r"([^\W\d_]{3}|[.,;:!?\"'”’)\]。，；：！？」》）])$", text[: match.start()])
        return "" if follows_word else match[0].replace("<sup>", "").replace("</sup>", "")

    def glued(match: re.Match[str]) -> str:
        named = NUMBERED.search(match.string[: match.start()])
        return match[0] if named or int(match[1]) not in counted else ""

    if "<sup>" in text:
        text = MARKED.sub(raised, text)
    return GLUED.sub(glued, text) if counted else text
