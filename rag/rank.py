"""The sentences in the order in which they answer: the best few are read together with the question."""

from collections.abc import Sequence
from dataclasses import replace

from rag.latest import newest_among
from rag.question import Question
from rag.reader import Reader, read_as
from rag.score import Candidate

READ = 3  # candidates; of four or six the order is hardly better (golden dev: first right .71, .71, .72)
ODDS = 0.5  # weight of the reader's log odds beside the score; chosen on the dev half of the golden questions


def reread(reader: Reader, question: Question, ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, best first, the best few with the log odds that they answer in their score.

    Those that are not read count as the least hopeful of those that are.
    """
    if not ranked:
        return []
    near = newest_among(question, ranked, READ)
    odds = reader.read(question.query, [read_as(c) for c in near]).tolist()
    read = [replace(c, odds=o, score=c.score + ODDS * o) for c, o in zip(near, odds, strict=True)]
    unread = [replace(c, score=c.score + ODDS * min(odds)) for c in ranked if not any(c is other for other in near)]
    return sorted([*read, *unread], key=lambda c: -c.score)
