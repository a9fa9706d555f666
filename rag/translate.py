"""English words for a Chinese question, so that it finds English documents by word too.

Terms come from the glossary beside this file; names of people and places by their pinyin, where the documents
hold it ("任贤良" -> "Ren Xianliang"); figures and Latin words stay. Han characters that no term covers stay too:
they may be a name that the documents give in Chinese.
"""

import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

from index.lexical import HAN, fold

GLOSSARY = Path(__file__).with_name("glossary.tsv")
TOKEN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^\s㐀-䶿一-鿿豈-﫿，。？！；：、,?!;:“”《》()（）]+")
SHORTEST_NAME = 5  # letters of pinyin; shorter ones are too often English words
ORDINAL = re.compile(r"第([一二三四五六七八九十]{1,3}|\d{1,2})(?=届|次)")
ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split()
DIGITS = "一二三四五六七八九"
ASKING = re.compile(  # says no more than that something is asked
    r"(?:请问|请列出|列出|请|分别|什么时候|什么|哪里|哪些|哪个|哪位|哪几|哪一年|哪年|哪|多少|几|如何|怎么样|怎么|怎样|为什么|为何"
    r"|谁|何时|何地|是否|有没有|是|有|的|了|吗|呢|在|和|与|及|或|于|由|被|对|从|到|为|个|位|家|项|次|届|年|月|日|名|所|这|那|该|其|中)+"
)


def english_words(question: str, known: Container[str]) -> str:
    """Return English words for a question with Han characters, in its order, each once; "" for one without.

    `known` are the documents' words, lower case.
    """
    if not HAN.search(question):
        return ""
    words: list[str] = []
    for token in TOKEN.findall(_with_ordinals(fold(question))):
        words += [word for term in _terms(token) for word in term.split()] if HAN.match(token) else [token]
        words += _names(token, known)
    return " ".join(dict.fromkeys(words))


def uncovered(question: str) -> list[str]:
    """Return the runs of at least two Han characters that neither a term of the glossary nor asking explains."""
    tokens = TOKEN.findall(_with_ordinals(fold(question)))
    runs = [run for token in tokens if HAN.match(token) for run in _rest(token)]
    return [part for run in runs for part in ASKING.split(run) if len(part) > 1]


def _with_ordinals(question: str) -> str:
    return ORDINAL.sub(lambda match: f" {_ordinal(match[1])} ", question)


def _ordinal(number: str) -> str:
    if number.isdigit():
        value = int(number)
    else:
        tens, _, units = number.rpartition("十") if "十" in number else ("", "", number)
        value = (10 * (DIGITS.find(tens) + 1 or 1) if "十" in number else 0) + DIGITS.find(units) + 1 * bool(units)
    return ORDINALS[value - 1] if 0 < value <= len(ORDINALS) else str(value)


def _terms(run: str) -> Iterator[str]:
    """Yield the glossary's words for a run of Han characters, longest match first."""
    for _, english in _cut(run):
        if english:
            yield english


def _rest(run: str) -> Iterator[str]:
    """Yield what the glossary does not know of a run."""
    rest = ""
    for term, english in _cut(run):
        if english:
            yield rest
            rest = ""
        else:
            rest += term
    yield rest


def _cut(run: str) -> Iterator[tuple[str, str]]:
    """Yield (term, English) from left to right, longest match first; single characters have no English."""
    glossary = _glossary()
    position = 0
    while position < len(run):
        for length in range(min(_longest(), len(run) - position), 0, -1):
            term = run[position : position + length]
            if term in glossary:
                break
        yield term, glossary.get(term, "")
        position += len(term)


def _names(run: str, known: Container[str]) -> Iterator[str]:
    """Yield pinyin of two or three neighbouring characters that the documents hold as one word."""
    if not HAN.match(run):
        return
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
