"""python -m eval train-reader: teach the reader which texts answer a question, and that often none does.

    python -m eval lessons DATA_DIR --out lessons.npz --held-out SQUAD2_DIR QED_DIR ...
    python -m eval train-reader lessons.npz --out rag/weights --minutes 50

The loss is a softmax over the texts that a question is read with and over "none of them", with each pair's own log
loss. It trains in bfloat16 where the processor, or a graphics processor, multiplies it; what is saved is the
running mean of the weights, or what lies between it and the weights that the training began with (Wortsman et al. 2022,
arXiv:2109.01903). The embedding model's word table does not learn.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.lessons import HELD, OWN, PUBLIC, STRAY, Lessons, Pair, mixed
from rag.reader import HEAD, LONGEST

SEED = 0
RATE = 6e-5  # highest learning rate
WARM_UP = 0.04  # share of the training in which the rate rises
OWN_SHARE, STRAY_SHARE = 0.15, 0.05  # of the lessons; the others are public ones
DROPOUT = 0.1  # of what a layer adds to the states
POOL = 24  # batches of lessons that are sorted by length together
AVERAGED = 0.999  # of the averaged weights that stays at each step
SAY_EVERY = 10  # seconds
LAYER = "encoder.layer."  # begins the names of a layer's tensors

Batch = tuple[Any, Any, Any]  # token ids (pairs, tokens); number of each pair's lesson; whether its text answers


def batches(
    lessons: Lessons, size: int, rng: random.Random, own_share: float = OWN_SHARE
) -> Iterator[list[list[Pair]]]:
    """Yield batches of so many lessons without end, each of similar length; `own_share` of them are ours."""
    endless = mixed(lessons, {PUBLIC: 1 - own_share - STRAY_SHARE, OWN: own_share, STRAY: STRAY_SHARE}, rng)
    while True:
        pool = [lessons.some_of(next(endless), rng) for _ in range(POOL * size)]
        pool.sort(key=lambda group: max((len(ids) for ids, _ in group), default=0))
        made = [[group for group in pool[start : start + size] if group] for start in range(0, len(pool), size)]
        rng.shuffle(made)
        yield from made


def tensors(groups: Sequence[Sequence[Pair]]) -> Batch:
    """Return a batch of lessons as tensors."""
    import torch

    from index.bert import padded

    pairs = [pair for group in groups for pair in group]
    number = [n for n, group in enumerate(groups) for _ in group]
    return padded([ids for ids, _ in pairs]), torch.tensor(number), torch.tensor([answers for _, answers in pairs])


def loader(lessons: Lessons, size: int, workers: int, own_share: float = OWN_SHARE) -> Iterator[Batch]:
    """Return batches as tensors, made by so many processes beside this one, each with a seed of its own."""
    from torch.utils.data import DataLoader, IterableDataset, get_worker_info

    class Endless(IterableDataset[Batch]):
        def __iter__(self) -> Iterator[Batch]:
            info = get_worker_info()
            rng = random.Random(SEED + (info.id if info else 0))
            return map(tensors, batches(lessons, size, rng, own_share))

    return iter(DataLoader(Endless(), batch_size=None, num_workers=workers, prefetch_factor=8 if workers else None))


def loss_of(odds: Any, number: Any, right: Any) -> Any:
    """Return the mean of each pair's log loss and of how unlikely what answers is: a text of the lesson, or none."""
    import torch

    alone = torch.nn.functional.binary_cross_entropy_with_logits(odds, right.float())
    places = (number[:, None] == number[None, :]).tril(-1).sum(1) + 1  # of each pair in its lesson; 0 is for none
    shape = int(number[-1]) + 1, int(places.max()) + 1
    among = torch.full(shape, -torch.inf, device=odds.device).index_put((number, places), odds)
    among = torch.cat([torch.zeros_like(among[:, :1]), among[:, 1:]], 1)
    answers = torch.zeros(shape, dtype=torch.bool, device=odds.device).index_put((number, places), right)
    answers[:, 0] = ~answers.any(1)
    chosen = torch.logsumexp(among, 1) - torch.logsumexp(among.masked_fill(~answers, -torch.inf), 1)
    return (alone + chosen.mean()) / 2


