"""python -m index: bring the index up to date with the corpus folder, add, remove and list documents."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from rapidfuzz import process
from tqdm import tqdm

from index.command import run
from index.originals import Place, add, discard_added, documents_in, failed_files, file_hash, files_of, remove
from index.store import Store, current_generation
from index.sync import Report, sync
from rag.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed as the last line of stderr says, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    return run(lambda: options.command(_place(options), options), "stopped; the index is as it was before\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Place, argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help)
        sub.add_argument("--json", action="store_true", help="print JSON")
        sub.set_defaults(command=run, corpus=None, quiet=False)
        return sub

    sub = command("sync", _sync, "index what was added, changed or removed in the corpus folder")
    sub.add_argument("--corpus", type=Path, metavar="DIR", help="corpus folder (default: RAG_CORPUS_DIR)")
    sub.add_argument("--rebuild", action="store_true", help="embed everything anew")
    sub.add_argument("--quiet", action="store_true", help="no progress bars")
    sub = command("add", _add, "copy files or folders into the index's own documents and index them")
    sub.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    sub.add_argument("--quiet", action="store_true", help="no progress bars")
    sub = command("remove", _remove, "take documents out of the index; files in the corpus folder stay")
    sub.add_argument("ids", nargs="+", metavar="ID")
    sub.add_argument("--quiet", action="store_true", help="no progress bars")
    sub = command("check", _check, "say what is to be mended in the briefs: front matter, repetitions, figures")
    sub.add_argument("corpus", type=Path, nargs="?", metavar="FOLDER", help="of briefs (default: RAG_CORPUS_DIR)")
    command("list", _list, "list the indexed documents and where their metadata come from")
    command("status", _status, "say what the index holds and whether it is up to date")
    return parser


def _place(options: argparse.Namespace) -> Place:
    settings = Settings.load()
    return Place(
        options.corpus or settings.corpus_dir, settings.index_dir, settings.embedding_model, settings.chroma_url
    )


def _sync(place: Place, options: argparse.Namespace) -> int:
    report = _run_sync(place, options)
    return _show(report, options, list(report.failed))


def _add(place: Place, options: argparse.Namespace) -> int:
    ids = add(place, options.paths)
    report = _run_sync(place, options)
    for id in ids:
        if id in report.failed:
            discard_added(place, id)
    return _show(report, options, [id for id in ids if id in report.failed])


def _remove(place: Place, options: argparse.Namespace) -> int:
    known = set(_open(place).records.hashes()) | set(dict(documents_in(place.added_dir)))
    for id in options.ids:
        if id not in known:
            nearest = process.extractOne(id, sorted(known), score_cutoff=60)
            hint = f"the nearest is {nearest[0]}; " if nearest else ""
            raise ValueError(f"no document {id!r} in the index; {hint}`python -m index list` shows all")
    remove(place, options.ids)
    return _show(_run_sync(place, options), options, [])


def _run_sync(place: Place, options: argparse.Namespace) -> Report:
    from index.embed import SentenceTransformerEmbedding  # takes seconds: only where something is embedded

    loaded: list[SentenceTransformerEmbedding] = []

    def embedding() -> SentenceTransformerEmbedding:
        if not loaded:
            loaded.append(SentenceTransformerEmbedding(place.model))
        return loaded[0]

    with _Bars(options.quiet) as bars:
        return sync(
            place,
            embedding,
            rebuild=getattr(options, "rebuild", False),
            progress=bars,
            waiting=lambda: print("another sync is running; waiting for it", file=sys.stderr),
        )


class _Bars:
    """A progress bar for each step of a sync, on stderr."""

    UNITS: ClassVar = {"reading": "document", "embedding": "passage"}

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: dict[str, Any] = {}

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        for bar in self._bars.values():
            bar.close()

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._bars:
            hidden = self._quiet or None  # None: shown only where somebody watches
            self._bars[step] = tqdm(total=total, desc=step, unit=f" {self.UNITS[step]}", disable=hidden)
        self._bars[step].update(done - self._bars[step].n)


def _show(report: Report, options: argparse.Namespace, failed: Sequence[str]) -> int:
    """Print what a sync did; the exit code tells whether what the command was for failed."""
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        for name in ("added", "changed", "removed", "excluded"):
            for id in getattr(report, name):
                print(f"{name:9} {_on_one_line(id)}")
        for id in failed:
            print(f"{'failed':9} {_on_one_line(id)}: {report.failed[id]}")
        counts = [f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "unchanged", "removed")]
        print(f"{', '.join(counts)}, {len(report.failed)} failed; version {report.corpus_version}, {report.seconds} s")
    return 1 if failed else 0


def _on_one_line(id: str) -> str:
    """Return an id with its line breaks and control characters written out."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in id)


def _open(place: Place) -> Store:
    return Store.open(place.index_dir, place.model, place.chroma_url)


def _check(place: Place, options: argparse.Namespace) -> int:
    from index.check import check  # compares all sentences, which needs libraries that no other command does

    found = check(place.corpus_dir)
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        print("\n".join([*map(str, found), f"{len(found)} to mend in {place.corpus_dir}"]))
    return 1 if found else 0


def _list(place: Place, options: argparse.Namespace) -> int:
    store = _open(place)
    documents = list(store.records.documents())
    if options.json:
        fields = ("id", "title", "publisher", "date", "kind", "language", "program", "source")
        rows = [{name: getattr(d, name) for name in fields} | {"origins": dict(d.origins)} for d in documents]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for d in documents:
        origins = ", ".join(f"{name} from {origin}" for name, origin in d.origins.items() if origin != "front matter")
        facts = " | ".join(filter(None, (d.date, d.kind, d.program, d.publisher)))
        print("\n    ".join(filter(None, (d.id, d.title, facts, origins))))
    print(f"{len(documents)} documents")
    return 0


def _status(place: Place, options: argparse.Namespace) -> int:
    store = _open(place)
    files, _ = files_of(place)
    known = store.records.hashes()
    failed = failed_files(place)
    hashes = {id: file_hash(file.path) for id, file in files.items() if file.path.is_file()}
    settled = {id: found[0] for id, found in failed.items()} | known
    changes = sum(settled.get(id) != hash and failed.get(id, [""])[0] != hash for id, hash in hashes.items())
    changes += len(known.keys() - files.keys())
    facts = {
        "index": str(place.index_dir),
        "corpus": str(place.corpus_dir),
        "generation": current_generation(place.index_dir),
        **asdict(store.manifest),
        "failed": {id: reason for id, (_, reason) in failed.items() if id in files},
        "changes_to_sync": changes,
    }
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    for name, value in facts.items():
        print(f"{name.replace('_', ' '):16} {len(value) if name == 'failed' else value}")
    print("run `python -m index sync`" if changes else "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
