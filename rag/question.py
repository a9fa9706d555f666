"""What a question asks: its text made clean, its language, its kind, and the form that stands alone."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.language import language_of
from rag.edition import CHANGE, NEWEST, NEXT, OCCASIONS, dated, full_years, years
from rag.follow_up import Turn, leans_on_nothing, stand_alone
from rag.kind import Kind, kind_of
from rag.translate import uncovered

LONGEST = 2000  # characters of a question
SHOWN = 40  # characters of a question that stand in a message

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
COURTESY = re.compile(  # around a question
    r"^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))"
    r"(?: (?:all|there|everyone|everybody|team|colleagues|friends?|sirs?|madam|(?:mr|ms|mrs|dr)\.? \w+)){0,2}[,!.:]\s*"
    r"|(?:你好|您好|大家好)(?:[，,！!。：:\s]+|(?=请问|想问|请教))"
    r"|请问(?:一下(?!届)|下(?=[，,：:\s]))?[，,：:\s]*"
    r"|(?:想问|麻烦问|请教)(?:一下(?!届)|下?(?=[，,：:\s]))[，,：:\s]*)+(?=\S{2})"
    r"|(?<=[.?!,，。？！;；])\s*(?:(?:many )?(?:thanks|thank you|thx|cheers)"
    r"(?: (?:you|a lot|so much|very much|again|in advance|for (?:your|the) help))*"
    r"|(?:谢谢|多谢|感谢|拜托|麻烦)(?:[您你]的帮助|你们?|您|大家|各位|了|啦)*)[\s.!。！~～]*$",
    re.I,
)
SUPPOSING = re.compile(
    r"^(?:(?:and|so|but|then) )?(?:why|how come|(?:is|are|was|were|did|does|do|has|have|had)(?:n['’]t)? )"
    r"|为什么|为何|是不是|是否|有没有|[吗么][?？]?$|对[吗不]",
    re.I,
)
REPLIES = {
    ("greeting", "en"): "Hello! Ask me about the World Internet Conference, its programs, events and reports.",
    ("greeting", "zh"): "您好！欢迎提问有关世界互联网大会及其项目、活动和报告的问题。",
    ("thanks", "en"): "You are welcome.",
    ("thanks", "zh"): "不客气。",
}


UNASKABLE = {
    "empty": {
        "en": "the question is empty; write what you want to know",
        "zh": "问题是空的，请写下您想了解的内容",
    },
    "no words": {
        "en": "the question “{}” has no words; write what you want to know",
        "zh": "问题“{}”中没有文字，请写下您想了解的内容",
    },
    "too long": {
        "en": "the question has {:,} characters; shorten it to {:,}",
        "zh": "问题有 {:,} 个字符，请缩短到 {:,} 个字符以内",
    },
}

ASKING_WORDS: dict[Kind, str] = {
    "who": "Who",
    "when": "When",
    "where": "Where",
    "number": "How many",
    "list": "Which",
    "definition": "What is",
    "other": "What",
}


class Unaskable(ValueError):
    """A text that is no question; `told` says in each language what helps."""

    def __init__(self, reason: str, *values: object) -> None:
        self.told = {language: text.format(*values) for language, text in UNASKABLE[reason].items()}
        super().__init__(self.told["en"])


@dataclass(frozen=True, slots=True)
class Question:
    """A question, ready to be searched."""

    text: str
    standalone: str  # as searched: follow-ups name what they lean on
    language: str  # "en" or "zh"
    kind: Kind = "other"
    english: str = ""  # English words for the Chinese in it
    long_form: str = ""  # of the short form whose meaning is asked for, as the documents spell it out
    small_talk: str = ""  # the reply to a greeting or thanks; empty for a question
    unclear: str = ""  # a pronoun that stands for nothing, where there is no earlier question
    years: frozenset[str] = frozenset()  # that it names: "2025"
    newest: bool = False  # it asks for the latest
    next: bool = False  # it asks for one that is still to come
    change: bool = False  # it asks how something was over the years
    occasions: bool = False  # it asks for several of a kind, which different documents tell of
    supposing: bool = False  # it asks why or whether, so what it supposes may be wrong

    @property
    def in_english(self) -> str:
        """The question for a reader of English: itself, or its English words behind the word that asks."""
        return f"{ASKING_WORDS[self.kind]} {self.english}?" if self.english else self.standalone

    @property
    def query(self) -> str:
        """The text that is searched by meaning."""
        return " ".join(filter(None, (self.standalone, self.english, self.long_form)))

    def words(self, language: str) -> str:
        """The text that is searched by word, in documents of a language."""
        if self.language == language == "zh" or not self.english:
            return self.standalone
        return " ".join((self.english, *uncovered(self.standalone)))


def understand(
    text: str,
    history: Sequence[Turn] = (),
    mend: Callable[[str], str] = lambda text: text,
    translate: Callable[[str], str] = lambda text: "",
    today: date | None = None,
) -> Question:
    """Return the question made clean, mended, standing alone and with English words for Chinese ones.

    Unaskable if it is blank, too long or without a letter or digit.
    """
    clean = clean_text(text)
    if not clean:
        raise Unaskable("empty")
    if not any(c.isalnum() for c in clean):
        raise Unaskable("no words", clean[:SHOWN])
    if len(clean) > LONGEST:
        raise Unaskable("too long", len(clean), LONGEST)
    language = language_of(clean)
    bare = without_courtesies(clean)
    standalone = dated(stand_alone(full_years(mend(bare)), history), today or date.today())
    return Question(
        text=clean,
        standalone=standalone,
        language=language,
        kind=kind_of(standalone),
        english=translate(standalone),
        small_talk=_small_talk(clean, language),
        unclear="" if history else leans_on_nothing(bare),
        years=years(standalone),
        newest=bool(NEWEST.search(standalone)),
        next=bool(NEXT.search(standalone)),
        change=bool(CHANGE.search(standalone)),
        occasions=bool(OCCASIONS.search(standalone)),
        supposing=bool(SUPPOSING.search(standalone)),
    )


def clean_text(text: str) -> str:
    """Return the text on one line without control or broken characters."""
    kept = (c if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for c in text)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def without_courtesies(text: str) -> str:
    """Return a clean text without the greeting before its question and the thanks behind it."""
    return COURTESY.sub("", text) or text


def _small_talk(text: str, language: str) -> str:
    for name, pattern in (("greeting", GREETING), ("thanks", THANKS)):
        if pattern.fullmatch(text):
            return REPLIES[name, language]
    return ""
