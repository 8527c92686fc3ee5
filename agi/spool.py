"""The journal's outbox on this machine's disk: what was said outlives every program here.

Entries are encrypted (Fernet) and committed in order before anyone waits for the backend.
A thread writes (many entries, one commit), another one sends (see ``sender.py``).
"""

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.fernet import Fernet, InvalidToken

from agi.entries import Entry

log = structlog.get_logger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  call_id TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entries_of_call ON entries (call_id, seq);
CREATE TABLE IF NOT EXISTS set_aside (
  id TEXT PRIMARY KEY, call_id TEXT NOT NULL, sealed BLOB NOT NULL,
  reason TEXT NOT NULL, at REAL NOT NULL);
"""
_MOST_IN_MEMORY = 20_000
_MOST_IN_ONE_COMMIT = 200


class SpoolError(Exception):
    """The spool cannot be opened or written; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that the backend has not confirmed yet; no entry when it cannot be read."""

    id: str
    call_id: str
    entry: Entry | None


class Spool:
    """The outbox. ``write`` never blocks a call on the disk; ``flush`` does."""

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._seal = Fernet(key)
        self._inbox: queue.SimpleQueue[tuple[Entry, Future[None]] | None] = queue.SimpleQueue()
        self._unwritten: deque[Entry] = deque(maxlen=_MOST_IN_MEMORY)
        self._lock = threading.Lock()
        self.changed = threading.Event()
        """Set whenever there may be something to send."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as db:
                db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise SpoolError(f"{path}: {error}; free the disk or mend its rights") from error
        self._writer = threading.Thread(target=self._write_all, name="spool-writer", daemon=True)
        self._writer.start()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        return db

    def write(self, entry: Entry) -> Future[None]:
        """Hand an entry over; the future is done once it is on the disk."""
        written: Future[None] = Future()
        self._inbox.put((entry, written))
        return written

    def close(self) -> None:
        """Write what was handed over, then stop."""
        self._inbox.put(None)
        self._writer.join(timeout=5)

    def _write_all(self) -> None:
        db = self._connect()
        try:
            while (batch := self._next_batch()) is not None:
                self._commit(db, batch)
        finally:
            db.close()

    def _next_batch(self) -> list[tuple[Entry, Future[None]]] | None:
        first = self._inbox.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < _MOST_IN_ONE_COMMIT and not self._inbox.empty():
            if (more := self._inbox.get()) is None:
                self._inbox.put(None)
                break
            batch.append(more)
        return batch

    def _commit(self, db: sqlite3.Connection, batch: Sequence[tuple[Entry, Future[None]]]) -> None:
        with self._lock:
            entries = [*self._unwritten, *(entry for entry, _ in batch)]
            try:
                self._insert(db, entries)
                self._unwritten.clear()
                failure = None
            except sqlite3.Error as error:
                failure = SpoolError(f"{self._path}: {error}; free the disk")
                self._unwritten.extend(entry for entry, _ in batch)
                log.error(
                    "spool cannot be written, entries wait in memory: free the disk",
                    path=str(self._path),
                    error=str(error),
                    waiting=len(self._unwritten),
                )
        for _, written in batch:
            if failure:
                written.set_exception(failure)
            else:
                written.set_result(None)
        self.changed.set()

    def _insert(self, db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
        rows = [(e.id, e.call_id, self._seal.encrypt(e.to_bytes())) for e in entries]
        db.execute("BEGIN IMMEDIATE")
        try:
            db.executemany(
                "INSERT OR IGNORE INTO entries (id, call_id, sealed) VALUES (?, ?, ?)", rows
            )
            db.execute("COMMIT")
        except sqlite3.Error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def waiting(
        self, *, call_id: str | None = None, skip: Iterable[str] = (), most: int = 100
    ) -> list[Waiting]:
        """List what is not confirmed, oldest first: of one call, or of all but some calls."""
        skipped = sorted(skip)
        marks = ",".join("?" * len(skipped))
        query = (
            "SELECT id, call_id, sealed FROM entries"
            f" WHERE (? IS NULL OR call_id = ?) AND call_id NOT IN ({marks})"
            " ORDER BY seq LIMIT ?"
        )
        with closing(self._connect()) as db:
            rows = db.execute(query, (call_id, call_id, *skipped, most)).fetchall()
        found = [Waiting(i, call, self._open(sealed)) for i, call, sealed in rows]
        with self._lock:
            unwritten = list(self._unwritten)
        known = {one.id for one in found}
        extra = [Waiting(e.id, e.call_id, e) for e in unwritten if e.id not in known]
        return (
            found
            + [
                one
                for one in extra
                if call_id in (None, one.call_id) and one.call_id not in set(skipped)
            ][: max(0, most - len(found))]
        )

    def _open(self, sealed: bytes) -> Entry | None:
        try:
            return Entry.from_bytes(self._seal.decrypt(sealed))
        except (InvalidToken, ValueError):
            return None

    def confirm(self, ids: Iterable[str]) -> None:
        """Forget what the backend has taken."""
        gone = list(ids)
        with self._lock:
            for entry in [e for e in self._unwritten if e.id in set(gone)]:
                self._unwritten.remove(entry)
        with closing(self._connect()) as db:
            db.executemany("DELETE FROM entries WHERE id = ?", [(i,) for i in gone])

    def set_aside(self, id: str, reason: str) -> None:
        """Keep an entry that nobody can take out of the way of the others."""
        with closing(self._connect()) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "INSERT OR IGNORE INTO set_aside"
                " SELECT id, call_id, sealed, ?, ? FROM entries WHERE id = ?",
                (reason[:500], time.time(), id),
            )
            db.execute("DELETE FROM entries WHERE id = ?", (id,))
            db.execute("COMMIT")
        with self._lock:
            for entry in [e for e in self._unwritten if e.id == id]:
                self._unwritten.remove(entry)

    def counts(self) -> dict[str, int]:
        """Tell how many entries wait, and how many were set aside."""
        with closing(self._connect()) as db:
            waiting = db.execute("SELECT count(*) FROM entries").fetchone()[0]
            aside = db.execute("SELECT count(*) FROM set_aside").fetchone()[0]
        with self._lock:
            return {"waiting": waiting + len(self._unwritten), "set_aside": aside}
