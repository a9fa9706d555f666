"""What the LLM wrote, kept: the same prompt over the same documents costs nothing the second time.

The reply itself is kept, not the answer made of it, so that every reply is checked anew by the rules of the day.
Keys are hashes: no question is stored.
"""

import hashlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TypeVar

MOST_BYTES = 32 * 1024 * 1024
SCHEMA = """
CREATE TABLE IF NOT EXISTS replies
(key TEXT PRIMARY KEY, reply TEXT NOT NULL, bytes INTEGER NOT NULL, used REAL NOT NULL)
"""
Found = TypeVar("Found")
log = logging.getLogger(__name__)


def key_of(*parts: object) -> str:
    """Return the key of a reply: a hash of all that it depends on."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Replies:
    """Replies in a SQLite file, the least recently used forgotten first; safe to share between threads.

    A file that cannot be read or written keeps nothing; the log says so.
    """

    def __init__(self, path: Path, most: int = MOST_BYTES) -> None:
        """`most`: bytes of all replies together."""
        self._path = path
        self._most = most
        self._lock = Lock()

    def get(self, key: str) -> str | None:
        """Return the reply of a key, or None."""
        return self._with(lambda database: _get(database, key))

    def put(self, key: str, reply: str) -> None:
        """Keep a reply, and forget the oldest ones that no longer fit."""
        clean = reply.encode("utf-8", "replace").decode()
        self._with(lambda database: _put(database, key, clean, self._most))

    def size(self) -> int:
        """Return how many bytes all replies have together."""
        return self._with(_size) or 0

    def _with(self, use: Callable[[sqlite3.Connection], Found]) -> Found | None:
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with closing(sqlite3.connect(self._path, timeout=2)) as database, database:
                    database.execute(SCHEMA)
                    return use(database)
        except (sqlite3.Error, OSError) as error:
            log.warning("the replies of the language model are not kept: %s: %s", self._path, error)
            return None


def _get(database: sqlite3.Connection, key: str) -> str | None:
    row = database.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
    database.execute("UPDATE replies SET used = ? WHERE key = ?", (time.time(), key))
    return str(row[0]) if row else None


def _put(database: sqlite3.Connection, key: str, reply: str, most: int) -> None:
    values = (key, reply, len(reply.encode()), time.time())
    database.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)", values)
    too_much = _size(database) - most
    for old, size in database.execute("SELECT key, bytes FROM replies ORDER BY used, key").fetchall():
        if too_much <= 0:
            return
        database.execute("DELETE FROM replies WHERE key = ?", (old,))
        too_much -= size


def _size(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT coalesce(sum(bytes), 0) FROM replies").fetchone()[0])
