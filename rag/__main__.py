"""python -m rag: ask questions in the terminal, one at a time or from a file."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from index.command import run
from rag.chatbot import Chatbot
from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import clean_text, understand
from rag.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed as the last line of stderr says, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    return run(lambda: options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag", description="Ask questions in the terminal.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer one question", description="Answer one question.")
    ask.add_argument("question", metavar="QUESTION", help="the question, or - to read it from standard input")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--history", type=Path, metavar="FILE.json", help='earlier turns: [{"question", "answer"}, ...]')
    ask.add_argument("--no-llm", action="store_true", help="answer from source sentences alone")
    ask.set_defaults(command=_ask)
    batch = commands.add_parser("batch", help="answer a file", description="Answer every question of a JSONL file.")
    batch.add_argument("questions", type=Path, metavar="IN.jsonl", help='lines {"id", "question", "history"?}')
    batch.add_argument(
        "answers", type=Path, metavar="OUT.jsonl", help="lines {id, answer...}, replaced when all are done"
    )
    batch.add_argument("--no-llm", action="store_true", help="answer from source sentences alone")
    batch.add_argument("--quiet", action="store_true", help="no progress bar")
    batch.set_defaults(command=_batch)
    return parser


def _open(no_llm: bool) -> Chatbot:
    settings = Settings.load()
    llm = None if no_llm else settings.llm
    return Chatbot.open(settings.index_dir, settings.embedding_model, settings.chroma_url, settings.today, llm)


def _ask(options: argparse.Namespace) -> int:
    question = sys.stdin.buffer.read().decode("utf-8", "replace") if options.question == "-" else options.question
    history = _history(options.history) if options.history else []
    understand(question, history)  # a question that cannot be asked is told before the model loads
    answer = _open(options.no_llm).ask(question, history)
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if options.json else readable(answer))
    return 0


def readable(answer: Answer) -> str:
    """Return the answer for a terminal: text with marks, then each source with its quote."""
    lines = [answer.answer, *(f"\n({notice})" for notice in answer.notices)]
    if answer.standalone_question != answer.question:
        lines.insert(0, f"({answer.standalone_question})\n")
    for c in answer.citations:
        where = " > ".join(filter(None, (c.title, c.section, f"page {c.page}" if c.page else "")))
        dated = f" ({c.date})" if c.date else ""
        lines.append(f"\n[{c.number}] {where}{dated}\n    “{c.quote}”\n    {c.source}")
    if answer.suggestions and answer.state != "answered":
        lines.append("\nNearest topics:" if answer.language == "en" else "\n相近的主题：")
        lines.extend(f"  - {suggestion}" for suggestion in answer.suggestions)
    return "\n".join(lines)


def _batch(options: argparse.Namespace) -> int:
    rows = list(_rows(options.questions))
    chatbot = _open(options.no_llm)
    unfinished = options.answers.with_name(f".{options.answers.name}.tmp")
    failed = 0
    with unfinished.open("w", encoding="utf-8") as file:
        for row in tqdm(rows, desc="answering", unit=" question", disable=options.quiet):
            answer = _answer(chatbot, row)
            failed += answer.state == "error"
            file.write(json.dumps({"id": row["id"], **answer.as_dict()}, ensure_ascii=False) + "\n")
    unfinished.replace(options.answers)
    if failed:
        print(f"error: {failed} of {len(rows)} questions could not be asked; their state is error", file=sys.stderr)
    return 1 if failed else 0


def _answer(chatbot: Chatbot, row: dict[str, Any]) -> Answer:
    try:
        return chatbot.ask(row["question"], _turns(row.get("history", [])))
    except ValueError as error:
        return Answer(row["question"], clean_text(row["question"])[:200], "en", "error", str(error))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}:{number}: not JSON ({error.msg}); write one object a line") from None
        if not isinstance(row, dict) or not isinstance(row.get("question"), str) or "id" not in row:
            raise ValueError(f'{path}:{number}: needs "id" and "question", such as {{"id": 1, "question": "..."}}')
        yield row


def _history(path: Path) -> list[Turn]:
    try:
        return _turns(json.loads(path.read_text(encoding="utf-8")))
    except json.JSONDecodeError as error:
        raise ValueError(f'{path} is not JSON ({error.msg}); write [{{"question": "...", "answer": "..."}}]') from None


def _turns(history: Any) -> list[Turn]:
    if not isinstance(history, list) or not all(
        isinstance(t, dict) and isinstance(t.get("question"), str) for t in history
    ):
        raise ValueError('the history is not a list of {"question": "...", "answer": "..."}')
    return [Turn(t["question"], str(t.get("answer") or "")) for t in history]


if __name__ == "__main__":
    sys.exit(main())
