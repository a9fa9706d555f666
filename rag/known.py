"""Questions of which it is known what answers them, or that nothing does: what a new one resembles says much of it.

The questions were written for training. Each is kept as its vector with the fingerprints of the sentences that answer
it, and with its part in a function that tells questions which the documents answer from those they do not (kernel
ridge regression), in `rag/weights/known.safetensors`, made by `python -m eval train-known`. A sentence that was not
there then has no known question; of a question that such a sentence seems to answer nothing is supposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).with_name("weights") / "known.safetensors"
WIDTH = 4.0  # of the kernel exp(WIDTH * (cosine - 1)); chosen on the golden dev halves and `fresh.jsonl`
LIKE = 0.5  # cosine of two questions from which they say something of one another


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the questions that resemble one tell of it."""

    leaning: float  # about 1: like those that the documents answer; about -1: like those that they do not
    nearest: float  # cosine of the nearest that they answer
    answers: Mapping[int, float]  # cosine of the nearest known question that a sentence answers, by its fingerprint

    def likeness(self, text: str) -> float:
        """Return how much, from LIKE on, the question is like one that a sentence answers, in cosine; 0: not at all."""
        return self.answers.get(fingerprint(text), LIKE) - LIKE


UNFAMILIAR = Recalled(0.2, 0.75, {})  # where the known ones tell nothing: half way between both kinds, and near enough


class Known:
    """The known questions; safe to share between threads."""

    def __init__(
        self,
        vectors: np.ndarray,
        parts: np.ndarray,
        answers: tuple[np.ndarray, np.ndarray],
        sentences: Sequence[int] | np.ndarray,
    ) -> None:
        """`vectors`: (questions, dimensions), normalised; `parts` in the leaning: (questions,).

        `answers`: numbers of questions and the fingerprints of sentences that answer them, each (pairs,);
        `sentences`: fingerprints of all that the documents held then.
        """
        self._vectors = np.asarray(vectors, np.float32)
        self._parts = np.asarray(parts, np.float32)
        self._owners, self._answers = answers
        self._sentences = frozenset(int(one) for one in sentences)

    @classmethod
    def open(cls, path: Path = WEIGHTS) -> "Known | None":
        """Return the questions that `save` wrote; None where there are none yet."""
        from safetensors.numpy import load_file

        if not path.exists():
            return None
        held = load_file(path)
        vectors = held["vectors"].astype(np.float32) * held["scales"].astype(np.float32)[:, None]
        return cls(vectors, held["parts"], (held["owners"], held["answers"]), held["sentences"])

    def save(self, path: Path) -> None:
        """Write the questions, their vectors in 8 bits."""
        from safetensors.numpy import save_file

        scales = (np.abs(self._vectors).max(axis=1) / 127).astype(np.float32)
        path.parent.mkdir(parents=True, exist_ok=True)
        held = {
            "vectors": np.round(self._vectors / scales[:, None]).astype(np.int8),
            "scales": scales,
            "parts": self._parts,
            "owners": np.asarray(self._owners, np.int32),
            "answers": np.asarray(self._answers, np.int64),
            "sentences": np.array(sorted(self._sentences), np.int64),
        }
        save_file(held, path)

    def recall(self, vector: Sequence[float]) -> Recalled:
        """Return what the known questions tell of one, by its vector (dimensions,)."""
        cosines = self._vectors @ np.asarray(vector, np.float32)
        leaning = float(kernel(cosines) @ self._parts)
        near = cosines[self._owners]
        nearest = float(near.max(initial=0.0))
        like = np.flatnonzero(near > LIKE)
        order = like[np.argsort(near[like], kind="stable")]  # so the nearest comes last, and stays
        answers = dict(zip(self._answers[order].tolist(), near[order].tolist(), strict=True))
        return Recalled(leaning, nearest, answers)

    def trusted(self, recalled: Recalled, answer: str) -> Recalled:
        """Return what is recalled of a question that a sentence seems to answer; UNFAMILIAR where that is a new one."""
        return recalled if fingerprint(answer) in self._sentences else UNFAMILIAR


def kernel(cosines: np.ndarray) -> np.ndarray:
    """Return how much questions have to do with one another, 0..1, by their cosines."""
    near: np.ndarray = np.exp(WIDTH * (cosines - 1))
    return near


@lru_cache(maxsize=20_000)
def fingerprint(text: str) -> int:
    """Return 64 bits, signed, that stand for a sentence, whatever its white space."""
    return int.from_bytes(blake2b(" ".join(text.split()).encode(), digest_size=8).digest(), signed=True)
