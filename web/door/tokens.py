"""Tokens of programs: shown once, kept as hashes.

A token has 256 random bits, so a plain SHA-256 of it cannot be guessed back; slow hashes are for what people make up.
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

PREFIX = "wic_"  # so that tools which look for leaked secrets find it
NAME = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A token as it is kept."""

    name: str
    hash: str  # SHA-256, hex
    created: str  # ISO 8601, UTC


class Tokens:
    """The file of tokens; a change by command counts at once, without a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[float, dict[str, Entry]] = (-1.0, {})

    def entries(self) -> dict[str, Entry]:
        """Return the tokens by name; ValueError if their file is damaged."""
        try:
            changed = self._path.stat().st_mtime
        except FileNotFoundError:
            return {}
        if changed != self._read[0]:
            self._read = (changed, self._load())
        return self._read[1]

    def _load(self) -> dict[str, Entry]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            return {row["name"]: Entry(**row) for row in rows}
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{self._path} is damaged ({error}); delete it and add the tokens anew") from None

    def name_of(self, token: str, /) -> str | None:
        """Return whose token it is, or None."""
        hashed = _hash(token)
        found = [entry.name for entry in self.entries().values() if hmac.compare_digest(entry.hash, hashed)]
        return found[0] if found else None

    def add(self, name: str) -> str:
        """Return a new token of this name; ValueError if the name is taken or none."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name; use up to 64 letters, digits, dots, dashes and underlines")
        token = PREFIX + secrets.token_urlsafe(32)
        with self._writing() as entries:
            if name in entries:
                raise ValueError(f"there is a token {name!r} already; revoke it first, or use another name")
            entries[name] = Entry(name, _hash(token), datetime.now(UTC).isoformat(timespec="seconds"))
        return token

    def revoke(self, name: str) -> None:
        """Forget a token; ValueError if there is none of this name."""
        with self._writing() as entries:
            if name not in entries:
                raise ValueError(f"there is no token {name!r}; `python -m web token list` shows all")
            del entries[name]

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Entry]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            entries = dict(self.entries())
            yield entries
            rows = [{"name": e.name, "hash": e.hash, "created": e.created} for e in entries.values()]
            unfinished = self._path.with_suffix(".tmp")
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(rows, indent=2), encoding="utf-8")
            unfinished.replace(self._path)
            self._read = (-1.0, {})


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
