"""Files out of a browser, in a folder of their own; their names are only ever names."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp

from starlette.datastructures import UploadFile

MOST = 200_000_000  # bytes of all files of an upload
LONGEST_NAME = 200  # bytes
CHUNK = 1 << 20


class TooLarge(ValueError):
    """An upload over the limit: send fewer files at a time, or use `python -m index add`."""


def name_of(told: str) -> str:
    """Return the file name that a browser told, without any folder; ValueError if it cannot be a document's."""
    name = re.split(r"[/\\]", told)[-1].strip()
    if not name or name.startswith((".", "~$")) or any(ord(c) < 32 or ord(c) == 127 for c in name):
        raise ValueError(f"{told!r} is no name for a document; rename the file so that it begins with a letter")
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise ValueError(f"the name {name[:40]!r}… has more than {LONGEST_NAME} bytes; shorten it")
    return name


async def receive(files: Iterable[UploadFile]) -> Path:
    """Write the files into a new temporary folder and return it; ValueError, and no folder, for a wrong one."""
    folder = Path(mkdtemp(prefix="desk-upload-"))
    try:
        left = MOST
        for file in files:
            left -= await _write(file, folder / name_of(file.filename or ""), left)
        if not any(folder.iterdir()):
            raise ValueError("no file was chosen; choose one and send again")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


async def _write(file: UploadFile, path: Path, left: int) -> int:
    if path.exists():
        raise ValueError(f"two of the files are named {path.name!r}; rename one")
    size = 0
    with path.open("wb") as target:
        while chunk := await file.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise TooLarge(f"the files have more than {MOST // 1_000_000} MB; send fewer at a time")
            target.write(chunk)
    return size
