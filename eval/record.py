"""The folder of a run: written whole, read back for comparing and judging."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.rows import read_rows, read_text
from eval.run import Result, as_dict, result_from, summary

RESULTS, SUMMARY, CONFIG = "results.jsonl", "summary.json", "config.json"


@dataclass(frozen=True, slots=True)
class Record:
    """A run: what it was made with, the result of each question, and the measures."""

    config: Mapping[str, Any]
    results: Sequence[Result]
    summary: Mapping[str, Any]


def record(config: Mapping[str, Any], results: Sequence[Result]) -> Record:
    """Return the record of a run."""
    return Record(config, results, summary(results))


def write(run: Record, folder: Path) -> None:
    """Write config.json, results.jsonl and summary.json to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(as_dict(result), ensure_ascii=False) + "\n" for result in run.results)
    (folder / RESULTS).write_text("".join(lines), encoding="utf-8")
    for name, value in ((CONFIG, run.config), (SUMMARY, run.summary)):
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Record:
    """Return the record of a run folder; FileNotFoundError or ValueError says what is wrong with it."""
    for name in (CONFIG, RESULTS):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"{folder} has no {name}; name a folder that `python -m eval run --out` wrote")
    try:
        results = list(_results(folder / RESULTS))
    except ValueError as error:
        raise ValueError(f"{error}; run `python -m eval run` again") from None
    return record(_config(folder / CONFIG), results)


def _results(path: Path) -> Iterator[Result]:
    for where, row in read_rows(path):
        try:
            yield result_from(row)
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{where}: {error}") from None


def _config(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON ({error}); run `python -m eval run` again") from None
    if not isinstance(config, dict):
        raise ValueError(f"{path} is no object {{...}}; run `python -m eval run` again")
    return config
