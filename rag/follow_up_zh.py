"""A Chinese follow-up, made to stand alone."""

import re
from collections.abc import Sequence

from index.lexical import HAN
from rag.subject import persons, subject_of

ABOUT = re.compile(r"^(?:那么?|还有|而)?[，,]?(?P<said>[^，,？?]{1,20}?)呢?[？?]?$")
YEAR = re.compile(r"(?:19|20)\d\d年?|第[一二三四五六七八九十\d]{1,3}[届次]|首届|上一?届|最新一届")
EDITION = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?=[届次])")
NOW = re.compile(r"现在|目前|当前|如今|迄今|最新")
WHEN = re.compile(r".*(?:时候|时|之初|之前|以前|当年|当时)")
THING = re.compile(
    r"它们?的?|其(?!他|中|它|余)"
    r"|(?:该|这个|那个|这些|那些|此|这次|该次|这份)(?P<noun>[^的是在有由哪什多，？?]{0,4})"
)
PERSON = re.compile(r"[他她]的?")
FULL_NAME = re.compile(r"(?:(?![了着过的去来在])[一-鿿]){2,4}")
ASKS = re.compile(
    r"是?(?:什么时候|什么|何时|何地|哪里|哪儿|哪些|哪个|哪位|哪几|哪一|哪年|哪天|哪月|谁|多少个?|几个|几[家位届次]|如何|怎么|怎样|为什么|是否)"
    r"|有(?!关|限)|是|在(?!线)|由|被|举行|召开|举办|发布|参加|成立|共|各|分别|获得|请"
)
PART = re.compile(r"(?<=[会盟院奖展赛坛])(?:总部|主题|时间|地点|嘉宾|会员|秘书长|主席|开幕式|闭幕式)$")
NAMED = re.compile(
    r"大会|峰会|论坛|博览会|报告|蓝皮书|委员会|研究院|大赛|计划|对话|座谈会|研讨会|案例|研修院|联盟|奖(?!项)|倡议"
    r"|[A-Za-z]{2,}|[“《]"
)
WANTS = re.compile(r"谁|什么|啥|何|哪|几|多少|怎|如何")
WHOLE = re.compile(r".(?:大会|峰会|论坛|博览会|报告|蓝皮书|委员会|大赛|计划|对话|座谈会|研讨会|奖|倡议)$")  # a subject
PRONE = re.compile(
    r"^(?:有|谁|在|哪|什么|何|多少|几|是|怎|如何|为|由|共|还|都|又|收|讲|说|做|拿|得|来自|第[一二三四五])"
)
AGAIN = re.compile(r"^[又还共有是]*(?:多少|几|哪|谁|什么)[^，,]{0,3}[？?]?$")  # the same of another year
NEXT_ONE = re.compile(r"^那?(?P<said>第[一二三四五六七八九十\d]{1,3})[届次](?:呢)?[，,]")


def stand_alone_zh(question: str, earlier: Sequence[str]) -> str:
    """Return a Chinese follow-up as a question that stands alone; `earlier` questions stand alone already."""
    last = earlier[-1]
    if (other := NEXT_ONE.match(question)) and EDITION.search(last):
        return EDITION.sub(other["said"], last, count=1)
    about = ABOUT.match(question)
    if about and (question.startswith(("那", "还有", "而")) or question.rstrip("？?").endswith("呢")):
        return _in_its_place(question, about["said"], last)
    if pronoun := PERSON.search(question):
        person = next(filter(None, map(_person, reversed(earlier))), "")
        return question.replace(pronoun[0], f"{person}{pronoun[0][1:]}", 1) if person else _beside(question, last)
    subject = next(filter(None, map(subject_of_zh, reversed(earlier))), "")
    if subject:
        return _with_subject(question, subject, last)
    return question if NAMED.search(question) else _beside(question, last)


def subject_of_zh(question: str) -> str:
    """Return what a Chinese question is about: its first words that do not ask."""
    if not HAN.search(question):
        subject = subject_of(question, "")
        return re.sub(r"^the ", "", subject.text) if subject else ""
    pieces = _pieces(question)
    first = next((piece for piece in pieces if len(piece) > 1 and NAMED.search(piece)), "")
    first = PART.sub("", first)
    owner, _, part = first.rpartition("的")
    return owner if owner and len(part) <= 4 and NAMED.search(owner) and not NAMED.search(part) else first


def _pieces(question: str) -> list[str]:
    return [piece.strip(" ，,？?。") for piece in ASKS.split(NOW.sub("", question))]


def _beside(question: str, about: str) -> str:
    """Return the question with what it is about in brackets behind it."""
    return f"{question}（{about.rstrip(' ?？。')}）"


def _person(question: str) -> str:
    """Return the name of the person that a question begins or ends with, or ""."""
    if not HAN.search(question):
        return next(iter(persons(question)), "")
    pieces = [piece.partition("的")[0] for piece in _pieces(question) if piece]
    return next((p for p in pieces if FULL_NAME.fullmatch(p) and not NAMED.search(p)), "")


def _in_its_place(question: str, said: str, last: str) -> str:
    """Return the last question with the year, edition, time or name that is said in place of its own."""
    if not HAN.search(last):
        other = said.removesuffix("年")
        whole = other.isdigit() and len(set(YEAR.findall(last))) == 1
        return YEAR.sub(other, last) if whole else f"{question}（{subject_of_zh(last) or last.rstrip(' ?')}）"
    if YEAR.fullmatch(said):
        if YEAR.search(last):
            changed = YEAR.sub(said, last, count=1)
            return changed
        return f"{said}{NOW.sub('', last)}"
    if WHEN.fullmatch(said):
        if NOW.search(last):
            subject = subject_of_zh(last)
            return NOW.sub(said, last, count=1) if subject else f"{question}（{last.rstrip('？?')}）"
        return f"{question}（{last.rstrip('？?')}）"
    subject = subject_of_zh(last)
    if WANTS.search(said):
        whole = bool(subject) and not PRONE.match(said) and not THING.search(said)
        return f"{subject}的{said}？" if whole else _beside(question, last)
    if subject and NAMED.search(said):
        year = re.match(r"(?:19|20)\d\d年", subject)
        said = f"{year[0]}{said}" if year and not YEAR.search(said) else said
        return last.replace(subject, said, 1)
    return f"{subject}的{said}？" if subject and len(said) <= 6 else f"{question}（{subject or last.rstrip('？?')}）"


def _with_subject(question: str, subject: str, last: str) -> str:
    if pronoun := THING.search(question):
        before = question[: pronoun.start()]
        if NAMED.search(before):
            return question
        noun = pronoun["noun"] or ""
        rest = question[pronoun.end() :]
        if noun and noun not in subject:
            rest = f"的{noun}{rest}"
        own = YEAR.search(question)
        subject = YEAR.sub("", subject) if own else subject
        return f"{before}{subject}{'的' if pronoun[0].endswith('的') or pronoun[0] == '其' else ''}{rest}"
    if any(len(piece) > 3 and NAMED.search(piece) for piece in ASKS.split(question.rstrip("？?"))):
        return question
    if own := YEAR.match(question):
        if AGAIN.match(question[own.end() :]) and len(set(YEAR.findall(last))) == 1:
            return YEAR.sub(own[0], last)
        return f"{own[0]}{YEAR.sub('', subject)}{question[own.end() :]}"
    if not PRONE.match(question):
        return f"{subject}的{question}"
    return f"{subject}{question}" if WHOLE.search(subject) else _beside(question, last)
