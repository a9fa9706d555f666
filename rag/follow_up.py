"""A follow-up, made to stand alone by what the turns before it are about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import HAN
from rag.edition import YEAR, full_years
from rag.follow_up_zh import stand_alone_zh, subject_of_zh
from rag.phrase import Phrase, phrases
from rag.subject import Subject, persons, subject_of

PERSON = re.compile(r"\b(?:he|she|him|his|her)\b", re.I)
THING = re.compile(r"\b(?:it|they|them)\b", re.I)
THERE = re.compile(
    r"(?<!\bis )(?<!are )(?<!was )(?<!were )(?<!been )\bthere\b(?! (?:is|are|was|were|ha[ds]|have)\b)", re.I
)
THAT = re.compile(  # without a noun, as in "Where is that held?"
    r"(?:(?<=\bis )|(?<=was )|(?<=does )|(?<=did )|(?<=about ))that\b|(?<=of )(?:that|those|these|this)\b"
    r"|(?:(?<=\bare )|(?<=were ))(?:those|these)\b",
    re.I,
)
THEN = re.compile(r"(?:\b(?:in|at) )?\bthat (?:year|time)\b|\bthen\b(?=\s*[?.]?$)|\bat the time\b", re.I)
ONE = re.compile(r"\b(?:ones?)\b", re.I)
LEANING = re.compile(r"\b(?:it|its|they|their|them|he|she|him|his|her)\b", re.I)
LONGEST_LEANING = 5  # words of a question that says nothing without an earlier one
NAMED = re.compile(r"(?<=\S )[A-Z][\w-]+|^[A-Z]{2,}\b|[“\"《]|\d{4}|[一-鿿]{4}")  # it speaks of something by name
NAME = re.compile(r"(?<=\S )[A-Z][\w-]+|^[A-Z]{2,}\b|[“\"《]")
BEGIN = r"^(?:(?:and|so|but|ok(?:ay)?)\b,?\s*)*"
ABOUT = re.compile(rf"{BEGIN}(?:what|how) about\s+(.+?)\s*\??$|^(?:and|but|so)\s+(.+?)\s*\??$", re.I)
ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest|last|newest|previous"
TIME = re.compile(
    rf"(?:how (?:many|much) )?(?:(?:in|for|of|at|from|during) )?(?:the )?(?:one (?:in|of) (?:the )?)?"
    rf"(?:(?P<year>{YEAR.pattern})|(?P<before>year before|previous year|year earlier)"
    rf"|(?P<after>year after|following year|year later)|(?P<ordinal>{ORDINALS}))"
    rf"(?: (?:one|edition|time|year))?",
    re.I,
)
NOW = re.compile(r"\s*\b(?:now|today|currently|at present|so far)\b", re.I)
ASKING = re.compile(
    r"^(?:(?:and|so|please|tell me|in|at|on|of|for|with|to|by)\s+)*"
    r"(?:who|whom|whose|what|which|when|where|why|how(?: many| much| often)?)\b"
    r"(?:\s+(?:is|are|was|were|does|do|did|has|have|had|can|will)\b)?\s*",
    re.I,
)
SHORT = 2  # words of a name that takes a possessive
MOST_TURNS = 8  # that are looked back on


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, with its answer where it is known."""

    question: str
    answer: str = ""


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return a follow-up as a question that stands alone, naming what it leans on; any other question as it is."""
    earlier: list[Turn] = []
    for turn in history[-MOST_TURNS:]:
        earlier.append(
            Turn(_rewritten(full_years(turn.question.strip()), earlier), re.sub(r"\s*\[\d+\]", "", turn.answer))
        )
    return _rewritten(question, earlier)


def leans_on_nothing(question: str) -> str:
    """Return the pronoun of a first question that names nothing which it could stand for, or ""."""
    pronoun = LEANING.search(question)
    return "" if pronoun is None or NAMED.search(question) or len(question.split()) > LONGEST_LEANING else pronoun[0]


def gist(question: str) -> str:
    """Return what a question is about: its words without those that ask."""
    return ASKING.sub("", question).strip(" ?？.。!")


def _rewritten(question: str, earlier: Sequence[Turn]) -> str:
    if not earlier:
        return question
    if HAN.search(question):
        return stand_alone_zh(question, [turn.question for turn in earlier])
    named = _with_person(question, earlier)
    if named != question:
        return named
    last = earlier[-1]
    if (about := ABOUT.match(question)) and (whole := _in_its_place(about[1] or about[2], last)):
        return whole
    return _with_subject(question, last)


def _with_person(question: str, earlier: Sequence[Turn]) -> str:
    pronoun = PERSON.search(question)
    if not pronoun or persons(question[: pronoun.start()]):
        return question
    texts = [text for turn in reversed(earlier) for text in (turn.question, turn.answer)]
    name = next((name for text in texts for name in persons(text)), "")
    if not name:
        return question
    owned = pronoun[0].lower() == "his" or (
        pronoun[0].lower() == "her" and bool(re.match(r" [a-z]+", question[pronoun.end() :]))
    )
    return f"{question[: pronoun.start()]}{name}{chr(39) + 's' if owned else ''}{question[pronoun.end() :]}"


def _in_its_place(said: str, last: Turn) -> str:
    """Return the last question with the year, edition, place or name of an elliptic one in its place, or ""."""
    if time := TIME.fullmatch(said):
        return _at_time(last, time)
    place = re.fullmatch(r"in ([A-Z]\w+(?: [A-Z]\w+)*)", said)
    if place:
        moved, count = re.subn(r"\bin [A-Z]\w+(?: [A-Z]\w+)*", f"in {place[1]}", last.question, count=1)
        return moved if count else ""
    found = phrases(said)
    if len(found) != 1 or found[0].text != said or len(re.findall(r"[A-Z]{2,}|[A-Z][a-z]+|[“\"]", found[0].bare)) < 2:
        return ""
    return _with_name(found[0], last)


def _with_name(name: Phrase, last: Turn) -> str:
    before = persons(last.question)
    if persons(name.text):
        return last.question.replace(before[0], name.text, 1) if before else ""
    subject = subject_of(last.question, "")
    if before or subject is None or subject.start < 0 or not re.search('[A-Z“"]', subject.text):
        return ""
    year = YEAR.search(subject.text)
    text = f"{name.text} in {year[0]}" if year and not YEAR.search(name.text) else name.text
    return f"{last.question[: subject.start]}{text}{last.question[subject.start + len(subject.text) :]}"


def _at_time(last: Turn, time: re.Match[str]) -> str:
    question = last.question
    found = list(dict.fromkeys(YEAR.findall(question))) or YEAR.findall(last.answer)[:1]
    if time["ordinal"]:
        return _of_edition(question, time["ordinal"].lower())
    if len(found) > 1 or not (found or time["year"]):
        return ""
    year = time["year"] or str(int(found[0]) + (1 if time["after"] else -1))
    if YEAR.search(question):
        return YEAR.sub(year, question)
    plain = NOW.sub("", re.sub(rf"\b((?:the )?)(?:very )?(?:{ORDINALS}) (?=[\w“\"])", r"\1", question, flags=re.I))
    return _ending(plain, f"in {year}")


def _of_edition(question: str, ordinal: str) -> str:
    """Return the question about another edition, where it names the one it is about."""
    changed, count = re.subn(rf"\b(?:very )?(?:{ORDINALS})\b", ordinal, question, count=1, flags=re.I)
    if not count:
        changed, count = re.subn(rf"\bthe {YEAR.pattern} (?=[A-Z])", f"the {ordinal} ", question, count=1)
    return changed if count else ""


def _with_subject(question: str, last: Turn) -> str:
    """Return the question with its pronouns spelled out, or with what it is about where it names nothing."""
    plural = bool(re.search(r"\b(?:they|them|those|these|ones)\b", question, re.I))
    owner = next((p for p in phrases(question) if re.match(r"(?:its|their) ", p.text, re.I)), None)
    pointing = next((p for p in phrases(question) if re.match(r"(?:this|that|these|those) ", p.text, re.I)), None)
    pronoun = THING.search(question) or THAT.search(question) or THERE.search(question)
    first = min((m.start() for m in (pronoun,) if m), default=len(question))
    first = min([first, *(p.start for p in (owner, pointing) if p)])
    leans = bool(pronoun or owner or pointing or THEN.search(question) or ONE.search(question))
    if _names_its_own(question, first if leans else None):
        return question
    subject = subject_of(last.question, last.answer, plural)
    if subject is None and HAN.search(last.question) and (chinese := subject_of_zh(last.question)):
        subject = Subject(chinese)
    if subject is None:
        return f"{question} ({gist(last.question)})"
    asked = _then(question, subject, last)
    if YEAR.search(asked):
        subject = subject.without_years()
    whole = _spelled(asked, subject, pronoun, owner, pointing)
    return _completed(whole, subject, last)


def _names_its_own(question: str, leaning: int | None) -> bool:
    """Return whether a question names its subject, and before the pronoun, if it has one."""
    before = question if leaning is None else question[:leaning]
    before = re.sub(r"\b(?:in|from|at) [A-Z]\w+", "", before)
    return bool(NAME.search(before) or persons(before))


def _then(question: str, subject: Subject, last: Turn) -> str:
    """Return the question with "then" and "that year" as the year that the last turn speaks of."""
    years = YEAR.findall(subject.text) or [subject.year] if subject.year else []
    years = years or YEAR.findall(last.question)[-1:] or YEAR.findall(last.answer)[:1]
    return THEN.sub(f"in {years[0]}", question, count=1) if years and years[0] else question


def _spelled(
    question: str, subject: Subject, pronoun: re.Match[str] | None, owner: Phrase | None, pointing: Phrase | None
) -> str:
    """Return the question with the subject in place of its pronoun; of several the first."""
    if owner:
        thing = owner.text.split(" ", 1)[1]
        owned = f"{subject.text}'s {thing}" if len(subject.text.split()) <= SHORT else f"the {thing} of {subject.text}"
        return question.replace(owner.text, owned, 1)
    if pointing and pointing.text in question:
        noun = pointing.bare.split()[-1].lower()
        alike = noun.rstrip("s") in subject.text.lower()
        return question.replace(pointing.text, subject.text, 1) if alike else question
    if pronoun and (there := THERE.search(question)) and not THING.search(question):
        return f"{question[: there.start()]}at {subject.text}{question[there.end() :]}"
    found = THING.search(question) or THAT.search(question)
    if found and not (found[0].lower() in ("they", "them") and not subject.plural and not subject.text[4:5].isupper()):
        return f"{question[: found.start()]}{subject.text}{question[found.end() :]}"
    found = None
    if definite := next((p for p in phrases(question) if p.text.startswith("the ") and _may_belong(p)), None):
        end = definite.start + len(definite.text)
        if definite.bare.lower() in subject.text.lower():
            return f"{question[: definite.start]}{subject.text}{question[end:]}"
        return f"{question[:end]} of {subject.text}{question[end:]}"
    return question


def _may_belong(phrase: Phrase) -> bool:
    return not phrase.named and not re.search(r"\b(?:of|on|for|between|ones?)\b", phrase.text) and bool(phrase.bare)


def _completed(question: str, subject: Subject, last: Turn) -> str:
    """Return the question with what else it needs: in brackets what was asked of, at its end the year."""
    inside = question.lower()
    missing = [subject.text] if subject.text.lower() not in inside else []
    asked_things = subject.start >= 0 and not re.search('[A-Z“"]', subject.text)
    if asked_things or subject.start < 0 or ONE.search(question):
        missing += [text for text in subject.beside if text.lower() not in inside]
    if subject.year and not YEAR.search(question) and not re.match(rf"{BEGIN}when\b", question, re.I):
        if missing:
            missing.append(subject.year)
        elif not subject.general or subject.plural:
            question = _ending(question, f"in {subject.year}")
    return f"{question} ({', '.join(missing)})" if missing else question


def _ending(question: str, words: str) -> str:
    """Return the question with words before its question mark."""
    return f"{question.rstrip(' ?？')} {words}?"
