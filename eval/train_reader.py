"""python -m eval train-reader: train the reader on public question sets.

    python -m eval train-reader DATA_DIR --out rag/weights --held-out SQUAD2_DIR QED_DIR ...

DATA_DIR holds the gzipped JSONL files that RECIPE names. Texts become windows of one to five sentences, as the
desk reads them. Of the texts that do not answer, about half were written or checked by people as near misses
(another attribute of the same entity), the others are the sentences most like the question that lack its answer,
in the same paragraph or another one of the article.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.sentences import sentence_spans
from index.lexical import terms
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

KINDS = ("answering", "written", "swapped", "same", "other")
SEED = 20
SHARED_LAYERS = 6  # lower layers that stay those of the embedding model
RATE = 1e-4  # highest learning rate
WARM_UP = 0.05  # share of the training in which it rises
ROWS_A_STEP = 32
SPAN_LOSS = 0.5  # weight of finding the answer beside telling whether there is one
DEV_SHARE = 0.03  # of the articles
DEV_ROWS = 600
WINDOWS = (1, 1, 1, 1, 2, 3, 3, 3, 4, 5)  # sentences of a text, drawn evenly
SAVE_EVERY = 180.0  # seconds
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
NAME = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
FIRST_WORDS = frozenset(
    """after also although another because before both despite during each early eventually following from having
    however instead later many most much often only other others since some such that their there these they this
    those though through today under unlike until upon when where which while with within""".split()
)  # begin sentences, and are no names


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the training data and how many rows of each kind are drawn from it."""

    file: str
    dataset: str
    licence: str
    answering: int  # texts that answer
    written: int  # texts that do not, of a question that people found unanswerable there
    swapped: int  # texts that answer a question of which a name or year has been replaced
    same: int  # sentences of the answering passage without the answer
    other: int  # sentences of other passages of the article


