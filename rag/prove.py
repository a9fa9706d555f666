"""Whether sources show a sentence that an LLM wrote, and which of them: stricter than `rag.cite.support_of`.

That one counts words, so a sentence with one wrong word among ten would pass, or one put together from two. Here,
beside it, every figure, month and name must stand in the sources, and each clause must be told by one sentence of
theirs (`rag.told`). What hangs together may be taken together: a list and its introduction, "it" and what it means, a
short name and the sentence that spells it out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from corpus.months import MONTHS
from index.lexical import terms
from rag.acronym import SPELLED_OUT, long_forms
from rag.cite import Claim, Source, support_of
from rag.told import plain, told

MOST_CITED = 3  # sources of one sentence
MOST_PAIRED = 16  # sources of which pairs are tried
ASKS = re.compile(r"[?？][\"”’»」』)）]*$")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ENGLISH = {
    word: str(number)
    for number, words in enumerate(
        "zero|one once first|two twice second|three third|four fourth|five fifth|six sixth|seven seventh|eight eighth"
        "|nine ninth|ten tenth|eleven eleventh|twelve twelfth".split("|")
    )
    for word in words.split()
}
LARGE = frozenset("dozen dozens hundred hundreds thousand thousands million millions billion billions half".split())
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split()) | {m.lower() for m in MONTHS}
NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|false|fails? to|failed to)\b|n['’]t\b|[不没未非无]", re.I
)
# Words that may begin a sentence with a capital letter and name nothing.
OPENERS = frozenset(
    """a after all also although among an and another as at because before besides both but by during each every for
    from further furthermore had has have he her his however if in including it its many moreover most of on one other
    over she since so some such that the their them then there these they this those three through thus to today two
    under until was were what when where which while who with within yes according""".split()
)


def proof(text: str, marks: Sequence[int], sources: Sequence[Source], item: bool = False) -> tuple[Source, ...]:
    """Return the fewest sources that show a sentence: of those that its marks name, else of all; none if none do.

    `item`: of a list, so that it needs no verb.
    """
    named = [sources[mark - 1] for mark in marks]
    nearest = _nearest(text, sources)
    return (
        _fewest(text, named, MOST_CITED, item)
        or _fewest(text, nearest, 2, item)
        or _fewest(text, [*named, *nearest[:3], *_spelled_out(text, sources)], 2, item)
    )


def _spelled_out(text: str, sources: Sequence[Source]) -> list[Source]:
    """Return where the documents of the sources say what a name of the sentence is for short."""
    found: dict[str, Source] = {}
    for document in {source.document.id: source.document for source in sources}.values():
        for match in SPELLED_OUT.finditer(document.text):
            if match[2] not in found and long_forms([match[0]]).get(match[2], "\n") in text:
                found[match[2]] = Source(document, match.start(), match.end(), "")
    return list(found.values())


def _fewest(text: str, sources: Sequence[Source], most: int, item: bool) -> tuple[Source, ...]:
    for count in range(1, min(most, len(sources)) + 1):
        for some in combinations(sources, count):
            if shows(some, text, item):
                return some
    return ()


def _nearest(text: str, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that share most with a sentence, in their own order where they share as much."""
    wanted = set(terms(text))
    return sorted(sources, key=lambda source: -len(wanted & set(terms(source.quote))))[:MOST_PAIRED]


def shows(sources: Sequence[Source], text: str, item: bool = False) -> bool:
    """Return whether the sources together show a sentence, or an item of a list."""
    quotes = " ".join(source.quote for source in sources)
    if not plain(text) or ASKS.search(text) or support_of(Claim(text, tuple(sources))) != "supported":
        return False
    if not set(facts(text)) <= set(facts(quotes)) | words(quotes):
        return False
    return bool(NEGATION.search(text)) <= bool(NEGATION.search(quotes)) and told(sources, text, item)


def facts(text: str) -> Iterator[str]:
    """Yield what must stand in a source: figures, numbers in words, months and days, names; lower case."""
    for figure in FIGURE.findall(text):
        yield re.sub(r"[.,](?=\d{3}(?!\d))", "", figure)
    for position, match in enumerate(WORD.finditer(text)):
        word, lower = match[0], match[0].lower()
        if lower in ENGLISH:
            yield ENGLISH[lower]
        elif lower in LARGE or _is_name(word, position) or (lower in DAYS and word[0].isupper()):
            yield lower


def _is_name(word: str, position: int) -> bool:
    return any(character.isupper() for character in word) and not (position == 0 and word.lower() in OPENERS)


def words(text: str) -> set[str]:
    """Return the words of a text, lower case, those with hyphens whole and in parts."""
    found = {word.lower() for word in WORD.findall(text)}
    return found | {part for word in found for part in re.split(r"['’-]", word)}
