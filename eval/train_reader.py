"""python -m eval train-reader: teach the reader which sentences answer a question, and that often none does.

    python -m eval train-reader DATA_DIR [FILE...] --out rag/weights --minutes 50 --held-out SQUAD2_DIR QED_DIR ...

FILE holds questions in the golden format (default: eval/training/*.jsonl), over the documents of the index in use:
each comes with a sentence that answers it, if there is one, and with some that the search brings and that do not. The
loss is a softmax over these sentences and over "none of them", with each pair's own log loss. DATA_DIR holds the
gzipped JSONL files that eval.examples.RECIPE names; their pairs keep the reader from knowing our documents alone.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.examples import RECIPE, Example, examples
from eval.training import FIRST_LAYER, Asked, Shelf, asked_of, is_held_out, learning
from rag.chatbot import Chatbot
from rag.reader import HEAD, LONGEST, in_context, pack
from rag.settings import Settings

SEED = 0
RATE = 6e-5  # highest learning rate
WARM_UP = 0.04  # share of the training in which the rate rises
QUESTIONS_A_STEP, PAIRS_A_STEP = 8, 32  # of ours, of public sets
POOL = 64  # questions, and pairs of public sets, that are sorted by length together
NEAREST = 7  # sentences that the search brings, of which some are read
READ = 3  # of them that do not answer; one more where nothing answers
STRAYS = 6  # questions of public sets among a pool of ours: none of our sentences answers them
AVERAGED = 0.995  # of the averaged weights that stays at each step
SAY_EVERY = 50  # steps

Pair = tuple[list[int], bool]  # token ids of question and text, whether the text answers


@dataclass(frozen=True, slots=True)
class Materials:
    """What a reader learns from."""

    tokenizer: Any
    shelf: Shelf
    asked: Sequence[Asked]
    public: Sequence[Example]


def group_of(materials: Materials, one: Asked, rng: random.Random) -> list[Pair]:
    """Return a question with sentences that answer it, first, and some that do not."""
    near = materials.shelf.nearest(one.query, NEAREST)
    wrong = [n for n in near if n not in one.right]
    if one.right:
        right = [n for n in near if n in one.right] or sorted(one.right)
        chosen = rng.sample(right, min(len(right), 2 if rng.random() < 0.3 else 1))
        chosen += rng.sample(wrong, min(READ, len(wrong)))
    else:
        chosen = rng.sample(wrong, min(READ + 1, len(wrong)))
    return _read(materials, one.query, chosen, one.right)


def stray_of(materials: Materials, query: str, rng: random.Random) -> list[Pair]:
    """Return a question about something else with sentences of ours, none of which answers it."""
    near = materials.shelf.nearest(query, NEAREST)
    return _read(materials, query, rng.sample(near, min(READ + 1, len(near))), frozenset())


def _read(materials: Materials, query: str, chosen: Sequence[int], right: frozenset[int]) -> list[Pair]:
    asked = _ids(materials.tokenizer, [query])[0]
    texts = _ids(materials.tokenizer, [materials.shelf.texts[n] for n in chosen])
    return [(pack(asked, text), n in right) for n, text in zip(chosen, texts, strict=True)]


def pairs_of(materials: Materials, some: Sequence[Example]) -> list[Pair]:
    """Return examples of public sets as pairs."""
    asked = _ids(materials.tokenizer, [e.question for e in some])
    read = _ids(materials.tokenizer, [in_context(e.around, e.text) for e in some])
    return [(pack(q, t), e.answers) for q, t, e in zip(asked, read, some, strict=True)]


def _ids(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    return [e.ids for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def batches(materials: Materials, rng: random.Random) -> Iterator[list[list[Pair]]]:
    """Yield batches of groups without end, each of similar length; a pair of a public set is a group by itself."""
    asked, turn = list(materials.asked), 0
    while True:
        rng.shuffle(asked)
        for start in range(0, len(asked), POOL):
            groups = [group_of(materials, one, rng) for one in asked[start : start + POOL]]
            some = [materials.public[(turn + i) % len(materials.public)] for i in range(POOL)]
            turn += POOL
            groups += [stray_of(materials, e.question, rng) for e in some[:STRAYS]]
            single = [[pair] for pair in pairs_of(materials, some)]
            made = [*_cut(groups, QUESTIONS_A_STEP), *_cut(single, PAIRS_A_STEP)]
            rng.shuffle(made)
            yield from made


def _cut(groups: Sequence[list[Pair]], size: int) -> list[list[list[Pair]]]:
    by_length = sorted(groups, key=lambda group: max(len(ids) for ids, _ in group))
    return [by_length[start : start + size] for start in range(0, len(by_length), size)]


class Network:
    """The encoder with its head, as it learns."""

    def __init__(self, folder: Path, weights: Path | None) -> None:
        """Begin with the embedding model, or go on from a reader's weights."""
        import torch
        from safetensors.torch import load_file

        from index.bert import hidden_size

        own = load_file(weights) if weights else {}
        self.head = torch.nn.Linear(hidden_size(folder), 1)
        if own:
            state = {kind: own.pop(f"{HEAD}.{kind}").float() for kind in ("weight", "bias")}
            self.head.load_state_dict(state)
        self.bert = learning(folder, own)
        self.learning = [p for p in (*self.bert.parameters(), *self.head.parameters()) if p.requires_grad]

    def odds(self, pairs: Sequence[Sequence[int]]) -> Any:
        """Return the log odds that each text answers: (pairs,)."""
        from index.bert import padded

        return self.head(self.bert(padded(pairs))[:, 0])[:, 0]

    def save(self, out: Path) -> None:
        """Write the tensors of its own, in half precision."""
        import torch
        from safetensors.torch import save_file

        from index.bert import bert_names

        head = {f"{HEAD}.{kind}": p.detach().to(torch.float16) for kind, p in self.head.named_parameters()}
        out.mkdir(parents=True, exist_ok=True)
        save_file(bert_names(self.bert, FIRST_LAYER) | head, out / "reader.safetensors")


