"""The sentences in the order in which they answer: the best few are read together with the question."""

from collections.abc import Sequence
from dataclasses import replace

from rag.latest import asked_of, newest_among
from rag.question import Question
from rag.reader import Reader, read_as
from rag.score import Candidate

FIRST = 1  # candidates that are read in any case
SURE = 1.0  # log odds of the most hopeful of them from which no other is read; from -1 to 3 it hardly matters
READ = 5  # candidates that are read where none of the first is sure
READ_ON = 3  # more of them, where none of these seems to answer
HOPELESS = -1.0  # log odds of the most hopeful below which that is so; from -2 to 3 it hardly matters
UNREAD = -2.0  # log odds that one that is not read counts as, at most
READ_AGAIN = 2  # of those that were read, by the second reader, where the first one doubts
DOUBT = 0.0  # log odds of the most hopeful below which that is so
ODDS = 0.2  # weight of the reader's log odds beside the score; chosen on the dev half of the golden questions


def reread(reader: Reader, question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, best first, the best few with the log odds that they answer, also in their score.

    The fewer are read the surer the reader is. Those that are not read count as the least hopeful of those that are, or
    less. Where a second reader has read the best, too, their log odds are the mean of both; the order is the first
    one's.
    """
    if not ranked:
        return []
    near: list[Candidate] = []
    odds: list[float] = []
    for first, enough in ((FIRST, SURE), (READ, HOPELESS), (READ + READ_ON, HOPELESS)):
        wanted = ranked[:first] if first > READ else newest_among(question, ranked, first)
        more = [c for c in wanted if not any(c is other for other in near)]
        near, odds = [*near, *more], [*odds, *_odds(reader, question, more)]
        if max(odds) >= enough:
            break
    read = [replace(c, odds=o, score=c.score + ODDS * o, unread=c.score) for c, o in zip(near, odds, strict=True)]
    others = [c for c in ranked if not any(c is other for other in near)]
    unread = [replace(c, score=c.score + ODDS * min(UNREAD, *odds), unread=c.score) for c in others]
    ordered = sorted([*read, *unread], key=lambda c: -c.score)
    return _read_again(reader.second, question, ordered) if reader.second and max(odds) < DOUBT else ordered


def _read_again(second: Reader, question: Question, ordered: Sequence[Candidate]) -> list[Candidate]:
    best = [c for c in ordered if c.odds is not None][:READ_AGAIN]
    odds = zip(best, _odds(second, question, best), strict=True)
    mean = {id(c): (c.odds + other) / 2 for c, other in odds if c.odds is not None}
    return [replace(c, odds=mean.get(id(c), c.odds)) for c in ordered]


def _odds(reader: Reader, question: Question, some: Sequence[Candidate]) -> list[float]:
    asked = [asked_of(question, c) for c in some]
    odds = dict[int, float]()
    for query in dict.fromkeys(asked):
        alike = [n for n, other in enumerate(asked) if other == query]
        odds |= zip(alike, reader.read(query, [read_as(some[n]) for n in alike]).tolist(), strict=True)
    return [odds[n] for n in range(len(some))]
