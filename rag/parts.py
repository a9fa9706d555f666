"""Two questions in one, told apart."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.lexical import HAN
from rag.edition import CHANGE, YEAR
from rag.follow_up import gist
from rag.follow_up_zh import NAMED
from rag.phrase import Phrase, phrases

ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
BEFORE = r"(?:(?:in|at|on|to|by|from|for|with|of)\s+)?"
# A new part begins at a question mark, or at "and" or a comma before a word that asks.
# Brackets tell what a part is about.
BOUNDARY = re.compile(rf"[?？]\s*(?=[^\s(（])|,\s+(?:and\s+)?(?={BEFORE}{ASKS})|\s+and\s+(?={BEFORE}{ASKS})", re.I)
LIST_OF_ASKING = re.compile(rf"{ASKS},?\s+(?:and\s+|or\s+)?$", re.I)  # "when and where": one part
ASKED = re.compile(ASKS, re.I)
ALSO_ASKS = re.compile(
    rf"{ASKS}|^(?:and|but)\b|^(?:(?:also|so|then|please)\b,?\s*)*"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|tell|give|name|list|compare)\b",
    re.I,
)
HOW_MANY = re.compile(r"how (?:many|much) \w+", re.I)
ASKED_ZH = re.compile(
    r"什么|啥|何时|何地|哪|谁|多少|几[个家位届次名场号日天项份]|几大[洲类]|如何|怎么|怎样|为什么|为何"
)
BOUNDARY_ZH = re.compile(r"[，,；;、？?]\s*(?:以及|而且|并且|又|那么)?(?=[^\s(（])")
SUBJECT_ZH = re.compile(
    r"(?:一共|分别|大约|约|共|是|在|有|于|由|的)+$"
)  # what stands between a subject and the word that asks
# "more people: the seminar or the symposium", "2024 and 2025": a question for each
COMPARES = re.compile(r"\b(?:more|fewer|less|better|earlier|later|first|most|\w{3,}er)\b", re.I)
COMPARED = re.compile(r"\bcompare\b|\bdiffer", re.I)
TWO_YEARS = re.compile(
    rf"(?<!between )(?<!from )(?P<first>{YEAR.pattern}年?)\s*(?:and|or|vs\.?|than|和|与|及|、)"
    rf"(?: (?:in|of|for|that of))?\s*(?P<second>{YEAR.pattern})",
    re.I,
)
THREE_YEARS = re.compile(
    rf"(?P<first>{YEAR.pattern})年?(?:, |、)(?P<second>{YEAR.pattern})年?"
    rf"(?:,? and |, |、|和|与|及)(?P<third>{YEAR.pattern})",
    re.I,
)
TOPIC = re.compile(r"^([^,;:?]{8,80}?)(?: [-–—] |: )(?=\S)")  # "the paper of 2023: who wrote it and how long is it"
TWO_EDITIONS = re.compile(r"(第[一二三四五六七八九十\d]{1,3}届)(?:和|与|及|、)(第[一二三四五六七八九十\d]{1,3}届)")
TWO_RESPECTIVELY = re.compile(  # "峰会的开幕日和主论坛名称分别是什么"
    r"^(?P<head>(?:.*的)?)(?P<one>《[^》]+》|[^，,；;的和与及、]{2,30})(?:和|与|及|以及)"
    r"(?P<other>《[^》]+》|[^，,；;的和与及、]{2,16}?)(?:分别|各自|各)(?P<rest>.{2,})$"
)
ATTRIBUTES = re.compile(  # "dates, place and theme of the Nishan Dialogue"
    r"(?:^|\b(?:give|name|tell me|what (?:are|were|is|was))\s+)(?:the )?"
    r"(?P<listed>(?:[a-z]+(?: of [a-z]+)?, )*[a-z]+(?: of [a-z]+)? and [a-z]+) of (?P<thing>(?:the )?\S.*)",
    re.I,
)
NAMES_OF_ATTRIBUTES = frozenset(
    """date dates day days time place venue location city host hosts organizer organizers theme topic motto attendance
    participants guests number chair chairs winners winner title purpose aim aims""".split()
)
NAMES_OF_ATTRIBUTES_ZH = "日期|时间|地点|主题|人数|规模|名称|主办方|主办单位|承办方|承办单位|嘉宾|主席|目的"
ATTRIBUTES_ZH = re.compile(  # "会员座谈会的日期、主题和人数"
    rf"^(?P<thing>.{{3,}}?)的?(?P<listed>(?:{NAMES_OF_ATTRIBUTES_ZH})(?:[、，和与及](?:{NAMES_OF_ATTRIBUTES_ZH})){{1,2}})"
    r"(?:(?:分别|各|都)?(?:是什么|是多少|有哪些)|一起给我|告诉我)?[？?。]?$"
)
NOTED = re.compile(  # "call of 2023 - launch day, closing day, members present"
    r"^(?P<thing>[^,;:]{8,50}?)(?: [-–—] |: )(?P<listed>(?:(?:[\w'’]+ ){0,4}[\w'’]+, ){2}(?:[\w'’]+ ){0,4}[\w'’]+)$"
)
FEWEST_WORDS = 3
LONGEST_TOPIC = 30  # characters
SHORT = 2  # words of two things that belong together: "countries or regions"
MOST = 3
SAME_ZH = 4  # characters that name a thing


def parts_of(question: str) -> list[str]:
    """Return the questions in a question, at most three; one that cannot be told apart stays whole.

    A part of a word or two ("by whom") is completed by what the first one is about.
    """
    if HAN.search(question):
        return (
            _of_years(question)
            or _of_two_editions(question)
            or _of_clauses(question)
            or _of_two_respectively(question)
            or _of_attributes_zh(question)
            or [question]
        )
    return (
        _of_pieces(question)
        or _of_years(question)
        or _of_two_things(question)
        or _of_attributes(question)
        or _of_notes(question)
        or [question]
    )


def names_the_same(part: str, first: str) -> bool:
    """Return whether a Chinese part begins with what the first one is about, and so stands alone."""
    return bool(HAN.search(part)) and part.startswith(first[:SAME_ZH])


def _of_pieces(question: str) -> list[str]:
    """Return the parts of a question that asks twice, each completed."""
    pieces: list[str] = []
    start = 0
    for boundary in BOUNDARY.finditer(question):
        if start or not LIST_OF_ASKING.search(question[: boundary.start()] + " "):
            pieces.append(question[start : boundary.start()])
            start = boundary.end()
    pieces.append(question[start:])
    pieces = _asking(piece.strip(" ?？,.") for piece in pieces)
    if len(pieces) == 2 and (counted := HOW_MANY.match(pieces[1])) and HOW_MANY.fullmatch(pieces[0]):
        pieces[0] += pieces[1][counted.end() :]  # "how many people and how many firms won the award"
    if not 1 < len(pieces) <= MOST or len(pieces[0].split()) < FEWEST_WORDS or not ASKED.search(pieces[0]):
        return []
    topic = TOPIC.match(pieces[0])
    if topic and not ASKED.search(topic[1]):
        return [f"{pieces[0]}?", *(f"{topic[1]}: {piece}?" for piece in pieces[1:])]
    return [f"{_whole(piece, pieces[0])}?" for piece in pieces]


def _asking(pieces: Iterable[str]) -> list[str]:
    """Return the pieces, what does not ask ("numbers only") with the one before it."""
    asking: list[str] = []
    for piece in pieces:
        if asking and not ALSO_ASKS.search(piece):
            asking[-1] += f"? {piece}"
        else:
            asking.append(piece)
    return asking


def _whole(piece: str, first: str) -> str:
    return piece if len(piece.split()) >= FEWEST_WORDS else f"{piece} ({gist(first)})"


def _of_clauses(question: str) -> list[str]:
    """Return the clauses of a Chinese question, if each of them asks; the later ones with the subject of the first."""
    clauses = [clause.strip(" ，,；;、？?") for clause in BOUNDARY_ZH.split(question)]
    clauses = [clause for clause in clauses if clause]
    topic, *asked = clauses
    all_but_first = all(map(ASKED_ZH.search, asked)) and not ASKED_ZH.search(topic)
    if 1 < len(asked) <= MOST and all_but_first and len(topic) <= LONGEST_TOPIC:
        return [f"{topic}，{clause}？" for clause in asked]  # "2025年那份报告，谁写的，什么时候发布的"
    asking = all(map(ASKED_ZH.search, clauses))
    if not 1 < len(clauses) <= MOST or not asking:
        return []
    subject = SUBJECT_ZH.sub("", ASKED_ZH.split(clauses[0])[0])
    later = [clause if NAMED.search(clause) else f"{subject}{clause}" for clause in clauses[1:]]
    return [f"{clause}？" for clause in (clauses[0], *later)]


def _of_years(question: str) -> list[str]:
    """Return the question once for each of the two or three years that it compares."""
    if (three := THREE_YEARS.search(question)) and not CHANGE.search(question):
        after = question[three.end() :].replace("各", "", 1)
        return [question[: three.start()] + year + after for year in three.groups()]
    found = TWO_YEARS.search(question)
    if not found or CHANGE.search(question) or len(set(YEAR.findall(question))) > 2:
        return []
    rest = question[found.end() :]
    first = found["first"] if found["first"].endswith("年") or not rest.startswith("年") else found["first"] + "年"
    after = rest.removeprefix("年") if first.endswith("年") else rest
    second = found["second"] + ("年" if first.endswith("年") else "")
    return [question[: found.start()] + year + after.replace("各", "", 1) for year in (first, second)]


def _of_two_editions(question: str) -> list[str]:
    """Return the question once for each of the two editions that it compares, in Chinese."""
    found = TWO_EDITIONS.search(question)
    if not found:
        return []
    return [question[: found.start()] + one + question[found.end() :].replace("各", "", 1) for one in found.groups()]


def _of_two_respectively(question: str) -> list[str]:
    """Return the question once for each of the two things or attributes that it asks of, in Chinese."""
    found = TWO_RESPECTIVELY.search(question)
    if not found:
        return []
    other = found["other"]
    names_itself = YEAR.search(other) or other.startswith("《")
    return [
        f"{found['head']}{found['one']}{found['rest']}",
        f"{'' if names_itself else found['head']}{other}{found['rest']}",
    ]


def _of_two_things(question: str) -> list[str]:
    """Return the question once for each of the two things that it compares ("the seminar or the symposium")."""
    joined = "(?:and|or)" if COMPARED.search(question) else "or"
    if joined == "or" and not COMPARES.search(question):
        return []
    found = phrases(question)
    for one, other in pairwise(found):
        between = question[one.end : other.start]
        told = any(re.search(r"[A-Z\d]", p.text) or len(p.text.split()) > SHORT for p in (one, other))
        if told and re.fullmatch(rf",? {joined} (?:(?:more|fewer|in|at|of|from|by|for) )?", between):
            return _each(question, one, other)
    return []


def _each(question: str, one: Phrase, other: Phrase) -> list[str]:
    before, after = question[: one.start], question[other.end :]
    return [f"{before}{one.text}{after}", f"{before}{other.text}{after}"]


def _of_attributes(question: str) -> list[str]:
    """Return a question for each attribute of a list ("dates, place and theme of ...")."""
    found = ATTRIBUTES.search(question.strip(" ?."))
    names: Sequence[str] = re.split(r", | and ", found["listed"]) if found else ()
    if not found or not 1 < len(names) <= MOST or any(n.split()[0].lower() not in NAMES_OF_ATTRIBUTES for n in names):
        return []
    return [f"What is the {name} of {found['thing']}?" for name in names]


def _of_notes(question: str) -> list[str]:
    """Return a question for each of three things noted behind a dash or a colon."""
    found = NOTED.search(question.strip(" ?."))
    if not found or ASKED.search(found["thing"]):
        return []
    return [f"{found['thing']}: {one.removeprefix('and ')}?" for one in found["listed"].split(", ")]


def _of_attributes_zh(question: str) -> list[str]:
    """Return a question for each attribute of a list, in Chinese."""
    found = ATTRIBUTES_ZH.search(question)
    return [f"{found['thing']}的{name}是什么？" for name in re.split("[、，和与及]", found["listed"])] if found else []