def loss_of(odds: Any, groups: Sequence[Sequence[Pair]]) -> Any:
    """Return each pair's log loss, and of each group of several how unlikely what answers is: a text, or none."""
    import torch

    flat = torch.tensor([float(answers) for group in groups for _, answers in group])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, flat)
    among, start = [], 0
    for group in groups:
        end = start + len(group)
        if len(group) > 1:
            scores = torch.cat([odds[start:end], torch.zeros(1)])
            right = torch.tensor([*(answers for _, answers in group), not any(answers for _, answers in group)])
            among.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
        start = end
    return loss / 2 + (torch.stack(among).mean() / 2 if among else 0)


def train(network: Network, batched: Iterator[list[list[Pair]]], minutes: float) -> dict[str, float]:
    """Train as long as there is time, the rate falling to nearly 0 by then; the weights become their running mean."""
    import torch

    optimizer = torch.optim.AdamW(network.learning, lr=RATE, weight_decay=0.01)
    mean = [p.detach().clone() for p in network.learning]
    started, seen = time.monotonic(), 0
    for step, groups in enumerate(batched, 1):
        done = (time.monotonic() - started) / 60 / minutes
        if done >= 1:
            break
        for settings in optimizer.param_groups:
            settings["lr"] = RATE * min(done / WARM_UP + 0.02, 1, 1.01 - done)
        pairs = [ids for group in groups for ids, _ in group]
        loss = loss_of(network.odds(pairs), groups)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.learning, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        with torch.no_grad():
            torch._foreach_lerp_(mean, list[torch.Tensor](network.learning), max(1 - AVERAGED, 10 / (step + 10)))
        seen += len(pairs)
        if step % SAY_EVERY == 0:
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} step {step}, {seen} pairs, loss {loss.item():.3f}\n")
    with torch.no_grad():
        for parameter, averaged in zip(network.learning, mean, strict=True):
            parameter.copy_(averaged)
    return {"pairs": seen, "minutes": round((time.monotonic() - started) / 60, 1)}


def measure(network: Network, materials: Materials, asked: Sequence[Asked], read: int = 6) -> dict[str, float]:
    """Return the AUROC of the best log odds, answerable against not, and how often the best sentence answers."""
    import torch
    from sklearn.metrics import roc_auc_score

    best, first = [], []
    with torch.inference_mode():
        for one in asked:
            near = materials.shelf.nearest(one.query, read)
            question, *texts = _ids(materials.tokenizer, [one.query, *(materials.shelf.texts[n] for n in near)])
            odds = network.odds([pack(question, text) for text in texts]).numpy()
            best.append(float(odds.max()))
            if one.right:
                first.append(near[int(odds.argmax())] in one.right)
    answerable = [bool(one.right) for one in asked]
    return {"auroc": round(float(roc_auc_score(answerable, best)), 4), "first": round(float(np.mean(first)), 4)}


def describe(out: Path, facts: dict[str, Any]) -> None:
    """Write what the weights were made of beside them."""
    revision = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    described = {
        "architecture": {"base": "multilingual-e5-small", "first_layer": FIRST_LAYER, "longest": LONGEST},
        "training": {"command": "python -m eval train-reader", "revision": revision, "seed": SEED, **facts},
        "attribution": [{"file": s.file, "dataset": s.dataset, "licence": s.licence} for s in RECIPE],
    }
    (out / "reader.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Train the reader, print how well it tells held-out questions apart, and write its weights."""
    parser = argparse.ArgumentParser(prog="python -m eval train-reader", description="Train the reader.")
    parser.add_argument("data", type=Path, metavar="DATA_DIR", help="folder of *.jsonl.gz files")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: eval/training/*.jsonl")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="write the weights there")
    parser.add_argument("--held-out", type=Path, nargs="+", default=[], metavar="DIR", help="sets that must not train")
    parser.add_argument("--start", type=Path, metavar="FILE", help="go on from these weights of a reader")
    parser.add_argument("--minutes", type=float, default=50.0, help="how long (default: 50)")
    parser.add_argument("--threads", type=int, default=2, help="of the processor (default: 2)")
    options = parser.parse_args(arguments)
    import torch

    from index.asymmetric import tokenizer_of
    from index.unpack import model_folder

    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    settings = Settings.load()
    chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
    torch.set_num_threads(options.threads)
    shelf = Shelf.of(chatbot)
    asked = asked_of(chatbot, shelf, options.files)
    held = [one for one in asked if is_held_out(one.case)]
    materials = Materials(
        tokenizer_of(model_folder()),
        shelf,
        [one for one in asked if not is_held_out(one.case)],
        examples(options.data, options.held_out, rng),
    )
    network = Network(model_folder(), options.start)
    facts: dict[str, Any] = train(network, batches(materials, rng), options.minutes)
    facts |= {"questions": len(materials.asked), "held out": measure(network, materials, held)}
    network.save(options.out)
    describe(options.out, facts)
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0
