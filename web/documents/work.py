"""Changing the index from the browser: one piece of work at a time, in a thread, with its progress and its report."""

import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from index.originals import SIDECAR, Place, add, discard_added, remove
from index.store import IndexUnusable
from index.sync import Progress as Tell
from index.sync import Report

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is."""

    state: str = "idle"  # "idle", "working", "done", "failed"
    step: str = ""  # "reading", "embedding"
    done: int = 0
    total: int = 0
    message: str = ""  # of a failure: what went wrong, and what helps
    report: dict[str, Any] = field(default_factory=dict)  # of the documents that the work was about

    def as_dict(self) -> dict[str, Any]:
        """Return it for the page."""
        return asdict(self)


class Busy(Exception):
    """The index is being changed already; wait until that is done."""


class Work:
    """Adds and removes documents while the desk goes on answering from the index as it was."""

    def __init__(self, place: Place, sync: Callable[[Place, Tell], Report]) -> None:
        """`sync` brings the index of the place up to date."""
        self._place = place
        self._sync_with = sync
        self._lock = Lock()
        self.progress = Progress()

    def add(self, folder: Path) -> None:
        """Begin to index the files of a folder, which is deleted afterwards; Busy if other work is going on."""
        self._begin(lambda: self._add(folder), lambda: shutil.rmtree(folder, ignore_errors=True))

    def remove(self, ids: Sequence[str]) -> None:
        """Begin to take documents out of the index; Busy if other work is going on."""
        self._begin(lambda: self._remove(ids), lambda: None)

    def _begin(self, run: Callable[[], dict[str, Any]], finish: Callable[[], None]) -> None:
        if not self._lock.acquire(blocking=False):
            finish()
            raise Busy
        self.progress = Progress("working")
        Thread(target=self._run, args=(run, finish), name="index work", daemon=True).start()

    def _run(self, run: Callable[[], dict[str, Any]], finish: Callable[[], None]) -> None:
        try:
            self.progress = Progress("done", report=run())
        except (ValueError, OSError, IndexUnusable) as error:  # each says what helps
            self.progress = Progress("failed", message=str(error))
        except Exception as error:
            log.exception("the index could not be changed")
            self.progress = Progress("failed", message=f"{type(error).__name__}; see the log of the server")
        finally:
            finish()
            self._lock.release()

    def _add(self, folder: Path) -> dict[str, Any]:
        ids = add(self._place, [path for path in sorted(folder.iterdir()) if not _is_sidecar(path)])
        report = self._sync()
        for id in ids:
            if id in report.failed:
                discard_added(self._place, id)
        return _about(report, ids)

    def _remove(self, ids: Sequence[str]) -> dict[str, Any]:
        remove(self._place, ids)
        return _about(self._sync(), ids)

    def _sync(self) -> Report:
        def progress(step: str, done: int, total: int) -> None:
            self.progress = Progress("working", step, done, total)

        return self._sync_with(self._place, progress)


def _about(report: Report, ids: Sequence[str]) -> dict[str, Any]:
    """The report of the documents that the work was about, in the order of their ids."""
    kinds = ("added", "changed", "unchanged", "removed")
    state = {id: kind for kind in kinds for id in getattr(report, kind)} | dict.fromkeys(report.failed, "failed")
    files = [{"id": id, "state": state.get(id, "removed"), "reason": report.failed.get(id, "")} for id in sorted(ids)]
    return {"files": files, "corpus_version": report.corpus_version, "seconds": report.seconds}


def _is_sidecar(path: Path) -> bool:
    return path.suffix == SIDECAR and path.with_suffix("").is_file()