class Network:
    """The encoder with its head, as it learns."""

    def __init__(self, folder: Path, first_layer: int, weights: Path | None = None, device: str = "cpu") -> None:
        """Begin with an unpacked embedding model, or go on from a reader's weights; layers from `first_layer` learn."""
        import torch
        from safetensors.torch import load_file

        from index.bert import hidden_size, read_bert

        own = load_file(weights) if weights else {}
        self.first_layer, self.device = first_layer, device
        self.saved_from = min([first_layer, *(int(name.split(".")[2]) for name in own if name.startswith(LAYER))])
        self.head = torch.nn.Linear(hidden_size(folder), 1)
        if own:
            self.head.load_state_dict({kind: own.pop(f"{HEAD}.{kind}").float() for kind in ("weight", "bias")})
        self.bert = read_bert(folder, own)
        for layer in list(self.bert.layers)[:first_layer]:
            layer.requires_grad_(False)
        self.bert.to(device)
        self.head.to(device)
        self.learning = [p for p in (*self.bert.parameters(), *self.head.parameters()) if p.requires_grad]

    def odds(self, ids: Any) -> Any:
        """Return the log odds that each text answers: (pairs, tokens) -> (pairs,)."""
        import torch

        from index.bert import multiplies_bfloat16

        with torch.autocast(self.device, torch.bfloat16, enabled=self.device != "cpu" or multiplies_bfloat16()):
            states = self.bert(ids.to(self.device, non_blocking=True))[:, 0]
        return self.head(states.float())[:, 0]

    def save(self, out: Path) -> None:
        """Write the tensors of its own and of the reader it went on from, in half precision."""
        import torch
        from safetensors.torch import save_file

        from index.bert import bert_names

        state = bert_names(self.bert, self.saved_from)
        state |= {f"{HEAD}.{kind}": p.detach().to(torch.float16) for kind, p in self.head.named_parameters()}
        out.mkdir(parents=True, exist_ok=True)
        save_file({name: tensor.cpu() for name, tensor in state.items()}, out / "reader.safetensors")


def forgetful(network: Network) -> list[Any]:
    """Let what each learning layer adds be dropped at random; return the hooks that do so, to be removed."""
    import torch

    return [
        module.register_forward_hook(lambda _, __, added: torch.nn.functional.dropout(added, DROPOUT))
        for layer in list(network.bert.layers)[network.first_layer :]
        for name, module in layer.named_children()
        if name in ("join", "down")
    ]


