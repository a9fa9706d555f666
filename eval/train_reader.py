"""python -m eval train-reader: train the reader on public question sets.

    python -m eval train-reader DATA_DIR --out rag/weights --held-out SQUAD2_DIR QED_DIR ...

DATA_DIR holds the gzipped JSONL files that eval.examples.RECIPE names. The reader learns whether a text answers, where
the answer stands, and that of a family of questions and texts the answering ones come first.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.examples import KINDS, RECIPE, Example, Window, examples, is_dev, plain, varied
from index.unpack import model_folder
from rag.reader import (
    LONGEST,
    LONGEST_QUESTION,
    PAD,
    Network,
    build,
    in_context,
    load,
    own_weights,
    pack,
    pad,
    tokenizer_of,
)

Keep = Callable[[dict[str, Any]], None]  # saves the weights with what is known of the training

SEED = 20
SHARED_LAYERS = 0  # lower layers that stay those of the embedding model
RATE = 1e-4  # highest learning rate, of the upmost layer
LAYER_RATE = 0.93  # of each layer beside the one above it
WARM_UP = 0.05  # share of the training in which the rate rises
ROWS_A_STEP = 32  # at most, of each process
TOKENS_A_STEP = 2500  # at most: what the layers keep for learning grows with them
POOL = 40 * ROWS_A_STEP  # families that are sorted by length together
SPAN_LOSS = 0.5  # weight of finding the answer beside telling whether there is one
ORDER_LOSS = 0.3  # weight of the order within a family
AVERAGED = 0.998  # of the averaged weights that stays at each step
DEV_ROWS = 600
SAVE_EVERY = 420.0  # seconds


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as token ids."""

    ids: list[int]
    answers: bool
    span: Window  # first and last token of the answer; (0, 0): there is none; (-100, -100): not known
    kind: str
    family: str


def drawn(data: Path, held_out: Sequence[Path], passes: int, rng: random.Random) -> tuple[list[Example], list[Example]]:
    """Return the examples to train with, drawn anew for each pass, and those of other articles to measure with."""
    made = [
        replace(example, family=f"{turn} {example.family}")
        for turn in range(passes)
        for example in examples(data, held_out, rng)
    ]
    asked = {plain(e.question) for e in made if is_dev(e)}
    kept = [varied(e, rng) for e in made if not is_dev(e) and plain(e.question) not in asked]
    dev = [varied(e, rng) for e in made if is_dev(e) and e.family.startswith("0 ")]
    rng.shuffle(dev)
    return kept, dev


def encode(tokenizer: Any, chosen: Sequence[Example]) -> list[Encoded]:
    """Return the examples as token ids, with the tokens of the answer."""
    asked = tokenizer.encode_batch([e.question for e in chosen], add_special_tokens=False)
    read = tokenizer.encode_batch([in_context(e.around, e.text) for e in chosen], add_special_tokens=False)
    encoded = []
    for example, question, text in zip(chosen, asked, read, strict=True):
        ids = pack(question.ids, text.ids)
        span = (0, 0)
        if example.answers:
            span = _tokens(example, text.offsets, min(len(question.ids), LONGEST_QUESTION) + 3, len(ids) - 1)
        encoded.append(Encoded(ids, example.answers, span, example.kind, example.family))
    return encoded


def _tokens(example: Example, offsets: Sequence[Window], shift: int, end: int) -> Window:
    if example.span is None:
        return -100, -100
    before = len(in_context(example.around, example.text)) - len(example.text)
    start, stop = (before + place for place in example.span)
    inside = [shift + i for i, (first, last) in enumerate(offsets) if first < stop and last > start and last > first]
    return (inside[0], inside[-1]) if inside and inside[-1] < end else (-100, -100)


