"""What the reader learns from, as token ids in one file: questions, each with texts of which some, or none, answer it.

The file is written where the documents are (`python -m eval lessons`), and learnt from wherever there is time and a
processor for it (`python -m eval train-reader`): that needs neither the index nor the question sets.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.reader import pack

PUBLIC, OWN, STRAY, HELD = ORIGINS = ("public", "own", "stray", "held")  # sets; ours; theirs with our texts; to measure
WINDOWS = (1, 1, 1, 1, 2, 2, 3)  # sentences that are read together, drawn evenly
READ = 4  # texts a question is read with
SECOND = 0.3  # share of questions of which two texts that answer are read
DROPPED = 0.05  # share of our answered questions that are read without what answers them
ABSENT = -1  # stands for no text

Pair = tuple[list[int], bool]  # token ids of question and text, whether the text answers


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with texts."""

    question: str
    texts: tuple[str, ...]
    right: frozenset[int]  # texts that answer it
    hardest: int | None = None  # the text that most looks as if it did, and does not
    around: str = ""  # title and section, read before each text
    joined: bool = False  # the texts follow on one another, and some can be read as one
    origin: str = OWN
    answerable: bool = False  # of those to measure with: something answers it, though perhaps none of these texts


class Lessons:
    """Many lessons as arrays of token ids."""

    def __init__(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        """`arrays` as `written` returns them; `facts` say what the lessons were made of."""
        self._arrays = arrays
        self.facts = facts
        self.origins = arrays["origins"]

    @classmethod
    def written(cls, lessons: Sequence[Lesson], tokenizer: Any, facts: dict[str, Any]) -> "Lessons":
        """Return lessons as token ids; each text is kept once."""
        numbers: dict[str, int] = {}

        def number(text: str) -> int:
            return numbers.setdefault(text, len(numbers))

        rows = [
            (
                number(one.question),
                number(f"{one.around}:") if one.around else ABSENT,
                ABSENT if one.hardest is None else one.hardest,
                one.joined,
                ORIGINS.index(one.origin),
                one.answerable,
            )
            for one in lessons
        ]
        texts = [number(text) for one in lessons for text in one.texts]
        right = [n in one.right for one in lessons for n in range(len(one.texts))]
        ids = [e.ids for e in tokenizer.encode_batch(list(numbers), add_special_tokens=False)]
        asked, around, hardest, joined, origins, answerable = map(np.array, zip(*rows, strict=True))
        arrays = {
            "tokens": np.fromiter((token for some in ids for token in some), np.int32),
            "ends": np.cumsum([len(some) for some in ids]).astype(np.int32),
            "texts": np.array(texts, np.int32),
            "right": np.array(right, np.bool_),
            "text_ends": np.cumsum([len(one.texts) for one in lessons]).astype(np.int32),
            "asked": asked.astype(np.int32),
            "around": around.astype(np.int32),
            "hardest": hardest.astype(np.int16),
            "joined": joined.astype(np.bool_),
            "origins": origins.astype(np.int8),
            "answerable": answerable.astype(np.bool_),
        }
        return cls(arrays, facts)

    def save(self, path: Path) -> None:
        """Write the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            arrays: dict[str, Any] = {"facts": np.array(json.dumps(self.facts)), **self._arrays}
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Lessons":
        """Read the file; ValueError if it is none."""
        try:
            with np.load(path) as saved:
                arrays = {name: saved[name] for name in saved.files}
            return cls(arrays, json.loads(str(arrays.pop("facts"))))
        except (OSError, KeyError, ValueError) as error:
            raise ValueError(f"{path} holds no lessons ({error}); write them with `python -m eval lessons`") from error

    def of(self, *origins: str) -> list[int]:
        """Return the numbers of the lessons of some origins."""
        return np.flatnonzero(np.isin(self.origins, [ORIGINS.index(origin) for origin in origins])).tolist()

    def answerable(self, lesson: int) -> bool:
        """Return whether something answers the question of a lesson to measure with."""
        return bool(self._arrays["answerable"][lesson])

    def all_of(self, lesson: int) -> list[Pair]:
        """Return the question with each of its texts, in their order."""
        _, right = self._texts(lesson)
        return [self._pair(lesson, [n], bool(answers)) for n, answers in enumerate(right)]

    def some_of(self, lesson: int, rng: random.Random) -> list[Pair]:
        """Return the question with READ of its texts: what answers it first, then the hardest of the others."""
        _, flags = self._texts(lesson)
        right, wrong = np.flatnonzero(flags).tolist(), np.flatnonzero(~flags).tolist()
        barred = frozenset(right)
        joined = bool(self._arrays["joined"][lesson])
        if right and ORIGINS[self.origins[lesson]] == OWN and rng.random() < DROPPED:
            right = []
        chosen = rng.sample(right, min(len(right), 2 if rng.random() < SECOND else 1))
        pairs = [self._pair(lesson, _window(n, len(flags), frozenset(), rng) if joined else [n], True) for n in chosen]
        rng.shuffle(wrong)
        hardest = int(self._arrays["hardest"][lesson])
        if hardest in wrong:
            wrong.remove(hardest)
            wrong.insert(0, hardest)
        for n in wrong[: READ - len(pairs)]:
            pairs.append(self._pair(lesson, _window(n, len(flags), barred, rng) if joined else [n], False))
        return pairs

    def _texts(self, lesson: int) -> tuple[np.ndarray, np.ndarray]:
        ends = self._arrays["text_ends"]
        part = slice(int(ends[lesson - 1]) if lesson else 0, int(ends[lesson]))
        return self._arrays["texts"][part], self._arrays["right"][part]

    def _pair(self, lesson: int, window: Sequence[int], answers: bool) -> Pair:
        texts, _ = self._texts(lesson)
        around = int(self._arrays["around"][lesson])
        read = self._ids(around) if around != ABSENT else []
        for n in window:
            read += self._ids(int(texts[n]))
        return pack(self._ids(int(self._arrays["asked"][lesson])), read), answers

    def _ids(self, text: int) -> list[int]:
        ends = self._arrays["ends"]
        ids: list[int] = self._arrays["tokens"][int(ends[text - 1]) if text else 0 : int(ends[text])].tolist()
        return ids


def _window(centre: int, count: int, barred: frozenset[int], rng: random.Random) -> list[int]:
    """Return some neighbouring texts, the centre among them, none of which is barred."""
    first, end = centre, centre + 1
    for _ in range(rng.choice(WINDOWS) - 1):
        sides = [n for n in (first - 1, end) if 0 <= n < count and n not in barred]
        if not sides:
            break
        side = rng.choice(sides)
        first, end = min(first, side), max(end, side + 1)
    return list(range(first, end))


def mixed(lessons: Lessons, shares: dict[str, float], rng: random.Random) -> Iterator[int]:
    """Yield lessons without end, in these shares of their origins; each origin's in random order, again and again."""

    def turns(origin: str) -> Iterator[int]:
        some = lessons.of(origin)
        while some:
            rng.shuffle(some)
            yield from some

    endless = {origin: turns(origin) for origin in shares if lessons.of(origin)}
    names = list(endless)
    weights = [shares[name] for name in names]
    while True:
        yield next(endless[rng.choices(names, weights)[0]])
