"""python -m eval lessons: write what the reader learns from as one file of token ids.

    python -m eval lessons DATA_DIR [FILE...] --out lessons.npz --held-out SQUAD2_DIR QED_DIR ...

FILE holds questions in the golden format (default: eval/training/*.jsonl), over the documents of the index in use:
each comes with the sentences that answer it, if there are any, and with those that the search brings. DATA_DIR holds
the gzipped JSONL files that eval.examples.RECIPE names; they keep the reader from knowing our documents alone. Some of
their questions come with sentences of ours, none of which answers them.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from eval.examples import RECIPE, examples
from eval.lessons import HELD, ORIGINS, OWN, STRAY, Lesson, Lessons
from eval.training import Asked, Shelf, asked_of, is_held_out
from rag.chatbot import Chatbot
from rag.settings import Settings

SEED = 0
NEAREST = 12  # sentences that the search brings
RIGHT = 4  # sentences that answer, at most: the nearest of them
MEASURED = 6  # sentences that a held-out question is read with
STRAYS = 4000  # questions of public sets that meet sentences of ours


def own_lesson(shelf: Shelf, one: Asked) -> Lesson:
    """Return a question with the sentences that answer it, and with others near it, nearest first."""
    near = shelf.nearest(one.query, NEAREST)
    right = sorted(one.right, key=lambda n: near.index(n) if n in near else NEAREST)[:RIGHT]
    wrong = [n for n in near if n not in one.right]
    texts = tuple(shelf.texts[n] for n in (*right, *wrong))
    return Lesson(one.query, texts, frozenset(range(len(right))), hardest=len(right) if wrong else None, origin=OWN)


def held_lesson(shelf: Shelf, one: Asked) -> Lesson:
    """Return a held-out question with the sentences that the search brings, nearest first."""
    near = shelf.nearest(one.query, MEASURED)
    right = frozenset(i for i, n in enumerate(near) if n in one.right)
    return Lesson(one.query, tuple(shelf.texts[n] for n in near), right, origin=HELD, answerable=bool(one.right))


def stray_lesson(shelf: Shelf, question: str) -> Lesson:
    """Return a question about something else with sentences of ours, none of which answers it."""
    texts = tuple(shelf.texts[n] for n in shelf.nearest(question, MEASURED))
    return Lesson(question, texts, frozenset(), hardest=0, origin=STRAY)


def lessons_of(shelf: Shelf, asked: Sequence[Asked], public: Sequence[Lesson], rng: random.Random) -> list[Lesson]:
    """Return all lessons: of our questions, those held out, the public ones and the strays among them."""
    own = [held_lesson(shelf, one) if is_held_out(one.case) else own_lesson(shelf, one) for one in asked]
    strays = [stray_lesson(shelf, one.question) for one in rng.sample(list(public), min(STRAYS, len(public)))]
    return [*own, *public, *strays]


def main(arguments: list[str]) -> int:
    """Write the lessons and print how many of each origin there are."""
    parser = argparse.ArgumentParser(prog="python -m eval lessons", description="Write what the reader learns from.")
    parser.add_argument("data", type=Path, metavar="DATA_DIR", help="folder of *.jsonl.gz files")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: eval/training/*.jsonl")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="write the lessons there")
    parser.add_argument("--held-out", type=Path, nargs="+", default=[], metavar="DIR", help="sets that must not train")
    options = parser.parse_args(arguments)
    from index.asymmetric import tokenizer_of
    from index.unpack import model_folder

    rng = random.Random(SEED)
    settings = Settings.load()
    chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
    shelf = Shelf.of(chatbot)
    public = examples(options.data, options.held_out, rng)
    made = lessons_of(shelf, asked_of(chatbot, shelf, options.files), public, rng)
    revision = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    facts = {
        "command": "python -m eval lessons",
        "revision": revision,
        "seed": SEED,
        "lessons": {origin: Counter(one.origin for one in made)[origin] for origin in ORIGINS},
        "attribution": [{"file": s.file, "dataset": s.dataset, "licence": s.licence} for s in RECIPE],
    }
    Lessons.written(made, tokenizer_of(model_folder()), facts).save(options.out)
    sys.stdout.write(json.dumps(facts["lessons"], indent=2) + "\n")
    return 0
