"""Noun phrases of a short English text, told apart by closed lists of the words that stand between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(r"[“\"][^”\"]+[”\"]|(?:\d+(?:[.,]\d+)+)|[\w&-]+(?:['’][a-z]+|['’](?=\s))?|[^\w\s]")
YEAR = re.compile(r"(?:19|20)\d\d")
POINTING = frozenset("this that these those each all any some".split())  # they stand alone too
DETERMINERS = frozenset("the a an its their his her every".split()) | POINTING
JOINING = frozenset("of on for between".split())  # they go on with a phrase; of a name also "in" and "at"
PLACING = frozenset("in at".split())
BREAKING = frozenset(
    """who whom whose what which when where why how many much often long about and or so but then than there here now
    is are was were be been being do does did has have had can could will would shall should may might must not
    i we you he she it they me us him them one ones
    in at by from with to into during since until till before after under over as per via among within without near
    please tell give list name show also too only just still yet again first-time more most less least together
    take takes took taken place part call-in get gets got make makes made give gives gave given win wins won
    hold holds held meet meets met say says said lead leads led speak speaks spoke spoken run runs ran go goes went
    come comes came become becomes became begin begins began start starts join joins attend attends open opens close
    host hosts organise organises organize organizes receive receives present presents publish publishes release
    releases cover covers choose chooses chose chosen propose proposes sign signs deal deals build builds built visit
    visits act acts select selects contain contains include includes mean means stand stands want wants plan plans
    differ differs count counts number enter enters draw draws drew bring brings brought find finds found
    write writes wrote written see sees saw set sets head heads chair chairs address addresses last lasts
    like likes need needs ask asks let put puts keep kept send sent calls mention say announce propose""".split()
)
EMPTY = frozenset("the time first end date year years day month way kind sort types type number list name".split())
VERB = re.compile(r"[a-z]{2,}ed")
PLURAL = re.compile(r"(?:[A-Za-z-]{2,}[^s\W]s|people|men|women|MoUs|media)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase at its place."""

    text: str
    start: int
    end: int
    asked: bool  # it stands behind "which", "what" or "how many"

    @property
    def bare(self) -> str:
        """The phrase without its article."""
        return re.sub(r"^(?:the|an?|its|their|his|her|this|that|these|those) ", "", self.text, flags=re.I)

    @property
    def named(self) -> bool:
        """Whether it holds a name, a quotation or initials."""
        return bool(re.search(r"[A-Z“\"]", self.bare))

    @property
    def plural(self) -> bool:
        """Whether its first noun is in the plural ("applications for awards")."""
        head = re.split(r" (?:of|on|for|between|in|at) ", self.bare)[0]
        return bool(PLURAL.fullmatch(head.split()[-1]))


def phrases(text: str) -> list[Phrase]:
    """Return the noun phrases of a text in its order."""
    return [phrase for phrase in _cut(text) if not all(map(_is_empty, phrase.bare.lower().split()))]


def _is_empty(word: str) -> bool:
    return word in EMPTY | JOINING | {"and"} or bool(YEAR.fullmatch(word))


def _cut(text: str) -> Iterator[Phrase]:
    tokens = list(TOKEN.finditer(text))
    current: list[re.Match[str]] = []
    asked = False
    for i, token in enumerate(tokens):
        following = tokens[i + 1][0] if i + 1 < len(tokens) else "?"
        if current and _goes_on(token[0], following, current):
            current.append(token)
            continue
        if current:
            yield from _phrase(text, current, asked)
            current = []
        if _begins(token[0], following):
            asked = bool(i) and tokens[i - 1][0].lower() in {"which", "what", "many", "much"}
            current = [token]
    if current:
        yield from _phrase(text, current, asked)


def _begins(word: str, following: str) -> bool:
    lower = word.lower()
    if lower in DETERMINERS:
        stands_alone = lower in POINTING and (following.lower() in BREAKING | JOINING or VERB.fullmatch(following))
        return _is_word(following) and not stands_alone
    if YEAR.fullmatch(word) and following.lower() in JOINING | PLACING:
        return False
    return _is_word(word) and not (lower in BREAKING | JOINING or VERB.fullmatch(word))


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] in '“"'


def _goes_on(word: str, following: str, current: list[re.Match[str]]) -> bool:
    """Return whether a word belongs to the phrase before it."""
    lower, last = word.lower(), current[-1][0].lower()
    opened = last in DETERMINERS | JOINING | PLACING | {"and", "to"}  # the phrase is not whole before this word
    if lower in DETERMINERS:
        return last in JOINING | PLACING and _begins(word, following)
    if lower in JOINING | PLACING | {"and"}:
        placed = following[:1].isupper() if lower in PLACING else True
        return not opened and placed and (following.lower() in DETERMINERS or _begins(following, "x"))
    if lower == "to" and current[-1][0][0].isupper() and following[:1].isupper():  # "Straight to Wuzhen"
        return True
    return word[0].isupper() or (_is_word(word) and (opened or not (lower in BREAKING or VERB.fullmatch(word))))


def _phrase(text: str, tokens: list[re.Match[str]], asked: bool) -> Iterator[Phrase]:
    while tokens and tokens[-1][0].lower() in DETERMINERS | JOINING | PLACING | {"and", "first"}:
        tokens = tokens[:-1]
    if tokens:
        start, end = tokens[0].start(), tokens[-1].end()
        yield Phrase(text[start:end], start, end, asked)
