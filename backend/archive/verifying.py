"""Proves that the archive is whole (Art. 27), or names what was changed, lost or put elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from backend.archive.faults import Fault
from backend.archive.shelf import Shelf
from backend.archive.verifying_rows import calls, files, holds
from backend.archive.verifying_tickets import numbers, tickets, witnesses
from backend.database import Database
from backend.people import audit
from backend.people.audit import ONLY, AuditHead

Check = Callable[[AsyncSession, Shelf], AsyncIterator[Fault | int]]
MOST_NAMED = 1000


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found wrong; `head` is the end of the record."""

    head: str = ""
    looked_at: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


async def verify(
    database: Database, shelf: Shelf, tell: Callable[[str], None] = lambda line: None
) -> Report:
    """Look at every chain, row and file; this changes nothing and may run beside the hotline.

    Keep `head` elsewhere: a record that was rewritten as a whole no longer holds it.
    """
    report = Report()
    for name, check in CHECKS.items():
        async with database.transaction(writes=False) as session:
            looked = 0
            async for one in check(session, shelf):
                if isinstance(one, int):
                    looked += one
                elif len(report.faults) < MOST_NAMED:
                    report.faults.append(one)
                    tell(str(one))
        report.looked_at[name] = looked
    async with database.transaction(writes=False) as session:
        head = await session.get_one(AuditHead, ONLY)
        report.head = f"{head.count}:{head.hash}"
    return report


async def _record(session: AsyncSession, shelf: Shelf) -> AsyncIterator[Fault | int]:
    head = await session.get_one(AuditHead, ONLY)
    yield head.count
    if (fault := await audit.fault(session)) is not None:
        yield Fault("audit record", "audit_entries", fault)


async def holds_noted(session: AsyncSession, head: str) -> bool:
    """Tell whether the record still holds an end that was noted before, as `count:hash`."""
    count, _, digest = head.partition(":")
    entry = await session.get(audit.AuditEntry, int(count)) if count.isdigit() else None
    return entry is not None and entry.hash == digest


CHECKS: dict[str, Check] = {
    "audit entries": _record,
    "tickets": tickets,
    "ticket numbers": numbers,
    "witnesses": witnesses,
    "calls": calls,
    "files": files,
    "holds": holds,
}
