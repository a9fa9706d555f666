"""Typing errors in a question, mended by the words of the documents; a word that is known stays as it is."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"(?<![\w@./-])[A-Za-z]{4,}(?![\w@/-]|\.\w)")
LONG = 8  # letters from which two errors are mended instead of one


class Speller:
    """Mends words that neither the documents nor English know."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """`words`: how often each word stands in the documents, as written there."""
        self._counts: dict[str, int] = {}
        self._form: dict[str, str] = {}
        for word, count in sorted(words.items()):
            lower = word.lower()
            self._counts[lower] = self._counts.get(lower, 0) + count
            if count >= words.get(self._form.get(lower, ""), 0):
                self._form[lower] = word
        self._choices = [word for word in self._counts if len(word) >= 4]

    def mend(self, text: str) -> str:
        """Return the text with its typing errors mended."""
        return WORD.sub(lambda match: self._mended(match[0]), text)

    def _mended(self, word: str) -> str:
        lower = word.lower()
        if lower in self._counts or _is_english(lower):
            return word
        nearest = self._nearest(lower)
        return self._form[nearest] if nearest else word

    def _nearest(self, lower: str) -> str | None:
        """Return the nearest word of the documents: one error away, two in a long word; the more frequent of equals."""
        most = 2 if len(lower) >= LONG else 1
        found = process.extract(lower, self._choices, scorer=OSA.distance, score_cutoff=most, limit=None)
        same_start = [(word, distance) for word, distance, _ in found if word[0] == lower[0] or distance == 1]
        return min(same_start, key=lambda f: (f[1], -self._counts[f[0]], f[0]))[0] if same_start else None


def _is_english(lower: str) -> bool:
    return lower in _english() or (lower.endswith("s") and lower[:-1] in _english())


@cache
def _english() -> frozenset[str]:
    """Words of everyday English, from symspellpy's frequency dictionary."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split(" ", 1)[0] for line in text.splitlines())
