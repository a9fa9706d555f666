"""Which source sentences answer: the fewest, in reading order, each with what it leans on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.split import Sentence
from index.lexical import terms
from index.store import Store
from rag.cite import Claim, Source
from rag.edition import YEAR, years
from rag.question import Question
from rag.reader import LEANS_BACK
from rag.retrieve import Hit
from rag.score import Candidate, term_weights
from rag.typed import NUMBER, WEAK, introduces

NEAR_ITEM = 1.0  # items that score this close to the best item are shown with it
UNDECIDED, SHORT_LIST = 3, 600  # from so many such items the whole list is shown, if it has at most so many characters


@dataclass(frozen=True, slots=True)
class Length:
    """How much stands beside the best sentence."""

    extras: int  # sentences
    within: float  # an extra sentence scores at most this much less than the best one
    characters: int  # of the answer


THE_SAME = 0.8  # share of common terms (Jaccard) from which a sentence repeats another one
NEW_WORDS = 0.15  # share of the question's weight in words that a sentence adds, from which it may be less good
FOR_NEW_WORDS = 1.0  # score by which it then may be less good
LOOKED_AT = 16  # candidates
NEAR_TABLE = 25  # candidates among which a table over the years is looked for
FEWEST_YEARS = 3  # of such a table
FAR_TABLE = 3.0  # score by which its row may be worse than the best sentence
PROSE = Length(extras=3, within=2.0, characters=550)
SEVERAL = Length(extras=4, within=2.0, characters=900)  # where several things are asked for and no list holds them
OVER_THE_YEARS = Length(extras=6, within=3.0, characters=1200)
OCCASIONS = Length(extras=4, within=3.0, characters=900)  # each from another document
PART = Length(extras=2, within=2.0, characters=500)  # of a question in several parts


def choose(store: Store, question: Question, ranked: Sequence[Candidate], part: bool = False) -> list[Claim]:
    """Return the claims that answer a question, or a part of one, in reading order."""
    best = _table_of_years(store, ranked) if question.change and len(years(ranked[0].text)) < FEWEST_YEARS else None
    best = best or ranked[0]
    if items := _items(store, best):
        return _list_claims(question, best, ranked, items)
    length = _length(question, part)
    chosen = [best, *_extras(store, question, ranked, length)]
    place = {c.hit.document.id: number for number, c in reversed(list(enumerate(chosen)))}
    chosen.sort(key=lambda c: min(c.years, default="") if question.change else "")
    if not question.change:
        chosen.sort(key=lambda c: (place[c.hit.document.id], c.sentence.start))
    claims = [claim for c in chosen for claim in _claims(store, question, ranked, c)]
    return list({(claim.sources[0].place, claim.item): claim for claim in claims}.values())


def _length(question: Question, part: bool) -> Length:
    if question.change:
        return OVER_THE_YEARS
    if question.occasions:
        return OCCASIONS
    return PART if part else SEVERAL if question.kind == "list" else PROSE


def _claims(store: Store, question: Question, ranked: Sequence[Candidate], candidate: Candidate) -> list[Claim]:
    """Return what a candidate says: its list, or its sentence with what it leans on."""
    if items := _items(store, candidate):
        return _list_claims(question, candidate, ranked, items)
    return [Claim(source.quote, (source,)) for source in _sources(candidate)]


def _items(store: Store, candidate: Candidate) -> list[tuple[str, Sentence]]:
    """Return the items of the list that a candidate introduces or belongs to."""
    return store.records.listed(candidate.hit.document.id, _lead(candidate))


def _lead(candidate: Candidate) -> tuple[int, int]:
    return candidate.sentence.lead or (candidate.sentence.start, candidate.sentence.end)


def _table_of_years(store: Store, ranked: Sequence[Candidate]) -> Candidate | None:
    """Return the best row of a table whose rows speak of different years, if one is near the top."""
    best = ranked[0]
    for candidate in ranked[:NEAR_TABLE]:
        lead = candidate.sentence.lead
        if candidate.score < best.score - FAR_TABLE:
            continue
        if lead and candidate.sentence.kind == "row":
            text = candidate.hit.document.text
            rows = [text[s.start : s.end] for _, s in store.records.listed(candidate.hit.document.id, lead)]
            if len(frozenset().union(*map(years, rows))) >= FEWEST_YEARS:
                return candidate
    return None


def _sources(candidate: Candidate) -> list[Source]:
    """Return the sentence, after the one before it where it leans back on that ("It ...", "They ...")."""
    sentences = candidate.hit.passage.sentences
    position = sentences.index(candidate.sentence)
    first = position
    while first > 0 and LEANS_BACK.match(_source(candidate.hit, sentences[first]).quote) and position - first < 2:
        first -= 1
    return [_source(candidate.hit, sentence) for sentence in sentences[first : position + 1]]


def _source(hit: Hit, sentence: Sentence) -> Source:
    return Source(hit.document, sentence.start, sentence.end, " > ".join(hit.passage.section))


def _list_claims(
    question: Question,
    best: Candidate,
    ranked: Sequence[Candidate],
    items: Sequence[tuple[str, Sentence]],
) -> list[Claim]:
    """Return the introducing sentence and its items: all of them, or the few that are meant."""
    lead = _lead(best)
    section = " > ".join(best.hit.passage.section)
    meant = {
        (c.sentence.start, c.sentence.end)
        for c in ranked
        if c.hit.document.id == best.hit.document.id and _is_as_good(c, best)
    }
    document = best.hit.document
    counted = question.kind == "number" and bool(NUMBER.search(YEAR.sub("", document.text[slice(*lead)])))
    whole = question.kind == "list" and not question.years
    undecided = len(meant) >= UNDECIDED and sum(item.end - item.start for _, item in items) <= SHORT_LIST
    all_meant = question.change or whole or undecided or (best.sentence.lead is None and not counted)
    claims = [Claim(document.text[slice(*lead)], (Source(document, *lead, section),))]
    for _, item in items:
        if all_meant or (item.start, item.end) in meant or _is_of(question, document.text[item.start : item.end]):
            source = Source(document, item.start, item.end, section)
            claims.append(Claim(source.quote, (source,), item=True))
    return claims


def _is_as_good(item: Candidate, best: Candidate) -> bool:
    """Return whether a list item answers nearly as well as the best; of one that was not read the look decides."""
    if item.odds is None and item.unread is not None and best.unread is not None:
        return item.unread >= best.unread - NEAR_ITEM
    return item.score >= best.score - NEAR_ITEM


def _is_of(question: Question, text: str) -> bool:
    """Return whether a list item belongs to a list that is asked for, because it is of the year or of none."""
    return question.kind == "list" and bool(not years(text) or years(text) & question.years)


def _extras(store: Store, question: Question, ranked: Sequence[Candidate], length: Length) -> list[Candidate]:
    """Return sentences that add to the best one: nearly as good, or with words of the question that it lacks."""
    best = ranked[0]
    weights = term_weights(store, question)
    chosen, covered = [best], _covered(best, weights)
    room = length.characters - len(best.text)
    for candidate in ranked[1:LOOKED_AT]:
        if len(chosen) > length.extras:
            break
        more = sum(weights[t] for t in _covered(candidate, weights) - covered) / (sum(weights.values()) or 1)
        within = length.within + (FOR_NEW_WORDS if more >= NEW_WORDS else 0.0)
        if candidate.score < best.score - within or not _adds(question, candidate, chosen):
            continue
        room -= (taken := _size(store, candidate))
        if room < 0:
            room += taken
            continue
        chosen.append(candidate)
        covered |= _covered(candidate, weights)
    return chosen[1:]


def _size(store: Store, candidate: Candidate) -> int:
    """Return how many characters a candidate takes, with its list if it has one."""
    return len(candidate.text) + sum(item.end - item.start for _, item in _items(store, candidate))


def _covered(candidate: Candidate, weights: Mapping[str, float]) -> set[str]:
    return set(terms(candidate.text)) & set(weights)


def _adds(question: Question, candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Return whether a sentence says something else, of the same year and of the kind that is asked for."""
    best = chosen[0]
    listed = candidate.sentence.kind != "paragraph" or introduces(candidate.text)
    again = listed and any(_same_list(candidate, c) for c in chosen)
    each = len(question.years) > 1 and bool(question.years & candidate.years)  # "2025 against 2022"
    same_years = each or not best.years or not candidate.years or bool(best.years & candidate.years)
    new = all(_alike(candidate.text, c.text) < THE_SAME for c in chosen)
    if question.occasions:
        same_years = not question.years or not candidate.years or bool(question.years & candidate.years)
        new = new and all(candidate.hit.document.id != c.hit.document.id for c in chosen)
    return not again and new and (same_years or question.change) and candidate.typed >= min(best.typed, WEAK)


def _same_list(one: Candidate, other: Candidate) -> bool:
    return one.hit.document.id == other.hit.document.id and _lead(one) == _lead(other)


def _alike(text: str, other: str) -> float:
    """Return the Jaccard index of the terms of two texts."""
    these, those = set(terms(text)), set(terms(other))
    return len(these & those) / (len(these | those) or 1)
