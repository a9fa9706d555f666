"""The clauses of an English sentence and their phrases, as far as forms of words show them.

What a sentence says hangs together in phrases: "WIC | was founded | as international organization | on July 12, 2022".
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"@[\d~_]+|\d[\d.~]*\d(?:st|nd|rd|th)?|\d(?:st|nd|rd|th)?|[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]")
MARKS = frozenset(",;:()—–-“”\"'.?!…/")
SKIPPED = frozenset("a an the also furthermore moreover additionally however".split())
LEADS = frozenset(
    """about above across after against among around as at before below beside between beyond by during for from in
    into like near on onto over since through throughout to toward towards under until upon via with within
    without""".split()
)
IS = {"are": "is", "were": "was", "have": "has"}
AUXILIARIES = frozenset(
    "is are was were be been being has have had will would shall should can could may might must do does did".split()
)
VERBS = frozenset(
    """aim attend become began begin belong bring brought built call came chair come comprise comprises consist
    contain contribute count cover discuss drew elect establish exist explain explore express focus gave give go
    got grew grow held help hold host include invite issue join launch lead led list made make meet met name
    offer open organize play propose provide publish reach receive release remain report run said sent serve set
    show sign speak spoke stand start stood support took turn want went won work write wrote""".split()
)
NO_VERBS = frozenset("united limited related indeed hundred speed need seed feed red bed".split())
COORDINATED = re.compile(r"\s*(?:;|,?\s(?:and|but|while|whereas)\b)\s*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together, with the preposition before them."""

    lead: str
    words: tuple[str, ...]
    kind: str  # "date", "place" or ""

    @property
    def has_verb(self) -> bool:
        """Whether one of its words looks like a verb."""
        return any(map(is_verb, self.words))


def is_verb(word: str) -> bool:
    """Return whether a word looks like a verb: an auxiliary, a known one or a form in -ed."""
    known = word in VERBS or (word.endswith("s") and word[:-1] in VERBS)
    return word in AUXILIARIES or known or (word.endswith("ed") and word.islower() and word not in NO_VERBS)


def clauses(text: str) -> list[str]:
    """Return the clauses that "and", "but" or a semicolon join, the later ones with the subject of the first.

    None where there is only one.
    """
    found: list[str] = []
    start = 0
    for joint in COORDINATED.finditer(text):
        before, after = text[start : joint.start()], text[joint.end() :]
        if any(p.has_verb for p in phrases(before)) and any(p.has_verb for p in phrases(after)):
            found.append(before)
            start = joint.end()
    if not found:
        return []
    subject = subject_of(found[0])
    return [found[0], *(_with_subject(part, subject) for part in (*found[1:], text[start:]))]


def _with_subject(clause: str, subject: str) -> str:
    first, _, rest = clause.partition(" ")
    if first.lower() in ("it", "they"):
        return f"{subject} {rest}"
    return f"{subject} {clause}" if is_verb(first) else clause


def subject_of(text: str) -> str:
    """Return what stands before the first verb."""
    words = text.split()
    first = next((number for number, word in enumerate(words) if number and is_verb(word.strip(",;"))), 0)
    return " ".join(words[:first])


def phrases(text: str) -> list[Phrase]:
    """Return the phrases of a text in its one wording."""
    found: list[Phrase] = []
    lead, words = "", list[str]()

    def close(next_lead: str = "") -> None:
        nonlocal lead
        if words:
            found.append(_phrase(lead, tuple(words)))
            words.clear()
        lead = next_lead

    for token in TOKEN.findall(text):
        lower = token.lower()
        if token in MARKS or lower == "and":
            close()
        elif lower in LEADS:
            close(lower if words or not lead else f"{lead} {lower}")
        elif token.startswith("@"):
            close(lead if not words else "")
            words.append(token)
            close()
        elif lower not in SKIPPED:
            if lower in AUXILIARIES and words and words[-1] not in AUXILIARIES:
                close()
            words.append(IS.get(lower, token))
    close()
    return found


def _phrase(lead: str, words: tuple[str, ...]) -> Phrase:
    date = len(words) == 1 and (words[0].startswith("@") or (lead and re.fullmatch(r"(?:19|20)\d\d", words[0])))
    if date:
        ranged = lead == "from" and "~" in words[0]
        return Phrase("on" if lead in ("", "in", "on", "at") or ranged else lead, words, "date")
    named = lead in ("in", "at") and words[0][0].isupper() and not any(map(is_verb, words))
    return Phrase(lead, words, "place" if named else "")
