"""Carries the spool to the backend: in order for each call, each entry once, for ever if need be.

A backend that is away, or says 5xx, is asked again. An entry it rejects is set aside, with one
clear line in the log. An entry that alone makes it fail makes only its own call wait.
"""

import threading
import time
from collections.abc import Sequence
from typing import Protocol

import structlog

from agi.backend_client import BackendAway, BackendFailed, BackendRefused, Verdict
from agi.entries import Entry
from agi.spool import Spool, Waiting

log = structlog.get_logger(__name__)

_TAKEN = {"accepted", "known"}
_OUR_FAULT = {401, 403, 404, 405, 408, 425, 429}
"""Refusals that say nothing about the entry: a wrong token, a wrong address, too much at once."""
_SHORTEST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 5.0
_CALL_WAITS_SECONDS = 60.0
_FAILURES_BEFORE_A_CALL_WAITS = 4


class Journal(Protocol):
    """Where entries are delivered to."""

    def journal(self, entries: Sequence[Entry]) -> list[Verdict]:
        """Deliver entries in order; raises ``BackendAway`` or ``BackendRefused``."""
        ...


class Sender:
    """One thread that empties the spool. ``stop`` ends it; what is left waits on the disk."""

    def __init__(self, spool: Spool, backend: Journal) -> None:
        self._spool, self._backend = spool, backend
        self._stopping = threading.Event()
        self._later: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="spool-sender", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier run left."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Stop after the delivery that is under way."""
        self._stopping.set()
        self._spool.changed.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        wait = _SHORTEST_WAIT_SECONDS
        while not self._stopping.is_set():
            self._spool.changed.clear()
            try:
                sent = self.send_once()
                wait = _SHORTEST_WAIT_SECONDS
            except BackendAway as error:
                log.warning("backend away, journal waits in the spool", error=str(error))
                self._stopping.wait(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
                continue
            except Exception:
                log.exception("journal could not be sent")
                self._stopping.wait(_LONGEST_WAIT_SECONDS)
                continue
            if not sent:
                self._spool.changed.wait(timeout=_LONGEST_WAIT_SECONDS)

    def send_once(self) -> int:
        """Deliver one batch; give how many entries left the spool.

        Raises ``BackendAway`` when nothing can be delivered now.
        """
        clock = time.monotonic()
        self._later = {call: until for call, until in self._later.items() if until > clock}
        batch = self._spool.waiting(skip=self._later)
        gone = self._set_aside_unreadable(batch)
        entries = [one.entry for one in batch if one.entry is not None]
        return gone + (self._deliver(entries) if entries else 0)

    def _set_aside_unreadable(self, batch: Sequence[Waiting]) -> int:
        unreadable = [one for one in batch if one.entry is None]
        for one in unreadable:
            self._aside(one.id, one.call_id, "cannot be decrypted: HOTLINE_DATA_KEY has changed")
        return len(unreadable)

    def _aside(self, id: str, call_id: str, reason: str) -> None:
        log.error("journal entry set aside", entry=id, call=call_id, reason=reason)
        self._spool.set_aside(id, reason)

    def _deliver(self, entries: Sequence[Entry]) -> int:
        try:
            verdicts = self._backend.journal(entries)
        except BackendRefused as refused:
            if refused.status in _OUR_FAULT:
                raise BackendAway(f"the backend refuses us: {refused}") from refused
            if len(entries) == 1:
                self._aside(entries[0].id, entries[0].call_id, str(refused))
                return 1
            return self._one_by_one(entries)
        except BackendFailed:
            if len(entries) == 1:
                self._count_failure(entries[0].call_id)
                raise
            return self._one_by_one(entries)
        return self._settle(entries, verdicts)

    def _one_by_one(self, entries: Sequence[Entry]) -> int:
        """Find what the backend can take; a call whose entry fails keeps its order and waits."""
        gone, failed, last = 0, set[str](), BackendAway("")
        for entry in entries:
            if entry.call_id in failed or self._stopping.is_set():
                continue
            try:
                gone += self._deliver([entry])
            except BackendAway as error:
                last = error
                failed.add(entry.call_id)
                if len(failed) > 2 and not gone:
                    break
        if not gone and failed:
            raise last
        return gone

    def _count_failure(self, call_id: str) -> None:
        self._failures[call_id] = self._failures.get(call_id, 0) + 1
        if self._failures[call_id] >= _FAILURES_BEFORE_A_CALL_WAITS:
            self._failures.pop(call_id)
            self._later[call_id] = time.monotonic() + _CALL_WAITS_SECONDS

    def _settle(self, entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> int:
        said = {verdict.id: verdict for verdict in verdicts}
        taken = [e.id for e in entries if (v := said.get(e.id)) and v.status in _TAKEN]
        self._spool.confirm(taken)
        rejected = [e for e in entries if (v := said.get(e.id)) and v.status == "rejected"]
        for entry in rejected:
            self._aside(entry.id, entry.call_id, said[entry.id].error or "rejected")
        if not taken and not rejected:
            raise BackendAway("the backend answered for none of the entries")
        for entry in entries:
            self._failures.pop(entry.call_id, None)
        return len(taken) + len(rejected)
