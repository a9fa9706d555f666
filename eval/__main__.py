"""python -m eval: measure how good the answers are."""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.golden import load
from eval.run import ask_all, summary, write
from index.command import run
from rag.chatbot import Chatbot
from rag.settings import Settings

# Measurements that read their own arguments, by command: their module, and what they measure.
MODULES = {
    "ingest": ("eval.ingest", "how quickly a folder becomes an index, and what takes the time"),
    "files": ("eval.files", "how many files of a folder can be read, and how faithfully"),
    "beir": ("eval.beir", "how well each half of the search finds passages, on any set in BEIR layout"),
    "answerability": ("eval.answerability", "how well near misses are told from answerable questions"),
    "sentences": ("eval.sentences", "how often the sentence that supports the answer is ranked first"),
    "claims": ("eval.claims", "how well the check of support agrees with people"),
    "train-reader": ("eval.train_reader", "train the reader that tells whether a text answers a question"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement; 0 done, 1 failed as the last line of stderr says, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in MODULES:
        return run(lambda: _forward(given[0], given[1:]))
    options = _parser().parse_args(given)
    return run(lambda: options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sub = commands.add_parser("run", help="ask the golden questions", description="Ask the golden questions.")
    sub.add_argument("--golden", type=Path, nargs="+", default=[], metavar="FILE", help="default: eval/golden/*.jsonl")
    sub.add_argument("--out", type=Path, metavar="DIR", help="write results.jsonl and summary.json there")
    sub.add_argument("--split", choices=("dev", "test"), help="only this half")
    sub.add_argument("--json", action="store_true", help="print the summary as JSON")
    sub.add_argument("--wrong", action="store_true", help="list the wrong answers too")
    sub.set_defaults(command=_run)
    sub = commands.add_parser(
        "calibrate", help="fit the decision whether to answer", description="Fit it on the dev half."
    )
    sub.add_argument("--golden", type=Path, nargs="+", default=[], metavar="FILE")
    sub.set_defaults(command=_calibrate)
    for name, (_, help) in MODULES.items():
        commands.add_parser(name, help=help)
    return parser


def _forward(name: str, arguments: list[str]) -> int:
    status: int = import_module(MODULES[name][0]).main(arguments)
    return status


def _open() -> Chatbot:
    settings = Settings.load()
    return Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)


def _run(options: argparse.Namespace) -> int:
    cases = [case for case in load(options.golden) if options.split in (None, case.split)]
    chatbot = _open()
    with tqdm(total=len(cases), desc="asking", unit=" question") as bar:
        results = ask_all(chatbot, cases, bar.update)
    if options.out:
        write(results, options.out)
    if options.wrong:
        for r in results:
            if not r.verdict.right:
                print(f"{r.case.id}: {r.case.question}\n    {r.verdict.reason}\n    {r.answer.answer[:300]!r}")
    splits = {name: summary([r for r in results if r.case.split == name]) for name in ("dev", "test")}
    splits = {name: measures for name, measures in splits.items() if measures["questions"]}
    print(json.dumps(splits, indent=2) if options.json else "\n\n".join(_table(n, m) for n, m in splits.items()))
    return 0


def _table(split: str, measures: dict[str, Any]) -> str:
    lines = [f"{split} half"]
    lines += [f"  {name:24} {value}" for name, value in measures.items() if not isinstance(value, dict)]
    lines += [
        f"  {name:24} {group['right']:.3f}  of {group['questions']}" for name, group in measures["by_category"].items()
    ]
    return "\n".join(lines)


def _calibrate(options: argparse.Namespace) -> int:
    from eval.calibrate import calibrate

    print(json.dumps(calibrate(_open(), load(options.golden)), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
