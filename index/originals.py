"""The files behind the index: the corpus folder, and the originals of documents added by command."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SIDECAR = ".yaml"


@dataclass(frozen=True, slots=True)
class Original:
    """A file that becomes a document, and the folder that it must not lead out of."""

    path: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where documents come from and where their index goes."""

    corpus_dir: Path
    index_dir: Path
    model: str
    chroma_url: str = ""

    @property
    def added_dir(self) -> Path:
        """Originals of the documents that were added by command."""
        return self.index_dir / "added"

    @property
    def failed_file(self) -> Path:
        """What the last sync could not read: id -> [content hash, reason]."""
        return self.index_dir / "failed.json"

    @property
    def excluded_file(self) -> Path:
        """Ids of the corpus folder's documents that were removed by command."""
        return self.index_dir / "excluded.json"


def files_of(place: Place) -> tuple[dict[str, Original], list[str]]:
    """Return the file of each document by id, and the ids left out because they were removed by command."""
    if not place.corpus_dir.is_dir():
        what = "is a file" if place.corpus_dir.exists() else "does not exist; create it,"
        raise FileNotFoundError(f"the corpus folder {place.corpus_dir} {what} or set RAG_CORPUS_DIR to another")
    index_dir = place.index_dir.resolve()
    found = {
        id: Original(path, folder)
        for folder in (place.corpus_dir, place.added_dir)
        for id, path in documents_in(folder)
        if folder == place.added_dir or not path.absolute().is_relative_to(index_dir)
    }
    if not found:
        raise FileNotFoundError(
            f"the corpus folder {place.corpus_dir} holds no document; put files there, or set RAG_CORPUS_DIR"
        )
    excluded = sorted(excluded_ids(place) & found.keys())
    return {id: original for id, original in sorted(found.items()) if id not in excluded}, excluded


def documents_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (id, path) of each document below a folder; hidden files, lock files and sidecars are none."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        ignored = any(part.startswith((".", "~$")) for part in relative.parts) or _is_sidecar(path)
        if not ignored and (path.is_symlink() or not path.is_dir()):
            yield os.fsencode(relative.as_posix()).decode("utf-8", "replace"), path


def _is_sidecar(path: Path) -> bool:
    return path.suffix == SIDECAR and path.with_suffix("").is_file()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file and its sidecar."""
    digest = hashlib.sha256()
    for part in (path, path.with_name(path.name + SIDECAR)):
        if part.is_file():
            with part.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        digest.update(b"\0")
    return digest.hexdigest()


def add(place: Place, paths: Iterable[Path]) -> list[str]:
    """Copy files and folders to the added documents and return their ids; the next sync reads them.

    FileNotFoundError for a path that is not there; ValueError if the corpus folder has a document of that id.
    """
    wanted = dict(_to_add(paths))
    taken = dict(documents_in(place.corpus_dir)) if place.corpus_dir.is_dir() else {}
    excluded = excluded_ids(place)
    back = {id for id in wanted if id in excluded and wanted[id].samefile(taken.get(id, wanted[id].parent))}
    if clash := sorted(wanted.keys() & taken.keys() - back):
        raise ValueError(f"{clash[0]} is already in {place.corpus_dir}; rename the file, or change it there and sync")
    for id in wanted.keys() - back:
        _copy(wanted[id], place.added_dir / id)
    _write_excluded(place, excluded - wanted.keys())
    return list(wanted)


def _to_add(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for path in paths:
        if path.is_dir():
            yield from ((f"{path.resolve().name}/{id}", found) for id, found in documents_in(path))
        elif path.is_file():
            yield path.name, path
        else:
            raise FileNotFoundError(f"{path} is neither a file nor a folder; check the path")


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    sidecar = path.with_name(path.name + SIDECAR)
    if sidecar.is_file():
        shutil.copyfile(sidecar, target.with_name(target.name + SIDECAR))


def remove(place: Place, ids: Iterable[str]) -> None:
    """Take documents out of the index from the next sync on; files in the corpus folder stay where they are."""
    excluded = excluded_ids(place)
    for id in ids:
        discard_added(place, id)
        excluded.add(id)
    _write_excluded(place, excluded & dict(documents_in(place.corpus_dir)).keys())


def discard_added(place: Place, id: str) -> None:
    """Delete the copy of a document that was added by command, if there is one."""
    path = place.added_dir / id
    path.unlink(missing_ok=True)
    path.with_name(path.name + SIDECAR).unlink(missing_ok=True)


def excluded_ids(place: Place) -> set[str]:
    """Return the ids that were removed by command."""
    try:
        return set(json.loads(place.excluded_file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return set()


def _write_excluded(place: Place, ids: set[str]) -> None:
    place.index_dir.mkdir(parents=True, exist_ok=True)
    place.excluded_file.write_text(json.dumps(sorted(ids)), encoding="utf-8")


def failed_files(place: Place) -> dict[str, list[str]]:
    """Return what the last sync could not read: id -> [content hash, reason]."""
    try:
        found: dict[str, list[str]] = json.loads(place.failed_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


def write_failed(place: Place, failed: dict[str, list[str]]) -> None:
    """Keep what a sync could not read, for `status`."""
    place.failed_file.write_text(json.dumps(failed, ensure_ascii=False), encoding="utf-8")
