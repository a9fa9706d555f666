"""Reading files that nobody vouches for: in a process of their own, which may die or be killed alone."""

import json
import os
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from corpus.document import Document, from_plain

ROOT = Path(__file__).resolve().parent.parent


class Unreadable(ValueError):
    """A file that gives no document; the message says why and what mends it, for instance `save it as .docx`."""


class _NeedsFreshWorker(Unreadable):
    """The worker had no memory left, which may be the fault of the files before this one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    size: int = 100_000_000  # bytes of the file
    seconds: float = 60.0
    memory: int = 2_000_000_000  # bytes of the process that reads it
    pages: int = 3_000
    characters: int = 20_000_000  # of its text


class Reader:
    """A process that reads one file after another, started when first needed and replaced when it ends.

    with Reader() as reader:
        document = reader.read(path, "reports/2024.pdf")
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path, document_id: str) -> Document:
        """Return the file as a Document; Unreadable says what is wrong with it and what mends it."""
        check_file(path, self.limits)
        with self._lock:
            fresh = self._process is None
            try:
                return self._ask(path, document_id)
            except _NeedsFreshWorker:
                if fresh:
                    raise
                return self._ask(path, document_id)

    def close(self) -> None:
        """End the process; the next read starts another one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)

    def _ask(self, path: Path, document_id: str) -> Document:
        process = self._process = self._process or _start(self.limits)
        assert process.stdin is not None
        assert process.stdout is not None
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            process.kill()

        timer = threading.Timer(self.limits.seconds, stop)
        timer.start()
        try:
            request = {"path": os.fspath(path.absolute()), "id": document_id, "limits": asdict(self.limits)}
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except OSError:
            answer = b""  # the process is gone; how it ended is told below
        finally:
            timer.cancel()
        if answer.endswith(b"\n"):
            return self._document(json.loads(answer))
        code = process.wait()
        self.close()
        raise Unreadable(_how_it_ended(code, self.limits, overdue.is_set()))

    def _document(self, answer: dict[str, Any]) -> Document:
        if "document" in answer:
            return from_plain(answer["document"])  # plain data, for a broken worker must not run code here
        if answer.get("memory"):
            self.close()
            raise _NeedsFreshWorker(answer["reason"])
        raise Unreadable(answer["reason"])


def read_guarded(path: Path, document_id: str, limits: Limits | None = None) -> Document:
    """Return one file as a Document, read in a process of its own; Unreadable says what is wrong with it."""
    with Reader(limits) as reader:
        return reader.read(path, document_id)


def check_file(path: Path, limits: Limits) -> None:
    """Raise Unreadable where a path is no ordinary file of acceptable size."""
    try:
        found = path.stat()
    except OSError as error:
        raise Unreadable(f"it cannot be opened ({error.strerror}); check its name and its permissions") from error
    except ValueError as error:  # a name with a null character
        raise Unreadable(f"it cannot be opened ({error}); rename it") from error
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("it is no ordinary file; put the file itself here")
    if found.st_size > limits.size:
        raise Unreadable(f"it has {found.st_size:,} bytes, more than the limit of {limits.size:,}; divide it")


def check_inside(path: Path, folder: Path) -> None:
    """Raise Unreadable where a path leads out of its folder, for instance through a symbolic link."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Unreadable("it is a link that leads nowhere; put the file itself here") from error
    if not target.is_relative_to(folder.resolve()):
        raise Unreadable("it is a link that leads out of the folder; put the file itself here")


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "corpus.worker", str(limits.memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # Ctrl-C in a terminal is for the parent, which then ends this one
    )


def _how_it_ended(code: int, limits: Limits, overdue: bool) -> str:
    if overdue:
        return f"reading it takes more than {limits.seconds:g} seconds; divide it or save it as PDF"
    ending = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"reading it ended the reader ({ending}); the file is probably damaged, save it again"


def _close(pipe: Any) -> None:
    with suppress(OSError):  # what was left to be written has nobody to read it
        pipe.close()
