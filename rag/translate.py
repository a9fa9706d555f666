"""English words for a Chinese question, so that it finds English documents by word too.

Terms come from the glossary beside this file; names of people and places by their pinyin, where the documents
hold it ("任贤良" -> "Ren Xianliang").
"""

import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

from index.lexical import fold

GLOSSARY = Path(__file__).with_name("glossary.tsv")
HAN_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
SHORTEST_NAME = 5  # letters of pinyin; shorter ones are too often English words


def english_words(question: str, known: Container[str]) -> str:
    """Return English words for the Han parts of a question, each once; `known` are the documents' words, lower case."""
    words: list[str] = []
    for run in HAN_RUN.findall(fold(question)):
        words += [word for term in _terms(run) for word in term.split()]
        words += _names(run, known)
    return " ".join(dict.fromkeys(words))


def _terms(run: str) -> Iterator[str]:
    """Yield the glossary's words for a run of Han characters, longest match first."""
    glossary = _glossary()
    position = 0
    while position < len(run):
        for length in range(min(_longest(), len(run) - position), 0, -1):
            english = glossary.get(run[position : position + length])
            if english:
                yield english
                break
        else:
            length = 1
        position += length


def _names(run: str, known: Container[str]) -> Iterator[str]:
    """Yield pinyin of two or three neighbouring characters that the documents hold as one word."""
    syllables = lazy_pinyin(run)
    for start in range(len(syllables)):
        for length in (3, 2):
            name = "".join(syllables[start : start + length])
            if start + length <= len(syllables) and len(name) >= SHORTEST_NAME and name in known:
                yield name.capitalize()
                break


@cache
def _glossary() -> dict[str, str]:
    rows = (line.split("\t") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {fold(chinese): english for chinese, english in rows}


@cache
def _longest() -> int:
    return max(map(len, _glossary()))
