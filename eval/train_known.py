"""python -m eval train-known: keep the training questions with what answers them, for questions that resemble them.

    python -m eval train-known [FILE...] [--out rag/weights]

FILE holds questions in the golden format (default: eval/training/*.jsonl), over the documents of the index in use.
Golden questions, those that resemble them, follow-ups and those held out are not kept. The leaning is a kernel ridge
regression (Murphy 2012, "Machine Learning", 14.4.3) on whether a question is answered, both kinds of equal weight.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.training import Asked, Shelf, asked_of, is_held_out
from rag.chatbot import Chatbot
from rag.known import WEIGHTS, WIDTH, Known, fingerprint, kernel
from rag.settings import Settings

RIDGE = 0.3  # the higher, the smoother; chosen on the golden dev halves and `fresh.jsonl`


def learned(asked: Sequence[Asked], vectors: np.ndarray, sentences: Sequence[str]) -> Known:
    """Return the known questions; `vectors`: (questions, dimensions); `sentences`: of the shelf, by number."""
    prints = [fingerprint(text) for text in sentences]
    answers = [(n, prints[place]) for n, one in enumerate(asked) for place in sorted(one.right)]
    owners, answering = np.array(answers, np.int64).reshape(-1, 2).T
    return Known(vectors, parts_of(vectors, np.array([bool(one.right) for one in asked])), (owners, answering), prints)


def parts_of(vectors: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Return each question's part in the leaning: (questions, dimensions), (questions,) -> (questions,).

    ValueError if all are answered, or none is.
    """
    share = float(answered.mean()) if len(answered) else 0.0
    if not 0 < share < 1:
        raise ValueError(f"{share:.0%} of {len(answered)} questions are answered; both kinds are needed")
    weight = np.where(answered, 1.0, share / (1 - share))
    near = kernel(np.asarray(vectors, np.float64) @ np.asarray(vectors, np.float64).T)
    parts: np.ndarray = np.linalg.solve(near + np.diag(RIDGE / weight), np.where(answered, 1.0, -1.0))
    return parts


def measure(known: Known, asked: Sequence[Asked], vectors: np.ndarray) -> dict[str, Any]:
    """Return how well the leaning tells held-out questions that are answered from those that are not."""
    from sklearn.metrics import roc_auc_score

    leanings = [known.recall(vector).leaning for vector in vectors]
    answered = [bool(one.right) for one in asked]
    if len(set(answered)) < 2:
        return {"questions": len(asked)}
    return {"questions": len(asked), "auroc": round(float(roc_auc_score(answered, leanings)), 4)}


def main(arguments: list[str]) -> int:
    """Write the known questions and print how well held-out ones are told apart."""
    parser = argparse.ArgumentParser(prog="python -m eval train-known", description="Keep the training questions.")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: eval/training/*.jsonl")
    parser.add_argument("--out", type=Path, default=WEIGHTS.parent, metavar="DIR", help="write the weights there")
    options = parser.parse_args(arguments)
    settings = Settings.load()
    chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
    shelf = Shelf.of(chatbot)
    asked = [one for one in asked_of(chatbot, shelf, options.files) if not one.case.history]
    kept, held = ([one for one in asked if is_held_out(one.case) == out] for out in (False, True))
    vectors, other = (np.array([shelf.embed(one.query) for one in some], np.float32) for some in (kept, held))
    known = learned(kept, vectors, shelf.sentences)
    known.save(options.out / WEIGHTS.name)
    kept_in_8_bits = Known.open(options.out / WEIGHTS.name) or known
    facts = {
        "questions": len(kept),
        "answered": sum(bool(one.right) for one in kept),
        "held out": measure(kept_in_8_bits, held, other),
    }
    described = {"command": "python -m eval train-known", "width": WIDTH, "ridge": RIDGE, **facts}
    (options.out / WEIGHTS.with_suffix(".json").name).write_text(
        json.dumps(described, indent=2) + "\n", encoding="utf-8"
    )
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0