RECIPE = (
    Source("squad_train_du44", "SQuAD 1.1 train, 44 articles", "CC BY-SA 4.0", 4500, 0, 2500, 1500, 2000),
    Source("squad_train_nqg_sent", "SQuAD 2.0 train via UnAnsQ, sentences", "CC BY-SA 4.0", 0, 1300, 0, 0, 0),
    Source("squad_train_reqa10k", "SQuAD train via ReQA and UnAnsQ", "CC BY-SA 4.0", 3000, 1910, 2000, 0, 0),
    Source("squad_train_sample800", "SQuAD train via UnAnsQ", "CC BY-SA 4.0", 2500, 750, 1000, 0, 0),
    Source("squad2_train_unansq", "SQuAD 2.0 train via UnAnsQ", "CC BY-SA 4.0", 1760, 3060, 0, 0, 0),
    Source("squad2_mixed_lavi", "SQuAD 2.0, unanswerability-directions", "CC BY-SA 4.0", 1500, 1510, 0, 0, 0),
    Source(
        "nq_answerability_lavi", "Natural Questions, unanswerability-directions", "CC BY-SA 3.0", 1500, 2860, 0, 0, 0
    ),
    Source("selqa", "SelQA", "Apache-2.0", 2690, 0, 500, 2000, 0),
    Source("squadshifts_new_wiki", "SQuADShifts, new Wikipedia", "CC BY 4.0", 1500, 0, 500, 800, 1000),
    Source("cmrc2018_train", "CMRC 2018 train via ExpMRC", "CC BY-SA 4.0", 2000, 0, 0, 1000, 500),
    Source("drcd_train_part", "DRCD train", "CC BY-SA 3.0", 500, 0, 0, 400, 0),
    Source("idk_mrc", "IDK-MRC", "CC BY-SA 4.0", 1000, 2000, 0, 0, 0),
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a text that does or does not answer it."""

    question: str
    around: str  # title > section of the text; may be empty
    text: str
    answers: bool
    span: tuple[int, int] | None  # characters of the answer in the text, where it is known
    kind: str  # answering, written, swapped, same or other
    file: str
    group: str  # article or paragraph: never in both train and dev


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as token ids."""

    ids: list[int]
    answers: bool
    span: tuple[int, int]  # first and last token of the answer; (0, 0): there is none; (-100, -100): not known
    kind: str


def examples(folder: Path, held_out: Sequence[Path], rng: random.Random) -> list[Example]:
    """Return the examples of all sources in random order, each question in one role of a kind only once."""
    measured = _measured(held_out)
    seen: set[tuple[str, bool]] = set()
    chosen: list[Example] = []
    for source in RECIPE:
        rows = [row for row in _rows(folder / f"{source.file}.jsonl.gz") if not _is_measured(row, measured)]
        rng.shuffle(rows)
        made = list(_of_source(source, rows, rng))
        for kind in KINDS:
            of_kind = [e for e in made if e.kind == kind and (_plain(e.question), e.kind == "answering") not in seen]
            chosen += of_kind[: getattr(source, kind)]
        seen |= {(_plain(e.question), e.kind == "answering") for e in chosen if e.file == source.file}
    rng.shuffle(chosen)
    return chosen


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _measured(folders: Sequence[Path]) -> set[str]:
    """Return questions and beginnings of texts that measure the reader and so must not train it."""
    found: set[str] = set()
    for folder in folders:
        for path in folder.glob("*.jsonl"):
            found |= {_beginning(json.loads(line).get("text", "")) for line in path.read_text("utf-8").splitlines()}
    return found - {""}


def _is_measured(row: dict[str, Any], measured: set[str]) -> bool:
    return _beginning(row["question"]) in measured or _beginning(row["text"]) in measured


def _beginning(text: str) -> str:
    return _plain(text)[:80]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _of_source(source: Source, rows: Sequence[dict[str, Any]], rng: random.Random) -> Iterator[Example]:
    if source.file == "selqa":
        yield from _selqa(source, rows, rng)
        return
    articles = _articles(rows) if source.other else {}
    for number, row in enumerate(rows):
        if not row["label"]:
            yield _example(source, row, "written", _likest(row, rng))
            continue
        window = _answering(row, rng)
        yield _example(source, row, "answering", window)
        if number < 4 * source.swapped and (question := swapped(row, row["text"][slice(*window)], rng)):
            yield _example(source, row | {"question": question}, "swapped", window)
        if not row.get("answer"):
            continue
        if number < 2 * source.same and (lacking := _without_answer(row, rng)):
            yield _example(source, row, "same", lacking)
        elif number < 4 * (source.same + source.other) and (other := _elsewhere(row, articles, rng)):
            yield _example(source, other, "other", _likest(other, rng))


def _selqa(source: Source, rows: Sequence[dict[str, Any]], rng: random.Random) -> Iterator[Example]:
    """Yield the answering sentences and, for each question, the two others most like it."""
    by_question = defaultdict(list)
    for row in rows:
        by_question[row["qid"]].append(row)
    for group in by_question.values():
        asked = set(terms(group[0]["question"]))
        group.sort(key=lambda row: -len(asked & set(terms(row["text"]))))
        others = [row for row in group if not row["label"]][:2]
        for row in [r for r in group if r["label"]] + others:
            section = row["group"].rpartition(":")[2]
            titled = row | {"title": f"{row['title']} > {section}"}
            yield _example(source, titled, "answering" if row["label"] else "same", (0, len(row["text"])))
            if row["label"] and (question := swapped(row, row["text"], rng)):
                yield _example(source, titled | {"question": question}, "swapped", (0, len(row["text"])))


def swapped(row: dict[str, Any], text: str, rng: random.Random) -> str | None:
    """Return the question about another year or name, so that the text answers it no more; None if it has neither."""
    question: str = row["question"]
    if year := YEAR.search(question):
        other = str(int(year[0]) + rng.choice((-10, -3, -2, -1, 1, 2, 3, 10)))
        return None if other in text else question.replace(year[0], other)
    named = [name for name in NAME.findall(question, question.find(" ") + 1) if name in text]
    answer = row.get("answer") or ""
    others = [name for name in NAME.findall(text) if _is_other(name, question, answer)]
    if not named or not others:
        return None
    return question.replace(max(named, key=len), rng.choice(others))


def _is_other(name: str, question: str, answer: str) -> bool:
    apart = all(word not in question and word not in answer for word in name.split())
    return apart and len(name) > 3 and name.lower() not in FIRST_WORDS


def _articles(rows: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        found[row["article"]][row["text"]] = None
    return {name: list(texts) for name, texts in found.items()}


def _example(source: Source, row: dict[str, Any], kind: str, window: tuple[int, int]) -> Example:
    start, end = window
    text = row["text"][start:end]
    answers = kind == "answering"
    span = _span(row, start, end) if answers else None
    group = str(row.get("article") or row.get("group"))
    return Example(row["question"], row.get("title") or "", text, answers, span, kind, source.file, group)


def _span(row: dict[str, Any], start: int, end: int) -> tuple[int, int] | None:
    place = _place(row)
    inside = place is not None and start <= place and place + len(row["answer"]) <= end
    return (place - start, place - start + len(row["answer"])) if place is not None and inside else None


def _place(row: dict[str, Any]) -> int | None:
    """Return where the answer stands in the text, or None."""
    answer, place = row.get("answer") or "", row.get("answer_start")
    if place is not None and row["text"][place : place + len(answer)] == answer:
        return int(place)
    found = row["text"].find(answer) if answer else -1
    return found if found >= 0 else None


def _answering(row: dict[str, Any], rng: random.Random) -> tuple[int, int]:
    """Return a window around the answer; where its place is not known, around the sentence most like the question."""
    spans = sentence_spans(row["text"]) or [(0, len(row["text"]))]
    place = _place(row)
    if place is None:
        return _likest(row, rng)
    centre = max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    return _around(spans, centre, 0, len(spans), rng)


def _likest(row: dict[str, Any], rng: random.Random) -> tuple[int, int]:
    """Return a window around the sentence that shares most words with the question."""
    spans = sentence_spans(row["text"]) or [(0, len(row["text"]))]
    return _around(spans, _most_alike(row, spans, range(len(spans))), 0, len(spans), rng)


def _without_answer(row: dict[str, Any], rng: random.Random) -> tuple[int, int] | None:
    """Return a window of the passage that lacks the answer, or None if every sentence holds it."""
    spans = sentence_spans(row["text"])
    free = [i for i, (start, end) in enumerate(spans) if row["answer"].lower() not in row["text"][start:end].lower()]
    place = _place(row)
    if not free or place is None:
        return None
    holding = max((i for i, (start, _) in enumerate(spans) if start <= place), default=0)
    free = [i for i in free if i != holding]
    if not free:
        return None
    centre = first = last = _most_alike(row, spans, free)
    while first - 1 in free:
        first -= 1
    while last + 1 in free:
        last += 1
    return _around(spans, centre, first, last + 1, rng)


def _elsewhere(row: dict[str, Any], articles: dict[str, list[str]], rng: random.Random) -> dict[str, Any] | None:
    """Return the row with the paragraph of its article that is most like the question and lacks the answer."""
    texts = articles.get(row["article"], [])
    texts = rng.sample(texts, min(12, len(texts)))
    asked, answer = set(terms(row["question"])), row["answer"].lower()
    lacking = [text for text in texts if text != row["text"] and answer not in text.lower()]
    if not lacking:
        return None
    return row | {"text": max(lacking, key=lambda text: len(asked & set(terms(text)))), "answer": ""}


def _most_alike(row: dict[str, Any], spans: Sequence[tuple[int, int]], among: Sequence[int]) -> int:
    asked = set(terms(row["question"]))
    return max(among, key=lambda i: len(asked & set(terms(row["text"][slice(*spans[i])]))))


def _around(spans: Sequence[tuple[int, int]], centre: int, first: int, end: int, rng: random.Random) -> tuple[int, int]:
    """Return the characters of some sentences, the centre among them, within `first` and `end`."""
    size = min(rng.choice(WINDOWS), end - first)
    start = max(first, min(centre - rng.randrange(size), end - size))
    return spans[start][0], spans[start + size - 1][1]


def varied(example: Example, rng: random.Random) -> Example:
    """Return the example as a user might write it: now and then without capitals, question mark or title."""
    question, around, text = example.question, example.around, example.text
    if rng.random() < 0.2:
        question = question.rstrip("?？ ")
    chance = rng.random()
    if chance < 0.3:
        question = question.lower()
    if chance < 0.1 and len(text.lower()) == len(text):
        around, text = around.lower(), text.lower()
    if rng.random() < 0.2:
        around = ""
    fields = {name: getattr(example, name) for name in ("answers", "span", "kind", "file", "group")}
    return Example(question, around, text, **fields)


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
        encoded.append(Encoded(ids, example.answers, span, example.kind))
    return encoded


def _tokens(example: Example, offsets: Sequence[tuple[int, int]], shift: int, end: int) -> tuple[int, int]:
    if example.span is None:
        return -100, -100
    before = len(in_context(example.around, example.text)) - len(example.text)
    start, stop = (before + place for place in example.span)
    inside = [shift + i for i, (first, last) in enumerate(offsets) if first < stop and last > start and last > first]
    return (inside[0], inside[-1]) if inside and inside[-1] < end else (-100, -100)


def is_dev(example: Example) -> bool:
    """Return whether an article is kept to measure with, by the hash of its name."""
    return int(hashlib.sha256(example.group.encode()).hexdigest(), 16) % 1000 < 1000 * DEV_SHARE


def batches(rows: Sequence[Encoded], rng: random.Random) -> Iterator[list[Encoded]]:
    """Yield all rows, batches of similar length in random order."""
    pool = 40 * ROWS_A_STEP
    for start in range(0, len(rows), pool):
        near = sorted(rows[start : start + pool], key=lambda row: len(row.ids))
        made = [near[i : i + ROWS_A_STEP] for i in range(0, len(near), ROWS_A_STEP)]
        rng.shuffle(made)
        yield from made


def loss_of(network: Network, batch: Sequence[Encoded]) -> Any:
    """Return the loss of telling whether the texts answer and of finding the answers."""
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
    return loss


def train(
    network: Network, rows: Sequence[Encoded], dev: Sequence[Encoded], minutes: float, rate: float, keep: Keep
) -> dict[str, Any]:
    """Train on the rows once, or as long as there is time: the rate falls to 0 by then. Return what was done."""
    import torch

    torch.manual_seed(SEED)
    trained = [p for p in [*network.encoder.parameters(), *network.head.parameters()] if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    started = saved = time.monotonic()
    seen, recent = 0, 0.0
    for step, batch in enumerate(batches(rows, random.Random(SEED)), 1):
        done = max(seen / len(rows), (time.monotonic() - started) / 60 / minutes)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * min(done / WARM_UP + 0.02, 1 - done)
        loss = loss_of(network, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(batch)
        recent += (loss.item() - recent) / min(step, 50)
        if step % 25 == 0:
            _say(f"step {step}, {seen} rows, {seen / (time.monotonic() - started):.1f} a second, loss {recent:.3f}")
        if time.monotonic() - saved > SAVE_EVERY:
            _say(f"dev {measure(network, dev)}")
            keep({"rows_seen": seen})
            saved = time.monotonic()
    facts = {"rows_seen": seen, "minutes": round((time.monotonic() - started) / 60, 1), "dev": measure(network, dev)}
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
    for kind in ("written", "swapped", "same", "other"):
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
    described = {
        "architecture": {"base": "multilingual-e5-small", "shared_layers": SHARED_LAYERS, "longest": LONGEST},
        "training": {
            "command": "python -m eval train-reader",
            "seed": SEED,
            "rows_a_step": ROWS_A_STEP,
            "span_loss": SPAN_LOSS,
            **facts,
        },
        "attribution": [asdict(source) for source in RECIPE],
    }
    (out / "reader.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")


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
    parser.add_argument("--threads", type=int, default=3)
    options = parser.parse_args(arguments)
    import torch

    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    passes = [[varied(e, rng) for e in examples(options.data, options.held_out, rng)] for _ in range(options.passes)]
    dev = [e for e in passes[0] if is_dev(e)]
    asked = {_plain(e.question) for made in passes for e in made if is_dev(e)}
    kept = [e for made in passes for e in made if not is_dev(e) and _plain(e.question) not in asked]
    folder = model_folder()
    tokenizer = tokenizer_of(folder)
    counts = {k: sum(e.kind == k for e in kept) for k in KINDS}
    _say(f"{len(kept)} rows {counts}, {len(dev)} to measure with")
    torch.manual_seed(SEED)
    network = build(folder, SHARED_LAYERS)
    if options.start:
        load(network, options.start / "reader.safetensors")
    about = {
        "rate": options.rate,
        "row_seed": options.seed,
        "passes": options.passes,
        "rows": counts,
        "held_out": sorted(path.name for path in options.held_out),
    }
    facts = train(
        network,
        encode(tokenizer, kept),
        encode(tokenizer, dev[:DEV_ROWS]),
        options.minutes,
        options.rate,
        lambda facts: save(network, options.out, about | facts),
    )
    sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    return 0
