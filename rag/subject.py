"""What a turn of the conversation is about, for the next question to lean on."""

import re
from dataclasses import dataclass, replace

from rag.edition import YEAR
from rag.phrase import Phrase, phrases

FULL_NAME = re.compile(r"\b[A-Z][a-zà-ÿ]+(?: Ó)?(?: h?[A-ZÓ][a-zà-ÿ]+)? [A-Z][a-zà-ÿ]+\b")
# Capitalised words of organisations and places, which a person's name does not hold.
NO_PERSON = frozenset(
    """WIC World Internet Conference Summit Forum Committee University Institute Association Center Program Digital Silk
    Road Asia Pacific Beijing Wuzhen Shanghai China Secretary General Office Report Dialogue Mobile Congress Member
    Representative Symposium The Town City Province Research Deputy Executive Vice Minister Chair Award Awards Expo
    Academy Light Development Outstanding Cases Blue Books Group Working Nishan Dunhuang Think Tank Leadership Youth
    Global Initiative Cultural Heritage Science Technology Straight Competition Contribution Practice What Who When
    Where Which How News Daily In On At And""".split()
)
EVERYWHERE = frozenset({"WIC", "World Internet Conference", "China", "conference", "world"})  # hardly tells a subject
NAMING = re.compile(r"\b(?:called|the name of|titled)\b|^(?:and |so )?(?:is|was|are|were) there\b", re.I)
SORT = frozenset("year date day month country city place town province time kind type sort role post office".split())
EDITION = re.compile(r" (?:very )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest|last) ")
OF_YEAR = re.compile(rf"\s*(?:\b(?:of|in|for) )?{YEAR.pattern}", re.I)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about."""

    text: str  # with its article: "the Wuzhen Summit"
    beside: tuple[str, ...] = ()  # what else the question names
    year: str = ""  # that it is asked of, where the text does not hold it
    start: int = -1  # where the text stands in the question; -1: it comes from the answer
    plural: bool = False

    @property
    def general(self) -> bool:
        """Whether it is what all the documents are about."""
        return re.sub(r"^the ", "", self.text, flags=re.I) in EVERYWHERE

    def without_years(self) -> "Subject":
        """Return it as of no edition, for a question that names its own year."""
        text = re.sub(r"\s+", " ", EDITION.sub(" ", OF_YEAR.sub("", self.text))).strip()
        return replace(self, text=text, year="", beside=tuple(b for b in self.beside if not YEAR.search(b)))


def persons(text: str) -> list[str]:
    """Return the names of persons in a text."""
    return [name for name in FULL_NAME.findall(text) if not NO_PERSON.intersection(name.split())]


def subject_of(question: str, answer: str, plural: bool = False) -> Subject | None:
    """Return what a question that stands alone is about, or what its answer names where it asked for that."""
    if not re.search(r"[a-z]{3}", question):
        return None
    found = [p for p in phrases(question) if not _is_place(question, p) and not persons(p.text)]
    main = _main(found, plural)
    if not plural and (named := _named_by(question, answer, found)):
        return named
    if main is None:
        return None
    if not plural:
        main = _owner(main)
    years = [y for y in dict.fromkeys(YEAR.findall(question)) if y not in main.text]
    beside = tuple(p.text for p in found if p is not main and _tells(p))
    text = f"the {main.text}" if main.asked and not main.text.startswith("the ") else main.text
    return Subject(text, beside, years[0] if len(years) == 1 else "", main.start, main.plural)


def _owner(phrase: Phrase) -> Phrase:
    """Return of "the theme of the Wuzhen Summit" the summit."""
    part = re.match(r"(?:the )?[a-z -]+ of (?=the \S*[A-Z\d]|[A-Z])|the [A-Z]\S+ of (?=the [A-Z])", phrase.text)
    return replace(phrase, text=phrase.text[part.end() :], start=phrase.start + part.end()) if part else phrase


def _tells(phrase: Phrase) -> bool:
    return not phrase.asked and phrase.bare not in EVERYWHERE and (phrase.named or phrase.text.startswith("the "))


def _main(found: list[Phrase], plural: bool) -> Phrase | None:
    """Return the phrase that a pronoun most likely stands for."""
    alike = [p for p in found if plural or not p.plural or p.text.startswith("the ")]
    orders = [
        [p for p in found if plural and p.asked and p.plural],
        [p for p in alike if p.named and not p.asked and p.bare not in EVERYWHERE],
        [p for p in alike if not p.asked and p.text.startswith(("the ", "a "))],
        [p for p in alike if p.named and not p.asked],
        found,
    ]
    return next((order[0] for order in orders if order), None)


def _named_by(question: str, answer: str, found: list[Phrase]) -> Subject | None:
    """Return what the answer names, where the question asked for a name ("Which report ...?")."""
    given = [p for p in phrases(answer.split(". ")[0]) if not persons(p.text)]
    if NAMING.search(question):
        new = [p for p in given[:2] if (p.named or YEAR.search(p.text)) and p.text not in question]
        return Subject(_inside(new[0].text), plural=new[0].plural) if new else None
    asked = found[0] if found and found[0].asked and not found[0].plural else None
    if (
        asked is None
        or re.match(r"(?:and )?(?:.* )?how (?:many|much)", question, re.I)
        or asked.bare.split()[-1] in SORT
    ):
        return None
    sort = asked.bare.split()[0 if " of " in asked.bare else -1].lower()
    same = [p for p in given if sort in p.bare.lower().split()]
    if not same:
        return None
    beside = tuple(p.text for p in found if p.named and not p.asked)
    return Subject(_inside(same[0].text) if same[0].named else f"the {sort}", beside)


def _inside(phrase: str) -> str:
    """Return a phrase as it is written inside a sentence."""
    return re.sub(r"^(?:The|An?)\b", lambda match: match[0].lower(), phrase)


def _is_place(text: str, phrase: Phrase) -> bool:
    before = text[: phrase.start].rstrip().rsplit(" ", 1)[-1].lower()
    return before == "in" and phrase.text[0].isupper()
