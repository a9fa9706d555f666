"""The commands of python -m eval: measure how good the answers are."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.compare import compare
from eval.config import config, golden_files, unsynced
from eval.gate import FILE, Check, Threshold, explain, gate, thresholds, unjudged, unmet
from eval.golden import FOLDER, Case, load
from eval.interrupted import until_interrupted
from eval.junit import write as write_junit
from eval.llm_judge import judge_run, options_of
from eval.metrics import MEASURES
from eval.plural import counted
from eval.record import Record, read, record, write
from eval.report import Extras
from eval.report import write as write_report
from eval.rows import folder_to_write
from eval.run import ask_all
from index.command import run
from index.originals import Place
from rag.chatbot import Chatbot
from rag.endpoint import Endpoint
from rag.settings import Settings

# Measurements that read their own arguments, by command: their module, and what they measure.
MODULES = {
    "check": ("eval.check", "report every fault of golden files, by line and field"),
    "add": ("eval.add", "write a golden question: asks for it and shows candidate evidence to accept"),
    "convert": ("eval.convert", "golden questions for a spreadsheet, and back"),
    "feedback": ("eval.feedback", "what people said of answers; golden cases of what was wrong"),
    "compare": ("eval.compare", "what got better and what got worse between two runs"),
    "models": ("eval.models", "which LLM words the answers best: runs side by side"),
    "judge": ("eval.llm_judge", "what a language model thinks of a run's answers, beside our verdicts"),
    "coverage": ("eval.coverage", "which notes no brief rests on"),
    "ingest": ("eval.ingest", "how quickly a folder becomes an index, and what takes the time"),
    "files": ("eval.files", "how many files of a folder can be read, and how faithfully"),
    "beir": ("eval.beir", "how well each half of the search finds passages, on any set in BEIR layout"),
    "fusion": ("eval.fusion", "ways to fuse the two halves of the search, on sets in BEIR layout"),
    "answerability": ("eval.answerability", "how well near misses are told from answerable questions"),
    "sentences": ("eval.sentences", "how often the sentence that supports the answer is ranked first"),
    "claims": ("eval.claims", "how well the check of support agrees with people"),
    "attacks": ("eval.attacks", "whether orders hidden in documents or put as questions are obeyed"),
    "first-token": ("eval.first_token", "how much later the first words come than the first token of the LLM"),
    "mutants": ("eval.mutants", "whether the suite sees seeded faults, and none in the sound system"),
    "train-query": ("eval.train_query", "train the encoder that embeds questions"),
    "train-known": ("eval.train_known", "keep the training questions, for those that resemble them"),
    "lessons": ("eval.write_lessons", "write what the reader learns from as one file"),
    "train-reader": ("eval.train_reader", "train the reader that tells whether a text answers a question"),
    "load": ("eval.load", "how the desk bears many users at a time"),
}


def main(given: Sequence[str]) -> int:
    """Run one measurement; 0 done, 1 failed as the last line of stderr says, 2 wrong usage."""
    if given and given[0] in MODULES:
        return run(lambda: until_interrupted(lambda: _forward(given[0], list(given[1:]))))
    options = _parser().parse_args(given)
    return run(lambda: until_interrupted(lambda: options.command(options)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sub = commands.add_parser(
        "run",
        help="ask the golden questions",
        description="Ask the golden questions, and write a folder with report.html.",
        epilog="Measures: " + "; ".join(f"{m.name}, {m.about}" for m in MEASURES).replace("%", "%%") + ".",
    )
    sub.add_argument("--golden", type=Path, nargs="+", default=[], metavar="FILE", help="default: eval/golden/*.jsonl")
    sub.add_argument("--out", type=Path, metavar="DIR", help="of the run; default: var/eval/TIME")
    sub.add_argument("--split", choices=("dev", "test"), help="only this half")
    sub.add_argument("--json", action="store_true", help="print the summary as JSON")
    sub.add_argument("--wrong", action="store_true", help="list the wrong answers too")
    sub.add_argument("--baseline", type=Path, metavar="DIR", help="an earlier run to compare with")
    sub.add_argument("--llm", nargs=2, metavar=("BASE_URL", "MODEL"), help="words the answers; key: RAG_LLM_API_KEY")
    options_of(sub, required=False)
    sub.add_argument("--thresholds", type=Path, default=FILE, metavar="FILE", help="what the run must reach")
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


def _open(settings: Settings, llm: Endpoint | None = None) -> Chatbot:
    return Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url, settings.today, llm)


def _run(options: argparse.Namespace) -> int:
    limits = thresholds(options.thresholds)
    files = golden_files(options.golden, FOLDER)
    cases = [case for case in load(files) if options.split in (None, case.split)]
    if not cases:
        half = f" of the {options.split} half" if options.split else ""
        raise ValueError(f"no question{half} in {', '.join(map(str, files))}; add some with `python -m eval add`")
    if options.out:
        folder_to_write(options.out)
    if bool(options.judge_base_url) != bool(options.judge_model):
        raise ValueError("a judge needs both --judge-base-url and --judge-model")
    baseline = read(options.baseline) if options.baseline else None
    chosen = dict(zip(("llm_base_url", "llm_model"), options.llm, strict=True)) if options.llm else {}
    made, stale = _made(cases, files, Settings.load(**chosen), bool(chosen))
    folder = options.out or Path("var/eval") / made.config["created"].replace(":", "").replace("+0000", "Z")
    write(made, folder)
    try:
        return _reported(made, limits, baseline, stale, folder, options)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the answers are in {folder}, without a report") from None


def _reported(
    made: Record,
    limits: Sequence[Threshold],
    baseline: Record | None,
    stale: Sequence[str],
    folder: Path,
    options: argparse.Namespace,
) -> int:
    """Write and tell all that is made of the answers; 0, or ValueError if the run is not good enough."""
    checks = gate(made.results, limits)
    left = unjudged(made.results, limits)
    extras = Extras(checks, left, compare(baseline.results, made.results) if baseline else None)
    if options.judge_base_url:
        extras = replace(extras, **judge_run(folder, made.results, options.judge_base_url, options.judge_model))
    write_report(made, extras, folder)
    write_junit(made.results, checks, folder / "junit.xml")
    print(json.dumps(made.summary, indent=2) if options.json else table(made.summary))
    _tell(made, extras, options)
    if idle := unmet(made.results, limits):
        print(f"no question of this run belongs to {', '.join(idle)} of the thresholds", file=sys.stderr)
    return _ended([check for check in checks if not check.passed], stale, folder)


def _made(cases: Sequence[Case], files: Sequence[Path], settings: Settings, by_llm: bool) -> tuple[Record, list[str]]:
    """Return the record of asking all cases, and the documents that the index does not know as they are.

    `by_llm`: the LLM of the settings words the answers.
    """
    chatbot = _open(settings, settings.llm if by_llm else None)
    place = Place(settings.corpus_dir, settings.index_dir, settings.embedding_model, settings.chroma_url)
    stale = unsynced(place, chatbot.store.records.hashes())
    with tqdm(total=len(cases), desc="asking", unit=" question", disable=None) as bar:
        results = ask_all(chatbot, cases, bar.update)
    shown = settings.model_dump(mode="json")
    version = chatbot.store.manifest.corpus_version
    return record(config(shown, files, version, stale, llm=settings.llm_model if by_llm else ""), results), stale


def _tell(made: Record, extras: Extras, options: argparse.Namespace) -> None:
    for left in extras.unjudged:
        print(left, file=sys.stderr)
    if options.wrong:
        for r in made.results:
            if not r.verdict.right:
                print(f"{r.case.id}: {r.case.question}\n    {r.verdict.reason}\n    {r.answer.answer[:300]!r}")
    if extras.comparison:
        print(f"against {options.baseline}: {extras.comparison.verdict}", file=sys.stderr)
    if extras.agreement:
        print(f"judge: {json.dumps(extras.agreement)}", file=sys.stderr)


def _ended(failed: Sequence[Check], stale: Sequence[str], folder: Path) -> int:
    for check in failed:
        print(explain(check), file=sys.stderr)
    print(f"the run is in {folder}; open {folder / 'report.html'}", file=sys.stderr)
    if stale:
        changed = f"{counted(len(stale), 'document')} changed since the index was made, such as {stale[0]}"
        raise ValueError(f"{changed}; run `python -m index sync`")
    if failed:
        raise ValueError("1 threshold is missed" if len(failed) == 1 else f"{len(failed)} thresholds are missed")
    return 0


def table(summary: Mapping[str, Any]) -> str:
    """Return the measures of each half for a terminal."""
    return "\n\n".join(f"{half} half\n{_half(axes)}" for half, axes in summary.items())


def _half(axes: Mapping[str, Any]) -> str:
    everything = axes["all"]
    lines = [f"  {'questions':24} {everything['questions']}"]
    for name, m in (everything["measures"] | everything["timing"]).items():
        lines.append(f"  {name:24} {m['value']:<8} {m['low']} to {m['high']}  of {m['questions']}")
    for axis in ("set", "category", "language"):
        for name, group in axes[axis].items():
            right = group["measures"]["right"]
            lines.append(
                f"  right, {name:17} {right['value']:<8} {right['low']} to {right['high']}  of {right['questions']}"
            )
    return "\n".join(lines)


def _calibrate(options: argparse.Namespace) -> int:
    from eval.calibrate import calibrate

    print(json.dumps(calibrate(_open(Settings.load()), load(options.golden)), indent=2))
    return 0
