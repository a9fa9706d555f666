"""python -m eval train-query: teach the embedding model to place a question beside the sentence that answers it.

    python -m eval train-query [FILE...] [--out index/weights]

FILE holds questions with evidence in the golden format (default: eval/training/*.jsonl), over the documents of the
index in use. Only the upper layers of the encoder for questions learn; documents stay embedded as they are, so no
index goes stale. The loss is a softmax over every sentence of the index, and every passage. What is saved lies between
the weights before and after (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", arXiv:2109.01903), so that
search in other documents does not suffer. Questions that the golden ones resemble are left out.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.train_reader import mix
from eval.training import FIRST_LAYER, Asked, Shelf, asked_of, is_held_out, learning
from index.store import Store
from rag.chatbot import Chatbot
from rag.settings import Settings

SEED = 0
EPOCHS = 3
RATE = 5e-5
WARM_UP = 30  # steps
QUESTIONS_A_STEP = 32
TEMPERATURE = 0.03
PASSAGES = 0.4  # weight of finding the passage beside finding the sentence
MIXED = 0.7  # share of the weights after training in what is saved; the rest are those before
LONGEST = 128  # tokens of a question


class Trainer:
    """The encoder for questions, and every sentence and passage that it learns to meet."""

    def __init__(self, folder: Path, shelf: Shelf, store: Store) -> None:
        import torch

        from index.asymmetric import tokenizer_of
        from index.embed import E5_PROMPTS

        self._tokenizer = tokenizer_of(folder)
        self._prompt = E5_PROMPTS["query"]
        ids = list(dict.fromkeys(shelf.passages))
        self._sentences = torch.tensor(shelf.vectors)
        self._passages = torch.tensor(store.vectors.of(ids))
        self._passage_of = [ids.index(id) for id in shelf.passages]
        self.bert = learning(folder)
        self.learning = [p for p in self.bert.parameters() if p.requires_grad]

    def vectors(self, texts: Sequence[str]) -> Any:
        """Return the normalised vectors of questions: (texts, dimensions)."""
        import torch

        from index.bert import PAD, padded

        ids = padded([self._tokenizer.encode(self._prompt + text).ids[:LONGEST] for text in texts])
        known = (ids != PAD)[:, :, None]
        return torch.nn.functional.normalize((self.bert(ids) * known).sum(1) / known.sum(1), dim=-1)

    def loss(self, asked: Sequence[Asked]) -> Any:
        """Return the loss of a step."""
        import torch

        vectors = self.vectors([one.query for one in asked])
        total = torch.zeros(())
        near = vectors @ self._sentences.T / TEMPERATURE
        among = vectors @ self._passages.T / TEMPERATURE
        for one, sentences, passages in zip(asked, near, among, strict=True):
            right = sorted({self._passage_of[number] for number in one.right})
            total += torch.logsumexp(sentences, 0) - torch.logsumexp(sentences[list(one.right)], 0)
            total += PASSAGES * (torch.logsumexp(passages, 0) - torch.logsumexp(passages[right], 0))
        return total / len(asked)

    def first(self, asked: Sequence[Asked], among: Sequence[int] = (1, 4, 8, 20)) -> dict[str, float]:
        """Return the share of questions with evidence among the nearest so many sentences."""
        import torch

        ranks = []
        with torch.inference_mode():
            for start in range(0, len(asked), QUESTIONS_A_STEP):
                some = asked[start : start + QUESTIONS_A_STEP]
                near = self.vectors([one.query for one in some]) @ self._sentences.T
                ranks += [int((row > row[list(one.right)].max()).sum()) for one, row in zip(some, near, strict=True)]
        return {f"among {k}": round(float((np.array(ranks) < k).mean()), 3) for k in among}


def steps(asked: Sequence[Asked], rng: random.Random) -> Iterator[list[Asked]]:
    """Yield the questions of each step, all epochs long."""
    for _ in range(EPOCHS):
        mixed = list(asked)
        rng.shuffle(mixed)
        for start in range(0, len(mixed) - QUESTIONS_A_STEP + 1, QUESTIONS_A_STEP):
            yield mixed[start : start + QUESTIONS_A_STEP]


def train(trainer: Trainer, asked: Sequence[Asked], rng: random.Random) -> None:
    """Let the upper layers learn; the rate rises in the first steps and then falls to nearly 0."""
    import torch

    before = [p.detach().clone() for p in trainer.learning]
    optimizer = torch.optim.AdamW(trainer.learning, lr=RATE, weight_decay=0.01)
    count = EPOCHS * (len(asked) // QUESTIONS_A_STEP)
    for step, some in enumerate(steps(asked, rng), 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(step / WARM_UP, max(0.02, 1 - step / count))
        loss = trainer.loss(some)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trainer.learning, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 20 == 0:
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} step {step} of {count}, loss {loss.item():.3f}\n")
    mix(trainer.learning, before, MIXED)


def main(arguments: list[str]) -> int:
    """Train, print how near the held-out questions come, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m eval train-query", description="Train the encoder for questions.")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: eval/training/*.jsonl")
    parser.add_argument(
        "--out", type=Path, default=Path("index/weights"), metavar="DIR", help="write the weights there"
    )
    options = parser.parse_args(arguments)
    import torch
    from safetensors.torch import save_file

    from index.bert import bert_names
    from index.unpack import model_folder

    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    settings = Settings.load()
    chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
    torch.set_num_threads(os.cpu_count() or 1)  # the chatbot has left it one
    shelf = Shelf.of(chatbot)
    asked = [one for one in asked_of(chatbot, shelf, options.files) if one.right]
    held = [one for one in asked if is_held_out(one.case)]
    trainer = Trainer(model_folder(), shelf, chatbot.store)
    before = trainer.first(held)
    train(trainer, [one for one in asked if not is_held_out(one.case)], rng)
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(bert_names(trainer.bert, FIRST_LAYER), options.out / "query.safetensors")
    facts = {"questions": len(asked), "held out": len(held), "before": before, "after": trainer.first(held)}
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0
