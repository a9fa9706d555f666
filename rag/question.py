"""What a question asks: its text made clean, its language, its kind, and the form that stands alone."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.language import language_of

LONGEST = 2000  # characters of a question

Kind = Literal["who", "when", "where", "number", "list", "definition", "other"]

# The first pattern that is found decides. A list asks for several things of a sort, which plurals show.
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"\bhow (?:many|much|often|long|old)\b|\bnumber of\b|\bphone\b|\btelephone\b|多少|几[个项家位次年]|电话", re.I)),
    ("when", re.compile(r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bdate of\b|何时|什么时候|哪一?[年天月日]|几月|日期", re.I)),
    (
        "list",
        re.compile(
            r"\b(?:list|name|enumerate)\b|\b(?:which|what)\b(?: \w+){0,2} (?!was|is|does|has)\w+[^s\W]s\b"
            r"|\bwho (?:were|are|all)\b|\bwhat (?:are|were)\b|哪些|哪几|列出|列举|分别",
            re.I,
        ),
    ),
    ("where", re.compile(r"\bwhere\b|\b(?:what|which) (?:city|place|country|town|venue|location)\b|\blocated\b|哪里|在哪|何处|哪个城市|地点", re.I)),
    ("who", re.compile(r"\bwho(?:m|se)?\b|\bwhich (?:person|organi[sz]ation|institution|company|university)\b|谁|哪位|何人", re.I)),
    ("definition", re.compile(r"\bwhat (?:is|was|'s)\b|\bdefine\b|\bmeaning of\b|\bwhat does .* mean\b|什么是|是什么|指什么", re.I)),
)  # fmt: skip
GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|你好|您好|早上好|下午好|晚上好|嗨|哈喽)"
    r"(?: there| everyone| all| team)?[\s!.,。！，~]*",
    re.I,
)
THANKS = re.compile(
    r"(?:ok(?:ay)?[\s,.!]*)?(?:thanks?(?: you)?|thx|cheers|great|perfect|谢谢|多谢|感谢|好的|再见|bye|goodbye)"
    r"(?: (?:so|very) much| a lot|你|您|您的帮助)?[\s!.,。！，~]*",
    re.I,
)
REPLIES = {
    ("greeting", "en"): "Hello! Ask me about the World Internet Conference, its programs, events and reports.",
    ("greeting", "zh"): "您好！欢迎提问有关世界互联网大会及其项目、活动和报告的问题。",
    ("thanks", "en"): "You are welcome.",
    ("thanks", "zh"): "不客气。",
}
PRONOUN = re.compile(
    r"\b(?:its|his|her|their)\b|\b(?:it|they|them|he|she|him)\b|\b(?:this|that|these|those)(?= \w+\b)|\bthere\b"
    r"|它们?的?|他们?的?|她们?的?|(?:该|这个|那个|此)(?=\w)",
    re.I,
)
ELLIPSIS = re.compile(r"^(?:(?:and|what about|how about)\b|那|还有)", re.I)
POSSESSIVE = re.compile(r"its|his|their", re.I)
NAME = re.compile(
    r"[“\"]([^”\"]{3,80})[”\"]"
    r"|\b([A-Z][\w&-]*(?: (?:of|for|on|and|the|in|to)(?= [A-Z])| [A-Z0-9][\w&-]*)*)"
)
QUESTION_WORDS = frozenset("Where When Who What Which How Why Is Are Was Were Does Do Did Has Have Can Could Tell Name List Give In On At And The A An".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, with its answer where it is known."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, ready to be searched."""

    text: str
    standalone: str  # as searched: follow-ups name what they lean on
    language: str  # "en" or "zh"
    kind: Kind = "other"
    english: str = ""  # English words for the Chinese in it
    small_talk: str = ""  # the reply to a greeting or thanks; empty for a question

    @property
    def query(self) -> str:
        """The text that is searched."""
        return f"{self.standalone} {self.english}".strip()


def understand(
    text: str,
    history: Sequence[Turn] = (),
    mend: Callable[[str], str] = lambda text: text,
    translate: Callable[[str], str] = lambda text: "",
) -> Question:
    """Return the question made clean, mended, standing alone and with English words for Chinese ones.

    ValueError if it is blank or too long.
    """
    clean = clean_text(text)
    if not clean:
        raise ValueError("the question is empty; write what you want to know")
    if len(clean) > LONGEST:
        raise ValueError(f"the question has {len(clean):,} characters; shorten it to {LONGEST:,}")
    language = language_of(clean)
    standalone = stand_alone(mend(clean), history)
    small_talk = _small_talk(clean, language)
    return Question(clean, standalone, language, kind_of(standalone), translate(standalone), small_talk)


def clean_text(text: str) -> str:
    """Return the text on one line without control or broken characters."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for c in text)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def kind_of(question: str) -> Kind:
    """Return what sort of answer a question asks for."""
    return next((kind for kind, pattern in KINDS if pattern.search(question)), "other")


def _small_talk(text: str, language: str) -> str:
    for name, pattern in (("greeting", GREETING), ("thanks", THANKS)):
        if pattern.fullmatch(text):
            return REPLIES[name, language]
    return ""


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return a follow-up with what it leans on: the topic of the last earlier question that names one."""
    topic = next(filter(None, (topic_of(clean_text(turn.question)) for turn in reversed(history))), "")
    if not topic or topic.lower() in question.lower():
        return question
    pronoun = PRONOUN.search(question)
    if pronoun:
        return question[: pronoun.start()] + _in_place_of(pronoun[0], topic) + question[pronoun.end() :]
    if ELLIPSIS.match(question) or not topic_of(question):
        return f"{question.rstrip('?？. ')} ({topic})?"
    return question


def topic_of(question: str) -> str:
    """Return the longest name in a question, or ""."""
    names = [quoted or _without_question_word(name) for quoted, name in NAME.findall(question)]
    return max(names, key=len, default="")


def _without_question_word(name: str) -> str:
    words = name.split()
    while words and words[0] in QUESTION_WORDS:
        words = words[1:]
    return " ".join(words)


def _in_place_of(pronoun: str, topic: str) -> str:
    if POSSESSIVE.fullmatch(pronoun):
        return f"{topic}'s"
    if pronoun.endswith("的"):
        return f"{topic} 的"
    if pronoun.lower() == "there":
        return f"at {topic}"
    return f"{pronoun} {topic}" if pronoun.lower() in {"this", "that", "these", "those"} else topic
