"""Whether one English sentence tells another, by their phrases.

A claim is told if its phrases are those of a clause of the source, each whole and in their order. Only a date or a
place behind the verb may be missing or stand elsewhere, what is set off by commas or brackets may be missing, and a
clause that another one follows may stand alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rag.clause import Phrase, clauses, is_verb, phrases
from rag.wording import one_wording

KEPT = 512  # sentences whose phrases are kept, since each is read for each sentence that a model writes
# What a source has of these, a claim must have too, or it says more, or says it more surely.
QUALIFIERS = frozenset(
    """if unless whether that may might could would should can cannot will shall must planned expected proposed hoped
    hopes intended scheduled plans expects proposes allegedly reportedly hardly barely scarcely rarely seldom only
    perhaps probably possibly likely unlikely denied denies deny rejected refused said says claimed claims suggested
    suggests believes believed called reported reports according or either neither nor not no never none without fails
    failed except rather before""".split()
)
COUNTING = re.compile(r"\d|\b(?:all|every|each|only|most|both|last|\w+est)\b")
PARTICIPLES = frozenset("held met led made built set given taken written won".split())
RELATIVES = frozenset("which who where".split())


def tells(quote: str, claim: str, long_forms: Mapping[str, str]) -> bool:
    """Return whether one sentence tells all that a claim says; `long_forms` by their short forms."""
    said, source = one_wording(claim, long_forms), one_wording(quote, long_forms)
    lost = _qualifiers(source) - _qualifiers(said)
    ours = phrases(said)
    if lost or not any(phrase.has_verb for phrase in ours):
        return False
    return any(_same(told, ours) for told in _readings(source))


@lru_cache(KEPT)
def _readings(source: str) -> tuple[tuple[Phrase, ...], ...]:
    return tuple(tuple(phrases(clause)) for whole in _versions(source) for clause in (whole, *clauses(whole)))


@lru_cache(KEPT)
def _qualifiers(text: str) -> set[str]:
    found = set(re.findall(r"[^\W\d_]+", text.lower())) & QUALIFIERS
    return found | ({"not"} if re.search(r"n['’]t\b", text) else set())


def _versions(text: str) -> Iterator[str]:
    """Yield a sentence, the same without what stands in brackets, and without what its commas set off."""
    bare = re.sub(r"\s*\([^()]*\)", "", text)
    yield text
    if bare != text:
        yield bare
    apposition = re.match(r"([^,]+), ([^,]+), (?=(\w+))", bare)
    if (
        apposition
        and is_verb(apposition[3])
        and not any(p.has_verb for p in phrases(f"{apposition[1]}, {apposition[2]}"))
    ):
        rest = bare[apposition.end() :]
        yield f"{apposition[1]} {rest}"
        if apposition[2].startswith("the "):
            yield f"{apposition[2]} {rest}"


def _same(source: Sequence[Phrase], claim: Sequence[Phrase]) -> bool:
    """Return whether a claim has all phrases of a source, but for loose ones."""
    cut = next((n for n, p in enumerate(source) if n and not p.lead and p.words[0] in RELATIVES), len(source))
    if source and source[-1].lead == "from" and source[-1].words[0].isdigit():  # how widely, not which ones
        cut = min(cut, len(source) - 1)
    return _matches(source, claim) or (cut < len(source) and _matches(source[:cut], claim))


def _matches(source: Sequence[Phrase], claim: Sequence[Phrase]) -> bool:
    if len(source) == len(claim) and all(map(same_phrase, source, claim)):
        return True
    loose = [n for n in range(len(source)) if _is_loose(source, n)]
    kinds = [source[n].kind for n in loose]
    if len(set(kinds)) < len(kinds) or sum(p.has_verb for p in source) > 1:
        return False  # it would not be certain what each belongs to
    fixed = [p for n, p in enumerate(source) if n not in loose]
    free = [source[n] for n in loose]
    rest: list[Phrase] = []
    for phrase in claim:
        other = next((p for p in free if same_phrase(p, phrase)), None)
        if other:
            free.remove(other)
        else:
            rest.append(phrase)
    return len(rest) == len(fixed) and all(map(same_phrase, fixed, rest))


def _is_loose(source: Sequence[Phrase], number: int) -> bool:
    """Return whether a date or place says when or where all of it was, and does not tell things apart."""
    if not source[number].kind or source[number].lead not in ("on", "in", "at"):
        return False
    before = [p for p in source[:number] if not p.kind]
    if not before:
        return number == 0
    last = before[-1]
    if not any(p.has_verb for p in before) or COUNTING.search(" ".join(last.words)):
        return False
    done = last.words[-1].endswith("ed") or last.words[-1] in PARTICIPLES
    return done or bool(last.lead) or source[number].kind == "date"


def same_phrase(source: Phrase, claim: Phrase) -> bool:
    """Return whether a phrase of a source says what one of a claim says: a date may be less exact, a place shorter."""
    if source.lead != claim.lead:
        return False
    if source.kind == claim.kind == "date":
        theirs, ours = source.words[0].lstrip("@"), claim.words[0].lstrip("@")
        return theirs == ours or ("~" not in theirs[:8] and theirs.startswith(f"{ours}_"))
    theirs_words = source.words
    if source.kind == "place" and "‚" in theirs_words and "‚" not in claim.words:
        theirs_words = theirs_words[: theirs_words.index("‚")]
    return len(theirs_words) == len(claim.words) and all(map(_same_word, theirs_words, claim.words))


def _same_word(one: str, other: str) -> bool:
    """Return whether two words are the same but for their case or an -s."""
    one, other = sorted((one.lower(), other.lower()), key=len)
    return one == other or (len(one) > 2 and other in (f"{one}s", f"{one}es") and one.isalpha())