def batches(
    tokenizer: Any, rows: Sequence[Example], rng: random.Random, turn: int, turns: int
) -> Iterator[list[Encoded]]:
    """Yield all rows, families together, in batches of similar length in random order.

    Of `turns` processes each takes every so manieth pool of families, the first one's `turn` is 0.
    """
    families: dict[str, list[Example]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    whole = list(families.values())
    rng.shuffle(whole)
    for start in range(turn * POOL, len(whole), turns * POOL):
        yield from _of_similar_length(
            encode(tokenizer, [e for family in whole[start : start + POOL] for e in family]), rng
        )


def _of_similar_length(rows: Sequence[Encoded], rng: random.Random) -> list[list[Encoded]]:
    families: dict[str, list[Encoded]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    made: list[list[Encoded]] = [[]]
    for family in sorted(families.values(), key=lambda family: max(len(row.ids) for row in family)):
        longest = max(len(row.ids) for row in family)
        most = min(ROWS_A_STEP, TOKENS_A_STEP // longest)
        if len(made[-1]) + len(family) > most and made[-1]:
            made.append([])
        made[-1] += family[:most]
    rng.shuffle(made)
    return made


def loss_of(network: Network, batch: Sequence[Encoded]) -> Any:
    """Return the loss of telling whether the texts answer, of finding the answers and of the order in families."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    ids = torch.tensor(pad([row.ids for row in batch]))
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(ids, (ids != PAD).long())
    logits = logits.float()
    answers = torch.tensor([float(row.answers) for row in batch])
    loss = binary_cross_entropy_with_logits(logits[:, 0, 0], answers)
    places = logits[:, :, 1:].masked_fill((ids == PAD)[:, :, None], -1e4)
    for end in (0, 1):
        wanted = torch.tensor([row.span[end] for row in batch])
        if bool((wanted >= 0).any()):
            loss = loss + SPAN_LOSS / 2 * cross_entropy(places[:, :, end], wanted, ignore_index=-100)
    return loss + ORDER_LOSS * order_loss(logits[:, 0, 0], batch)


def order_loss(scores: Any, batch: Sequence[Encoded]) -> Any:
    """Return how far texts that answer are from scoring above those of their family that do not; 0 without such."""
    import torch

    families: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(batch):
        families[row.family].append(i)
    losses = []
    for members in families.values():
        right = [i for i in members if batch[i].answers]
        wrong = [i for i in members if not batch[i].answers]
        if right and wrong:
            for i in right:
                losses.append(torch.logsumexp(scores[[i, *wrong]], 0) - scores[i])
    return torch.stack(losses).sum() / len(batch) * 2 if losses else scores.sum() * 0


def layer_rates(network: Network) -> list[dict[str, Any]]:
    """Return the trained tensors by layer, each layer with its share of the learning rate."""
    layers = network.encoder.encoder.layer
    groups = [{"params": list(network.head.parameters()), "share": 1.0}]
    for depth, layer in enumerate(reversed(layers)):
        trained = [p for p in layer.parameters() if p.requires_grad]
        if trained:
            groups.append({"params": trained, "share": LAYER_RATE**depth})
    return groups


class Average:
    """The running mean of the weights, which measures better than the last ones."""

    def __init__(self, trained: Sequence[Any]) -> None:
        self._trained = trained
        self._mean = [p.detach().clone() for p in trained]
        self._steps = 0

    def update(self) -> None:
        """Take the weights of a step in."""
        import torch

        self._steps += 1
        stays = min(AVERAGED, self._steps / (self._steps + 10))
        with torch.no_grad():
            torch._foreach_lerp_(self._mean, list(self._trained), 1 - stays)

    def swap(self) -> None:
        """Put the mean in the weights' place, or back."""
        import torch

        with torch.no_grad():
            for parameter, mean in zip(self._trained, self._mean, strict=True):
                held = parameter.clone()
                parameter.copy_(mean)
                mean.copy_(held)


class Team:
    """Processes that train together on a thread each: two threads of one process wait too much for each other."""

    def __init__(self, place: int, size: int) -> None:
        import torch.distributed as team

        self.place, self.size = place, size
        if size > 1:
            team.init_process_group("gloo", init_method="tcp://127.0.0.1:29517", rank=place, world_size=size)

    def mean(self, gradients: Sequence[Any], done: float) -> float:
        """Make the gradients the mean of all processes; return the mean of how much is done."""
        import torch
        import torch.distributed as team

        if self.size == 1:
            return done
        joined = torch.cat([*(g.reshape(-1) for g in gradients), torch.tensor([done])]) / self.size
        team.all_reduce(joined)
        start = 0
        for gradient in gradients:
            gradient.copy_(joined[start : start + gradient.numel()].view_as(gradient))
            start += gradient.numel()
        return float(joined[-1])


def train(
    network: Network,
    team: Team,
    batched: Iterable[list[Encoded]],
    measured: Callable[[], dict[str, float]],
    rows: int,
    minutes: float,
    rate: float,
    keep: Keep,
) -> dict[str, Any]:
    """Train on all batches, or as long as there is time: the rate falls to 0 by then. Return what was done."""
    import torch

    groups = layer_rates(network)
    trained = [p for group in groups for p in group["params"]]
    optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)
    average = Average(trained)
    started = saved = time.monotonic()
    seen, recent = 0, 0.0
    for step, batch in enumerate(batched, 1):
        loss = loss_of(network, batch)
        loss.backward()
        seen += len(batch) * team.size
        done = team.mean([p.grad for p in trained], max(seen / rows, (time.monotonic() - started) / 60 / minutes))
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * group["share"] * min(done / WARM_UP + 0.02, 1 - done)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        average.update()
        recent += (loss.item() - recent) / min(step, 50)
        if step % 25 == 0 and not team.place:
            _say(f"step {step}, {seen} rows, {seen / (time.monotonic() - started):.1f} a second, loss {recent:.3f}")
        if time.monotonic() - saved > SAVE_EVERY and not team.place:
            average.swap()
            _say(f"dev {measured()}")
            keep({"rows_seen": seen})
            average.swap()
            saved = time.monotonic()
    average.swap()
    facts = {"rows_seen": seen, "minutes": round((time.monotonic() - started) / 60, 1), "dev": {}}
    if not team.place:
        keep(facts)
        facts["dev"] = measured()
        _say(f"dev {facts['dev']}")
        keep(facts)
    return facts


def measure(network: Network, rows: Sequence[Encoded]) -> dict[str, float]:
    """Return AUROC of answering texts against each kind of text that does not answer."""
    import torch
    from sklearn.metrics import roc_auc_score

    ordered = sorted(rows, key=lambda row: len(row.ids))
    logits: list[float] = []
    with torch.autocast("cpu", torch.bfloat16):
        for i in range(0, len(ordered), ROWS_A_STEP):
            logits += network.logits([row.ids for row in ordered[i : i + ROWS_A_STEP]])[:, 0, 0].tolist()
    found = {}
    for kind in KINDS[1:]:
        pairs = [(row.answers, x) for row, x in zip(ordered, logits, strict=True) if row.answers or row.kind == kind]
        if len({answers for answers, _ in pairs}) == 2:
            found[kind] = round(float(roc_auc_score(*zip(*pairs, strict=True))), 4)
    return found


def save(network: Network, out: Path, facts: dict[str, Any]) -> None:
    """Write the reader's own weights and what they were made of."""
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    save_file(own_weights(network), out / "reader.safetensors")
    (out / "reader.safetensors").chmod(0o644)
    shared = sum(not any(p.requires_grad for p in layer.parameters()) for layer in network.encoder.encoder.layer)
    described = {
        "architecture": {"base": "multilingual-e5-small", "shared_layers": shared, "longest": LONGEST},
        "training": {
            "command": "python -m eval train-reader",
            "seed": SEED,
            "rows_a_step": ROWS_A_STEP,
            "tokens_a_step": TOKENS_A_STEP,
            "span_loss": SPAN_LOSS,
            "order_loss": ORDER_LOSS,
            "layer_rate": LAYER_RATE,
            "averaged": AVERAGED,
            **facts,
        },
        "attribution": [
            {"file": source.file, "dataset": source.dataset, "licence": source.licence} for source in RECIPE
        ],
    }
    (out / "reader.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


def start(model_folder: Path, shared_layers: int, weights: Path | None) -> tuple[Network, dict[str, Any]]:
    """Return the network to train, from the embedding model or from a reader's weights, and how those were made."""
    before = json.loads((weights / "reader.json").read_text(encoding="utf-8")) if weights else {}
    network = build(model_folder, before["architecture"]["shared_layers"] if weights else shared_layers)
    if weights:
        load(network, weights / "reader.safetensors")
    network.encoder.set_attn_implementation("eager")  # twice as fast as the default when it learns on a processor
    for layer in network.encoder.encoder.layer[shared_layers:]:
        layer.requires_grad_(True)
    return network, {"before": before["training"]} if weights else {}


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Train the reader and write its weights."""
    parser = argparse.ArgumentParser(prog="python -m eval train-reader", description="Train the reader.")
    parser.add_argument("data", type=Path, metavar="DATA_DIR", help="folder of *.jsonl.gz files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="write the weights there")
    parser.add_argument("--held-out", type=Path, nargs="+", default=[], metavar="DIR", help="sets that must not train")
    parser.add_argument("--start", type=Path, metavar="DIR", help="go on from the reader in this folder")
    parser.add_argument("--rate", type=float, default=RATE, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=SEED, help="of the choice of rows")
    parser.add_argument("--passes", type=int, default=2, help="over the questions, each with texts drawn anew")
    parser.add_argument("--minutes", type=float, default=600.0, help="train at most so long")
    parser.add_argument("--processes", type=int, default=1, help="that train together, a thread and some 6 GB each")
    parser.add_argument("--shared-layers", type=int, default=SHARED_LAYERS, help="lower layers left as they are")
    parser.add_argument("--place", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    helpers = [] if options.place else [_helper(arguments, place) for place in range(1, options.processes)]
    try:
        facts = _trained(options)
    finally:
        for helper in helpers:
            helper.wait()
    if not options.place:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0


def _helper(arguments: Sequence[str], place: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "eval", "train-reader", *arguments, "--place", str(place)])


def _trained(options: argparse.Namespace) -> dict[str, Any]:
    import torch

    torch.set_num_threads(1)
    rng = random.Random(options.seed)
    kept, dev = drawn(options.data, options.held_out, options.passes, rng)
    folder = model_folder()
    tokenizer = tokenizer_of(folder)
    counts = {k: sum(e.kind == k for e in kept) for k in KINDS}
    _say(f"{len(kept)} rows {counts}, {len(dev)} to measure with")
    torch.manual_seed(SEED)
    network, before = start(folder, options.shared_layers, options.start)
    about = {
        "rate": options.rate,
        "row_seed": options.seed,
        "passes": options.passes,
        "processes": options.processes,
        "rows": counts,
        "held_out": sorted(path.name for path in options.held_out),
    }
    to_measure = encode(tokenizer, dev[:DEV_ROWS])
    return train(
        network,
        Team(options.place, options.processes),
        batches(tokenizer, kept, random.Random(SEED), options.place, options.processes),
        lambda: measure(network, to_measure),
        len(kept),
        options.minutes,
        options.rate,
        lambda facts: save(network, options.out, about | facts | before),
    )
