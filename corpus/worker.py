"""The process that reads files for corpus.guard: a line of JSON in, a line of JSON out, until its input ends."""

import gc
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from corpus.document import Document, as_plain
from corpus.read import read

GRACE = 5  # seconds after the limit until the process ends itself, should its parent be gone


def main(arguments: list[str]) -> int:
    """Answer requests from the standard input; what libraries print goes to the standard error output."""
    _limit(int(arguments[0]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return serve(sys.stdin.buffer, answers)


def serve(requests: IO[bytes], answers: IO[bytes]) -> int:
    """Answer one request after another; after one that took all memory, end."""
    for line in requests:
        answer = _answer(json.loads(line))
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        if "memory" in answer:
            return 1
    return 0


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    limits = request["limits"]
    _alarm(limits["seconds"] + GRACE)
    try:
        document = _read_steady(Path(request["path"]), request["id"])
        _check_size(document, limits)
        return {"document": as_plain(document)}
    except MemoryError:
        gc.collect()
        reason = f"reading it takes more than {limits['memory'] / 1e9:g} GB of memory; divide it or save it as PDF"
        return {"reason": reason, "memory": True}
    except ValueError as error:
        return {"reason": " ".join(str(error).split())}
    except OSError as error:
        return {"reason": f"it cannot be opened ({error.strerror}); check its name and its permissions"}
    finally:
        _alarm(0)


def _read_steady(path: Path, document_id: str) -> Document:
    """Return the document of a file that nobody changed in the meantime."""
    before = path.stat()
    document = read(path, document_id)
    after = path.stat()
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise ValueError("it changed while it was read; try again when it is complete")
    return document


def _check_size(document: Document, limits: Mapping[str, Any]) -> None:
    for kind, count in (("characters", len(document.text)), ("pages", len(document.pages))):
        if count > limits[kind]:
            raise ValueError(f"it has {count:,} {kind}, more than the limit of {limits[kind]:,}; divide it")


def _limit(memory: int) -> None:
    """Bound the memory of this process and leave no core files; a system without such limits goes without."""
    try:
        import resource
    except ImportError:
        return
    for kind, size in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
        except (ValueError, OSError):
            continue


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
