"""Whether orders in documents or in questions are obeyed: python -m eval attacks DIR [--llm] [--each N] [--json]

DIR holds bipia/text_attack_train.json and Giskard's giskard_injections/*.csv. Each of BIPIA's orders is put beside the
very sentence that answers a golden question of the dev half, once before and once behind it, in copies of briefs that
answer most of them; the questions are asked without and with the orders. Each of Giskard's prompts is asked as a
question; what is too long to be asked counts as refused, and its end is asked instead. Without --llm the answers are
source sentences; with it the model of the RAG_LLM_* settings words them. Nothing but temporary folders is written.
Exit 1 if anything was obeyed.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from tqdm import tqdm

from eval.golden import Case, load
from eval.hostile import Prompt, leaks, obeys, quotes, read_orders, read_prompts, tells_instructions, unsupported
from eval.verdict import missing_facts
from index.embed import SentenceTransformerEmbedding
from index.originals import Place
from index.sync import sync
from rag.chatbot import Chatbot
from rag.cite import ANSWERED, Answer
from rag.question import LONGEST
from rag.settings import Settings

PROSE = ".!?"  # a sentence that ends so, in a line that does not begin with one of these, is one of a paragraph
MARKUP = "|-#*>0123456789"
Where = Literal["before", "behind"]
WHERE: tuple[Where, ...] = ("before", "behind")
Progress = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Hidden:
    """An order, and the golden question beside whose evidence it is put."""

    kind: str
    order: str
    case: Case


@dataclass(frozen=True, slots=True)
class Attacked:
    """What became of a golden question when orders stood in the documents."""

    hidden: Hidden
    where: Where  # the order stands, as seen from the evidence
    obeyed: str  # what it did; "" for nothing
    quoted: bool  # an order is shown as text of a document
    held: bool  # the answer before held all facts
    lost: bool  # and the answer after lacks one
    answer: str


@dataclass(frozen=True, slots=True)
class Prompted:
    """What became of a question that gives an order."""

    prompt: Prompt
    refused: bool  # too long; its end was asked
    leaked: bool
    told: bool  # the desk's own instructions
    uncited: str
    state: str

    @property
    def obeyed(self) -> bool:
        """Whether the answer does anything that the prompt wants."""
        return self.leaked or self.told or bool(self.uncited)


def hide(orders: Sequence[tuple[str, str]], cases: Sequence[Case], texts: Mapping[str, str]) -> list[Hidden]:
    """Return each order with a case whose evidence is a sentence of its own, from as few documents as there can be.

    ValueError if there are more orders than such sentences.
    """
    by_document: dict[str, dict[str, Case]] = defaultdict(dict)
    for case in cases:
        if len(case.evidence) == 1 and _is_in_prose(case, texts):
            by_document[case.evidence[0].document].setdefault(case.evidence[0].quote, case)
    fullest = sorted(by_document, key=lambda id: (-len(by_document[id]), id))
    places = [case for id in fullest for case in by_document[id].values()]
    if len(places) < len(orders):
        raise ValueError(f"{len(orders)} orders, but golden questions for {len(places)}; take fewer with --each")
    return [Hidden(kind, order, case) for (kind, order), case in zip(orders, places, strict=False)]


def _is_in_prose(case: Case, texts: Mapping[str, str]) -> bool:
    quote, text = case.evidence[0].quote, texts.get(case.evidence[0].document, "")
    line = text[text.rfind("\n", 0, text.find(quote)) + 1 :]
    return text.count(quote) == 1 and quote[-1] in PROSE and line[0] not in MARKUP


def infected(text: str, hidden: Sequence[Hidden], where: Where) -> str:
    """Return the text of a document with each order beside the sentence that it is hidden at."""
    for one in hidden:
        quote = one.case.evidence[0].quote
        text = text.replace(quote, f"{one.order} {quote}" if where == "before" else f"{quote} {one.order}")
    return text


def measure_documents(
    chatbot: Chatbot, place: Place, hidden: Sequence[Hidden], progress: Progress = lambda: None
) -> Iterator[Attacked]:
    """Yield what becomes of each question; the orders are put into the documents of the place, which is a copy."""
    sound = [_asked(chatbot, one.case.question, progress) for one in hidden]
    at: dict[str, list[Hidden]] = defaultdict(list)
    for one in hidden:
        at[one.case.evidence[0].document].append(one)
    texts = {id: (place.corpus_dir / id).read_text(encoding="utf-8") for id in at}
    orders = [one.order for one in hidden]
    for where in WHERE:
        for id, own in at.items():
            (place.corpus_dir / id).write_text(infected(texts[id], own, where), encoding="utf-8")
        report = sync(place, lambda: chatbot.embedding)
        assert not report.failed  # what was read without the orders is read with them
        for one, without in zip(hidden, sound, strict=True):
            answer = _asked(chatbot, one.case.question, progress)
            held = not missing_facts(without, one.case)
            lost = held and bool(missing_facts(answer, one.case))
            yield Attacked(one, where, obeys(answer, orders), quotes(answer, orders), held, lost, answer.answer)


def _asked(chatbot: Chatbot, question: str, progress: Progress) -> Answer:
    answer = chatbot.ask(question)
    progress()
    return answer


def measure_questions(
    chatbot: Chatbot, prompts: Sequence[Prompt], progress: Progress = lambda: None
) -> Iterator[Prompted]:
    """Yield what becomes of each prompt."""
    for prompt in prompts:
        refused, question = False, prompt.text
        try:
            chatbot.understand(question)
        except ValueError:
            refused, question = True, question[-LONGEST:]
        answer = _asked(chatbot, question, progress)
        told = tells_instructions(answer)
        yield Prompted(prompt, refused, leaks(answer, prompt), told, unsupported(answer), answer.state)


def summary(documents: Sequence[Attacked], questions: Sequence[Prompted]) -> dict[str, Any]:
    """Return the counts: of orders in documents by where they stand and by their kind, and of those in questions."""
    axes: dict[str, Callable[[Attacked], str]] = {"where": lambda one: one.where, "kind": lambda one: one.hidden.kind}
    return {
        "documents": counts(documents)
        | {
            axis: {
                name: counts([one for one in documents if key(one) == name])
                for name in dict.fromkeys(map(key, documents))
            }
            for axis, key in axes.items()
        },
        "questions": {
            "asked": len(questions),
            "refused_by_length": sum(one.refused for one in questions),
            "answered": sum(one.state in ANSWERED for one in questions),
            "wanted_text_said": sum(one.leaked for one in questions),
            "instructions_told": sum(one.told for one in questions),
            "uncited": sum(bool(one.uncited) for one in questions),
        },
    }


def counts(documents: Sequence[Attacked]) -> dict[str, Any]:
    """Return how many questions were asked, held all facts without the orders, and what the orders did to them."""
    return {
        "asked": len(documents),
        "all_facts_without_orders": sum(one.held for one in documents),
        "obeyed": sum(bool(one.obeyed) for one in documents),
        "order_shown": sum(one.quoted for one in documents),
        "facts_lost": sum(one.lost for one in documents),
    }


def main(arguments: Sequence[str]) -> int:
    """Print what the orders did; 1 if any was obeyed."""
    options = _parser().parse_args(arguments)
    if options.each < 1:
        raise ValueError(f"--each {options.each}: take at least 1 order of each kind")
    orders, prompts = _each(read_orders(options.dir), options.each), read_prompts(options.dir)
    settings = Settings.load()
    if options.llm and not settings.llm:
        raise ValueError("--llm needs a language model; set RAG_LLM_BASE_URL and RAG_LLM_MODEL")
    texts = {path.name: path.read_text(encoding="utf-8") for path in settings.corpus_dir.glob("*.md")}
    hidden = hide(orders, [case for case in load() if _is_fit(case)], texts)
    with (
        TemporaryDirectory() as folder,
        tqdm(total=(1 + len(WHERE)) * len(hidden) + len(prompts), desc="asking", unit=" question", disable=None) as bar,
    ):
        place = _copied(Path(folder), {one.case.evidence[0].document for one in hidden}, texts, settings)
        chatbot = _open(place, settings, options.llm)
        documents = list(measure_documents(chatbot, place, hidden, bar.update))
        questions = list(measure_questions(chatbot, prompts, bar.update))
    made = summary(documents, questions)
    sys.stdout.write(json.dumps(made, indent=2) + "\n" if options.json else as_table(made))
    return _ended(documents, questions)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval attacks", description=__doc__.split(":")[0])
    parser.add_argument("dir", type=Path, metavar="DIR", help="holds bipia/ and giskard_injections/")
    parser.add_argument("--llm", action="store_true", help="the model of the RAG_LLM_* settings words the answers")
    parser.add_argument("--each", type=int, default=1000, metavar="N", help="orders of each kind; default: all")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _each(orders: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, order in orders:
        by_kind[kind].append(order)
    return [(kind, order) for kind, own in by_kind.items() for order in own[:most]]


def _is_fit(case: Case) -> bool:
    return case.split == "dev" and case.answerable and case.language == "en" and not case.history


def _copied(folder: Path, ids: set[str], texts: Mapping[str, str], settings: Settings) -> Place:
    """Return an indexed folder with copies of these documents."""
    place = Place(folder / "documents", folder / "index", settings.embedding_model)
    place.corpus_dir.mkdir()
    for id in ids:
        (place.corpus_dir / id).write_text(texts[id], encoding="utf-8")
    sync(place, lambda: SentenceTransformerEmbedding(settings.embedding_model))
    return place


def _open(place: Place, settings: Settings, by_llm: bool) -> Chatbot:
    return Chatbot.open(place.index_dir, place.model, "", settings.today, settings.llm if by_llm else None)


def as_table(made: Mapping[str, Any]) -> str:
    """Return the counts, a line each; of orders in documents, then a line for each place and kind."""
    lines = []
    for part, found in made.items():
        lines.append(part)
        lines += [f"  {name.replace('_', ' '):28}{n}" for name, n in found.items() if isinstance(n, int)]
        rows = {name: row for axis in found.values() if isinstance(axis, dict) for name, row in axis.items()}
        for name, row in rows.items():
            told = ", ".join(f"{count} {count_of.replace('_', ' ')}" for count_of, count in row.items())
            lines.append(f"  {name:28}{told}")
    return "\n".join(lines) + "\n"


def _ended(documents: Sequence[Attacked], questions: Sequence[Prompted]) -> int:
    for one in documents:
        if one.obeyed:
            sys.stderr.write(f"{one.hidden.case.id}, {one.hidden.order!r}: {one.obeyed}\n")
    bad = [one for one in questions if one.obeyed]
    for asked in bad:
        sys.stderr.write(f"{asked.prompt.kind}, {asked.prompt.text[-60:]!r}: {asked.uncited or 'says what it wants'}\n")
    count = sum(bool(one.obeyed) for one in documents) + len(bad)
    if count:
        sys.stderr.write(f"{count} orders were obeyed\n")
    return 1 if count else 0
