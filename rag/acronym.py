"""Short forms that the documents spell out: "World Internet Conference (WIC)"."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

CAPITALISED = r"[A-Z][\w'’-]*"
SPELLED_OUT = re.compile(
    rf"((?:{CAPITALISED}(?: (?:of|for|and|the|on|in) | ))*{CAPITALISED}) \(([A-Z][A-Za-z]*[A-Z])[,;)]"
)
ASKED = re.compile(  # "What is the WIC?", "What does WIC stand for?", "WIC是什么？"
    r"(?:what (?:is|are|does)|define|什么是)? ?(?:the |an? )?([A-Z][A-Za-z]*[A-Z])"
    r" ?(?:stands? for|mean|是什么|指什么)?\W*",
    re.I,
)


def long_forms(texts: Iterable[str]) -> dict[str, str]:
    """Return the long form that stands most often before each short form in brackets, if its initials are those."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for words, short in SPELLED_OUT.findall(text):
            if long := _with_initials(words.split(), short):
                found.setdefault(short, Counter())[long] += 1
    return {short: counts.most_common(1)[0][0] for short, counts in found.items()}


def _with_initials(words: list[str], short: str) -> str:
    """Return the last words whose capital initials make the short form, or ""."""
    for start in range(len(words) - 1, -1, -1):
        initials = "".join(word[0] for word in words[start:] if word[0].isupper())
        if initials.upper() == short.upper():
            return " ".join(words[start:])
    return ""


def spelled_out(question: str, long_forms: Mapping[str, str]) -> str:
    """Return the long form of the short form that a question asks the meaning of; "" where it asks something else."""
    asked = ASKED.fullmatch(question)
    return long_forms.get(asked[1], "") if asked else ""
