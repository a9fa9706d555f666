"""Does a sentence hold the sort of thing that a question asks for: a date, a number of something, a name, a place?"""

import re

from corpus.months import MONTHS
from corpus.split import Sentence
from index.lexical import terms
from rag.edition import YEAR
from rag.question import Question
from rag.translate import english_words

MONTH = "|".join(MONTHS)
WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
DAY = re.compile(rf"\b(?:{MONTH}|{WEEKDAYS}|spring|summer|autumn|winter)\b|\d{{1,2}}[月日号]")
NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|dozens?|hundreds?|thousands?|millions?|billions?|once|twice)\b"
    r"|[一二三四五六七八九十百千万亿]+",
    re.I,
)
NAMED = re.compile(r"\b[A-Z][\w'’-]+ (?:[A-Z][\w'’-]+)|\b[A-Z]{2,}\b|[A-Z][a-z]+ [ÓO]")
PLACE = re.compile(rf"\b(?:in|at|from|near|to) (?:the )?(?!{MONTH})[A-Z]|位于|在\w+[省市县镇]|headquarter")
VERBS = "is are was were do does did has have had can will took take came come in at of from on to the a".split()
COUNTED = re.compile(  # "how many foreign exhibitors", "the number of sub-forums"
    rf"(?:how many|number of)((?: (?!(?:{'|'.join(VERBS)})\b)[\w'’-]+){{1,4}})", re.I
)
COUNTED_ZH = re.compile(r"(?:多少|几)[个家名位项款场种只座]?([㐀-䶿一-鿿]{1,8})")
DEFINED = re.compile(r"^what (?:is|are|was|were|does)\b|\b(?:stands? for|means?)\b", re.I)
IS = re.compile(r"\b(?:is|are|was|were|means|stands for|unites|brings together|aims)\b")
OFFICE = r"(chair|president|secretary-general|director|dean|minister|mayor|governor)"
OFFICES = re.compile(rf"\b{OFFICE}", re.I)
DEPUTIES = re.compile(rf"\b(?:vice|deputy|assistant)[- ]{OFFICE}", re.I)
EXTRA = 5  # terms of a defining sentence's subject beside those of the thing
NEAR = 4  # words between a number and what it counts
WEAK = 0.5  # of a number that counts something else


def typed_as(question: Question, sentence: Sentence, text: str) -> float:
    """Return 0..1: how far a sentence holds what the question asks for; 1 where it asks for nothing special."""
    if question.kind == "list":
        return float(sentence.kind in ("item", "row") or introduces(text))
    if question.kind == "when":
        return float(bool(DAY.search(text) or set(YEAR.findall(text)) - question.years))
    if question.kind == "number":
        return _counts(question, text)
    if question.kind == "who":
        return float(bool(NAMED.search(text)))
    if question.kind == "definition":
        return _defines(question, text)
    if question.kind == "where":
        return float(bool(PLACE.search(text)))
    return 1.0


def of_deputies(question: Question, text: str) -> bool:
    """Return whether a sentence speaks only of the deputies of the office that a question asks for."""
    asked = _offices(DEPUTIES.sub("", question.in_english))
    return bool(asked & _offices(text)) and not asked & _offices(DEPUTIES.sub("", text))


def _offices(text: str) -> set[str]:
    return {office.lower() for office in OFFICES.findall(text)}


def _defines(question: Question, text: str) -> float:
    """Return 1 for a sentence that says what the thing asked for is, or spells its short form out; else WEAK."""
    asked = DEFINED.sub("", question.in_english).strip(" ?？")
    thing = set(terms(asked))
    verb = IS.search(text)
    subject = set(terms(text[: verb.start()])) if verb else set()
    spelled_out = bool(question.long_form) and question.long_form in text
    return 1.0 if spelled_out or (thing and thing <= subject and len(subject) <= len(thing) + EXTRA) else WEAK


def introduces(text: str) -> bool:
    """Return whether a sentence announces a list or table below it."""
    return text.endswith((":", "："))


def _counts(question: Question, text: str) -> float:
    """Return 1 for a number of what is counted, less for another number, 0 for none; years are no numbers."""
    numbers = [n for n in NUMBER.finditer(text) if not YEAR.fullmatch(n[0])]
    counted = counted_things(question.standalone)
    if not numbers or not counted:
        return float(bool(numbers))
    return 1.0 if any(counted & _beside(number, text) for number in numbers) else WEAK


def _beside(number: re.Match[str], text: str) -> set[str]:
    """Return the terms of the words behind a number, and of its column's name where it stands in a table."""
    near = text[number.end() :].split(";", 1)[0].split()[:NEAR]
    before = text[: number.start()].rsplit(";", 1)[-1]
    return set(terms(" ".join(near))) | (set(terms(before)) if ":" in before else set())


def counted_things(question: str) -> set[str]:
    """Return the index terms of what a question asks the number of, in English; empty where it does not say."""
    if found := COUNTED.search(question):
        return set(terms(found[1]))
    found = COUNTED_ZH.search(question)
    return set(terms(english_words(found[1], ()))) if found else set()
