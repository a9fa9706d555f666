"""What a run was made with: settings, documents, model, commit, machine, questions."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from index.originals import Place, failed_files, file_hash, files_of

ROOT = Path(__file__).resolve().parent.parent
SECRET = ("key", "token", "password")
LIBRARIES = ("bm25s", "chromadb", "ir-measures", "numpy", "sentence-transformers", "torch")


def config(
    settings: Mapping[str, Any], golden: Sequence[Path], corpus_version: str, unsynced: Sequence[str], **more: Any
) -> dict[str, Any]:
    """Return what a reader needs to repeat the run; secrets only as whether they are set."""
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **more,
        "corpus_version": corpus_version,
        "unsynced": list(unsynced),
        "model": settings.get("embedding_model", ""),
        "commit": commit(),
        "golden": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in golden},
        "settings": {name: _shown(name, value) for name, value in settings.items()},
        "machine": machine(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def _shown(name: str, value: Any) -> Any:
    return ("set" if value else "") if name.rsplit("_", 1)[-1] in SECRET else value


def commit() -> str:
    """Return the commit of the program, with "+" if files were changed since; "" outside a repository."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def machine() -> dict[str, Any]:
    """Return what the times depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "python": platform.python_version(),
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def unsynced(place: Place, indexed: Mapping[str, str]) -> list[str]:
    """Return the ids of documents that were added, changed or removed since the index was made."""
    files, _ = files_of(place)
    hashes = {id: file_hash(file.path) for id, file in files.items() if file.path.is_file()}
    failed = {id: hash for id, (hash, _) in failed_files(place).items()}
    changed = (id for id, hash in hashes.items() if hash not in (indexed.get(id), failed.get(id)))
    return sorted({*changed, *(indexed.keys() - files.keys())})


def golden_files(chosen: Iterable[Path], folder: Path) -> list[Path]:
    """Return the chosen golden files, or all of the folder; the error names one that is none, with what helps."""
    files = list(chosen) or sorted(folder.glob("*.jsonl"))
    for path in files:
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder; name its files, such as {path / '*.jsonl'}")
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path}; the shipped golden files are in {folder}")
        if _is_csv(path):
            convert = f"python -m eval convert {path.with_suffix('.csv')} {path.with_suffix('.jsonl')}"
            rename = "" if path.suffix.lower() == ".csv" else "name it so and "
            raise ValueError(f"{path} is a CSV; {rename}convert it first with `{convert}`")
    return files


def _is_csv(path: Path) -> bool:
    if path.suffix.lower() == ".csv":
        return True
    with path.open("rb") as file:
        return file.readline(99).removeprefix(b"\xef\xbb\xbf").startswith(b"id,question,")
