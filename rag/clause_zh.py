"""Whether one Chinese sentence tells another: each clause stands whole in it, but for words that say nothing."""

import re
from itertools import pairwise

from index.lexical import fold

BREAK = re.compile(r"[，。；：！？,;:!?\n]+")
BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
FILLERS = re.compile(r"[了也还并且]|\s|[“”\"'《》「」·]")
# What a source has of these, a claim must have too, or it says more, or says it more surely.
QUALIFIERS = re.compile(
    r"[不没未非无否若称说将拟]|(?<!数)据|如果|可能|也许|计划|预计|建议|表示|认为|希望|除非|打算|传言|指出"
)
VERB = re.compile(
    r"[是有为由设达获]|举[办行]|[主承]办|成立|召开|发布|发起|发表|启动|位于|包[括含]|来自|参[加与]|出席|担任|提出|通过|加入|宣布|推[出动]|支持"
    r"|建立|促进|[开闭]幕|旨在|介绍|组成|涵盖|聚焦|围绕|展示|吸引|邀请|签署|设立|致力|表示|落户|当选|颁"
)


def tells_zh(quote: str, claim: str) -> bool:
    """Return whether one sentence tells all clauses of a claim."""
    source, said = fold(quote), fold(claim)
    if not has_verb_zh(said) or set(QUALIFIERS.findall(source)) - set(QUALIFIERS.findall(said)):
        return False
    whole = [clause for text in (source, BRACKETS.sub("", source)) for clause in _clauses(text)]
    known = {*whole, *(one + other for one, other in pairwise(whole))}
    return all(clause in known for clause in _clauses(said))


def has_verb_zh(text: str) -> bool:
    """Return whether a text has a verb, as far as they are known."""
    return bool(VERB.search(fold(text)))


def parts_zh(text: str) -> list[str]:
    """Return what the marks and the words for "and" of a text part."""
    return [FILLERS.sub("", part) for part in re.split(rf"{BREAK.pattern}|[、和与及]", fold(text)) if part]


def _clauses(text: str) -> list[str]:
    return [bare for part in BREAK.split(text) if (bare := FILLERS.sub("", part))]
