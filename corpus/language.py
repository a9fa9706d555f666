"""Which of the two languages of the desk a text is written in."""

import re

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str) -> str:
    """Return "zh" where Han characters outweigh the other words (one character ~ half a word), else "en"."""
    han = len(HAN.findall(text))
    words = len(re.findall(r"[A-Za-zÀ-ɏ]+", text))
    return "zh" if han > 2 * words or (han and not words) else "en"
