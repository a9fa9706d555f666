"""How quickly a folder becomes an index, and what takes the time.

    python -m eval ingest [DIR] [--json]

Builds an index of DIR (default: the shipped briefs) in a temporary folder, from nothing.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from index.embed import SentenceTransformerEmbedding
from index.originals import Place
from index.sync import Report, sync
from rag.settings import Settings


def main(arguments: list[str]) -> int:
    """Print passages a second and the share of each step."""
    parser = argparse.ArgumentParser(prog="python -m eval ingest", description=__doc__.split("\n")[0])
    parser.add_argument("dir", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    settings = Settings.load()
    with TemporaryDirectory() as folder:
        place = Place(options.dir or settings.corpus_dir, Path(folder), settings.embedding_model)
        report = sync(place, lambda: SentenceTransformerEmbedding(settings.embedding_model))
    sys.stdout.write(json.dumps(facts(report), indent=2) + "\n" if options.json else as_table(report))
    return 0


def facts(report: Report) -> dict[str, object]:
    """Return the speed of a sync and the share 0..1 of each of its steps."""
    total = sum(report.steps.values())
    embedding = report.steps.get("embedding", 0.0)
    return {
        "documents": len(report.added),
        "failed": len(report.failed),
        "passages": report.passages,
        "passages_per_second_embedded": round(report.passages / embedding, 2) if embedding else None,
        "passages_per_second": round(report.passages / total, 2) if total else None,
        "seconds": report.seconds,
        "shares": {name: round(seconds / total, 4) for name, seconds in report.steps.items()} if total else {},
    }


def as_table(report: Report) -> str:
    """Return the facts, a line each."""
    found = facts(report)
    shares = found.pop("shares")
    assert isinstance(shares, dict)
    lines = [f"{name.replace('_', ' '):32} {value}" for name, value in found.items()]
    lines += [f"  {name:30} {share:.1%}" for name, share in shares.items()]
    return "\n".join(lines) + "\n"