def train(network: Network, batched: Iterator[Batch], minutes: float, rate: float = RATE) -> dict[str, float]:
    """Train as long as there is time, the rate falling to nearly 0 by then; the weights become their running mean."""
    import torch

    optimizer = torch.optim.AdamW(network.learning, lr=rate, weight_decay=0.01, fused=network.device != "cpu")
    mean = [p.detach().clone() for p in network.learning]
    hooks = forgetful(network)
    started = said = time.monotonic()
    seen, step = 0, 0
    for step, (ids, number, right) in enumerate(batched, 1):
        now = time.monotonic()
        done = (now - started) / 60 / minutes
        if done >= 1:
            break
        for settings in optimizer.param_groups:
            settings["lr"] = rate * min(done / WARM_UP + 0.02, 1, 1.01 - done)
        loss = loss_of(network.odds(ids), number.to(network.device), right.to(network.device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.learning, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        with torch.no_grad():
            torch._foreach_lerp_(mean, list[torch.Tensor](network.learning), max(1 - AVERAGED, 10 / (step + 10)))
        seen += len(ids)
        if now - said > SAY_EVERY:
            said = now
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} step {step}, {seen} pairs, loss {loss.item():.3f}\n")
    for hook in hooks:
        hook.remove()
    with torch.no_grad():
        for parameter, averaged in zip(network.learning, mean, strict=True):
            parameter.copy_(averaged)
    return {"pairs": seen, "steps": step, "minutes": round((time.monotonic() - started) / 60, 1)}


def mix(learned: Sequence[Any], before: Sequence[Any], share: float) -> None:
    """Put weights between those `before` and those that were learned, of which this share stays."""
    import torch

    with torch.no_grad():
        for parameter, held in zip(learned, before, strict=True):
            parameter.copy_(torch.lerp(held, parameter, share))


def measure(network: Network, lessons: Lessons) -> dict[str, float]:
    """Return the AUROC of the best log odds, answerable against not, and how often the best text answers."""
    import torch
    from sklearn.metrics import roc_auc_score

    from index.bert import padded

    best, first, answerable = [], [], []
    with torch.inference_mode():
        for number in lessons.of(HELD):
            pairs = lessons.all_of(number)
            odds = network.odds(padded([ids for ids, _ in pairs])).float().cpu().numpy()
            best.append(float(odds.max()))
            answerable.append(lessons.answerable(number))
            if answerable[-1]:
                first.append(pairs[int(odds.argmax())][1])
    if len(set(answerable)) < 2:
        return {}
    return {"auroc": round(float(roc_auc_score(answerable, best)), 4), "first": round(float(np.mean(first)), 4)}


def describe(out: Path, first_layer: int, facts: dict[str, Any], lessons: Lessons) -> None:
    """Write what the weights were made of beside them."""
    revision = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    described = {
        "architecture": {"base": "multilingual-e5-small", "first_layer": first_layer, "longest": LONGEST},
        "training": {"command": "python -m eval train-reader", "revision": revision, "seed": SEED, **facts},
        "lessons": lessons.facts,
    }
    (out / "reader.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Train the reader, print how well it tells held-out questions apart, and write its weights."""
    parser = argparse.ArgumentParser(prog="python -m eval train-reader", description="Train the reader.")
    parser.add_argument("lessons", type=Path, metavar="FILE", help="as `python -m eval lessons` writes it")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="write the weights there")
    parser.add_argument("--model", type=Path, metavar="DIR", help="the unpacked embedding model (default: the cache's)")
    parser.add_argument("--start", type=Path, metavar="FILE", help="go on from these weights of a reader")
    parser.add_argument("--first-layer", type=int, default=0, metavar="N", help="learn from this layer on (default: 0)")
    parser.add_argument("--minutes", type=float, default=50.0, help="how long (default: 50)")
    parser.add_argument("--rate", type=float, default=RATE, help=f"highest learning rate (default: {RATE})")
    parser.add_argument("--own", type=float, default=OWN_SHARE, help=f"share of our lessons (default: {OWN_SHARE})")
    parser.add_argument(
        "--mixed", type=float, default=1.0, help="share of the trained weights in what is saved (default: 1)"
    )
    parser.add_argument("--lessons-a-step", type=int, default=16, metavar="N", help="default: 16")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes that make batches (default: 0)")
    options = parser.parse_args(arguments)
    import torch

    torch.manual_seed(SEED)
    torch.set_float32_matmul_precision("high")
    torch.backends.cuda.enable_cudnn_sdp(False)  # it plans anew, for 0.2 s, at each shape of a batch
    lessons = Lessons.load(options.lessons)
    folder = options.model
    if folder is None:
        from index.unpack import model_folder

        folder = model_folder()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = Network(folder, options.first_layer, options.start, device)
    made = loader(lessons, options.lessons_a_step, options.workers, options.own)
    before = [p.detach().clone() for p in network.learning]
    facts: dict[str, Any] = train(network, made, options.minutes, options.rate)
    mix(network.learning, before, options.mixed)
    facts |= {
        "device": device,
        "rate": options.rate,
        "own": options.own,
        "mixed": options.mixed,
        "lessons a step": options.lessons_a_step,
        "start": options.start.name if options.start else None,
        "held out": measure(network, lessons),
    }
    network.save(options.out)
    describe(options.out, network.saved_from, facts, lessons)
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0
