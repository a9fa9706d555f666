"""python -m eval add: write a golden question without editing JSON.

Asks for the question, shows sentences of the documents that may answer it, takes those that you accept as evidence,
then the facts that a right answer holds, and appends the case to a golden file. It reads standard input, one answer a
line, so that it can be scripted.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.language import language_of
from eval.categories import categories
from eval.config import golden_files
from eval.convert import BETWEEN, next_id
from eval.golden import CONTROL, FOLDER, Case, case_from, holds, load, split_of
from eval.rows import place_to_write
from rag.chatbot import Chatbot
from rag.follow_up import Turn
from rag.settings import Settings

SHOWN = 8  # candidates
TARGET = FOLDER / "added.jsonl"

Find = Callable[[str], Sequence[dict[str, str]]]  # words -> evidence that may answer, best first


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is asked: a line is read after each text that is said."""

    read: Callable[[], str]  # "" at the end of input
    say: Callable[[str], None]

    def ask(self, prompt: str) -> str:
        """Return the answer to a prompt; ValueError if the input has ended or is no text."""
        while True:
            self.say(prompt)
            try:
                line = self.read()
            except UnicodeDecodeError as error:
                fault = f"is not UTF-8 (byte 0x{error.object[error.start]:02x})"
                raise ValueError(f"the input at {prompt.strip()!r} {fault}; nothing was written") from None
            if not line:
                raise ValueError(f"the input ended at {prompt.strip()!r}; nothing was written")
            if (found := CONTROL.search(line)) is None:
                return line.strip()
            self.say(f"It holds {_named(found[0])}; type it without.\n")


def compose(desk: Desk, find: Find, known: Sequence[Case], history: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Return a golden case as its JSON object, asked for piece by piece; `known`: those that there are."""
    question = _needed(desk, "Question: ")
    for case in known:
        if _same(question, case.question) and [t["question"] for t in case.history] == [t["question"] for t in history]:
            desk.say(f"It is asked already in {case.set}.jsonl ({case.id}); Ctrl-C ends this.\n")
    evidence = _evidence(desk, find, question)
    facts = _facts(desk, " ".join(item["quote"] for item in evidence)) if evidence else []
    language = language_of(question)
    usual = (
        "near_miss" if not evidence else "follow_up" if history else "chinese" if language == "zh" else "single_fact"
    )
    category = _category(desk, usual, bool(evidence))
    forbidden = _parted(desk.ask("Must not be said (parted by |; empty: nothing): "))
    id = next_id(category, [case.id for case in known])
    return {
        "id": id,
        "question": question,
        "history": list(history),
        "category": category,
        "language": language,
        "split": split_of(id),
        "answerable": bool(evidence),
        "facts": facts,
        "evidence": evidence,
        "forbidden": forbidden,
        "note": desk.ask("Note for whoever reads it next (empty: none): "),
    }


def _named(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how standard input hands on a byte that is no text
        return f"the byte 0x{ord(character) - 0xDC00:02x}, which is not UTF-8"
    return f"the control character U+{ord(character):04X}"


def _same(one: str, other: str) -> bool:
    return one.lower().split() == other.lower().split()


def _needed(desk: Desk, prompt: str) -> str:
    while not (answer := desk.ask(prompt)):
        desk.say("It must not be empty.\n")
    return answer


def _evidence(desk: Desk, find: Find, words: str) -> list[dict[str, str]]:
    """Return the accepted evidence, found by the question or by other words; none if the documents do not say."""
    while True:
        found = find(words)[:SHOWN]
        for number, item in enumerate(found, 1):
            desk.say(f"  {number}. {item['quote']}\n     ({item['document']})\n")
        answer = _needed(
            desk, "Evidence: numbers such as 1 3, 0 if the documents do not say, or other words to search: "
        )
        parts = answer.replace(",", " ").split()
        if not parts or not all(re.fullmatch(r"[+-]?\d+", part) for part in parts):
            words = answer
            continue
        numbers = [int(part) for part in parts]
        if all(1 <= number <= len(found) for number in numbers):
            return [found[number - 1] for number in dict.fromkeys(numbers)]
        if numbers == [0]:
            return []
        desk.say(f"There are the numbers 1 to {len(found)}, and 0.\n")


def _facts(desk: Desk, quotes: str) -> list[list[str]]:
    """Return the facts, each with its alternatives; one of them must stand in the evidence."""
    facts: list[list[str]] = []
    while True:
        group = _parted(desk.ask("Fact that a right answer holds (ways to say it parted by |; empty: no more): "))
        if group and any(holds(quotes, alternative) for alternative in group):
            facts.append(group)
        elif group:
            desk.say(f"{BETWEEN.join(group)!r} does not stand in the evidence; copy its words.\n")
        elif facts:
            return facts
        else:
            desk.say("A right answer holds at least one fact.\n")


def _category(desk: Desk, usual: str, answerable: bool) -> str:
    desk.say(f"Categories: {', '.join(categories())}\n")
    while True:
        answer = desk.ask(f"Category [{usual}]: ") or usual
        if answer not in categories():
            desk.say(f"There is no category {answer!r}.\n")
        elif answerable and not categories()[answer].answerable:
            desk.say(f"The documents answer no question of {answer!r}, but you gave evidence.\n")
        else:
            return answer


def _parted(line: str) -> list[str]:
    return [part.strip() for part in line.split("|") if part.strip()]


def append(row: dict[str, Any], path: Path) -> int:
    """Append a case to a golden file and return its line number; ValueError if it is none."""
    case_from(row)
    before = path.read_bytes() if path.exists() else b""
    start = b"" if not before or before.endswith(b"\n") else b"\n"
    with path.open("ab") as file:
        file.write(start + json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return (before + start).count(b"\n") + 1


def candidates_of(chatbot: Chatbot, history: Sequence[dict[str, str]]) -> Find:
    """Return a function that gives the sentences of the index that may answer, best first."""
    turns = [Turn(turn["question"], turn.get("answer", "")) for turn in history]

    def find(words: str) -> list[dict[str, str]]:
        ranked = chatbot.find(chatbot.understand(words, turns)).ranked
        unique = dict.fromkeys((candidate.hit.document.id, candidate.text) for candidate in ranked)
        return [{"document": id, "quote": quote} for id, quote in unique]

    return find


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask for a case and append it to a golden file."""
    parser = argparse.ArgumentParser(prog="python -m eval add", description="Write a golden question.")
    parser.add_argument(
        "file", type=Path, nargs="?", default=TARGET, metavar="FILE", help="default: eval/golden/added.jsonl"
    )
    parser.add_argument("--after", metavar="QUESTION", help="the question before it in the conversation")
    options = parser.parse_args(arguments)
    place_to_write(options.file)
    if options.file.suffix != ".jsonl":
        raise ValueError(f"{options.file} is no .jsonl file; golden questions stand in such, which `run` can ask")
    files = {path.resolve() for path in [*golden_files([], FOLDER), options.file] if path.exists()}
    known = load(sorted(files))
    settings = Settings.load()
    chatbot = Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url)
    history = [{"question": before}] if (before := (options.after or "").strip()) else []
    read = sys.stdin.readline if sys.stdin.isatty() else _piped
    row = compose(Desk(read, _say), candidates_of(chatbot, history), known, history)
    line = append(row, options.file)
    sys.stdout.write(f"{row['id']} ({row['split']} half) stands in {options.file}:{line}\n")
    return 0


def _piped() -> str:
    """Return a line that no terminal has shown, showing it behind its prompt."""
    line = sys.stdin.readline()
    _say(line)
    return line


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
