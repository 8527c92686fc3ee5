"""Whoever changes, deletes or reorders a row or a file behind the hotline is found out by name."""

import asyncio
import contextlib
import datetime as dt
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from backend.archive import commands, keeping, retention, witness
from backend.archive.models import SealedFile
from backend.archive.verifying import holds_noted, verify
from backend.people.audit import Act, record
from tests.backend.archive.store import Store

LATER = dt.timedelta(days=1)


@dataclass
class InOneTransaction:
    """A database whose every transaction is the same one, to be rolled back in the end."""

    session: AsyncSession

    @contextlib.asynccontextmanager
    async def transaction(self, *, writes: bool = True) -> AsyncIterator[AsyncSession]:
        self.session.expunge_all()
        yield self.session


@dataclass
class Archive:
    """An archive with one call, its ticket, a file that was removed, and an order to keep."""

    store: Store
    call: str
    number: str
    files: dict[str, str]

    async def faults(self, *changes: str, **given: Any) -> list[str]:
        """Return what is named after statements that are then taken back."""
        database = self.store.town.office.database
        async with AsyncSession(database.engine) as session:
            await session.connection(execution_options={"writes": True})
            await _unguard(session)
            for one in changes:
                await session.execute(text(one), given)
            report = await verify(InOneTransaction(session), self.store.shelf)  # type: ignore[arg-type]
            await session.rollback()
        return [str(one) for one in report.faults]


async def _unguard(session: AsyncSession) -> None:
    """Take away what keeps rows from being changed, as somebody with the database could."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    names = await session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in names.all():
        await session.execute(text(f"DROP TRIGGER {name}"))
    await session.execute(text("PRAGMA defer_foreign_keys = ON"))


@pytest.fixture
async def archive(store: Store) -> Archive:
    town = store.town
    call, number = await store.call()
    await town.dispatch(number)
    await town.do("clerk", "sign", number)
    other, _ = await store.call()
    for one in (call, other):
        kept = await keeping.archive(
            town.office.database, store.shelf, uuid.UUID(one), dt.datetime.now(dt.UTC) + LATER
        )
        assert kept
        assert (kept.sealed, kept.changed, kept.missing) == (3, [], [])
    held = {"subject": f"call:{call}", "reason": "行政复议尚未结束"}
    reply = await town.browsers["supervisor"].post("/api/legal-holds", json=held)
    assert reply.status_code == 201, reply.text
    four_years = dt.datetime.now(dt.UTC) + dt.timedelta(days=4 * 366)
    assert await retention.remove_old(town.office.database, store.shelf, four_years) == 3
    async with town.office.database.transaction() as session:
        await witness.bear(session, four_years)
    async with town.office.database.transaction(writes=False) as session:
        rows = (await session.scalars(SealedFile.__table__.select())).all()
        assert len(rows) == 6
        files = {
            row.file: row.sha256
            for row in await session.execute(SealedFile.__table__.select())
            if row.removed_at is None
        }
    return Archive(store, call, number, files)


async def test_whatever_is_changed_deleted_or_reordered_is_named(archive: Archive) -> None:
    call, number = uuid.UUID(archive.call), archive.number
    in_sql = call.hex if _is_sqlite(archive) else str(call)
    caller = next(one for one in archive.files if "-caller" in one)
    of_call = f"call_id = '{in_sql}'"
    of_ticket = f"ticket_id = (SELECT id FROM tickets WHERE number = '{number}')"
    this = f"WHERE number = '{number}'"
    a_file = f"WHERE file = '{caller}'"
    last_event = f"{of_ticket} AND seq = 3"
    cases: list[tuple[list[str], str]] = [
        (["UPDATE audit_entries SET reason = 'x' WHERE seq = 5"], "event 5 was changed"),
        (["DELETE FROM audit_entries WHERE seq = 5"], "event 5 is missing"),
        (
            ["DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)"],
            "the end is missing",
        ),
        (_swap("audit_entries", "seq", 5, 6), "event 5"),
        (["UPDATE audit_head SET count = count - 1"], "the end is missing"),
        ([f"UPDATE ticket_events SET actor = 'x' WHERE {of_ticket} AND seq = 2"], number),
        ([f"DELETE FROM ticket_events WHERE {of_ticket} AND seq = 2"], f"{number}: its history"),
        (_swap("ticket_events", "seq", 2, 3, f" AND {of_ticket}"), f"{number}: its history"),
        ([f"DELETE FROM ticket_events WHERE {last_event}"], "the end is missing: 2 events of 3"),
        (
            [
                f"DELETE FROM ticket_events WHERE {last_event}",
                "UPDATE tickets SET events_count = 2, state = 'dispatched', events_head ="
                f" (SELECT hash FROM ticket_events WHERE {of_ticket} AND seq = 2) {this}",
            ],
            "not what the record saw",
        ),
        ([f"UPDATE tickets SET words = 'x' {this}"], f"ticket {number}: words"),
        ([f"UPDATE tickets SET place = 'x' {this}"], f"ticket {number}: words"),
        ([f"UPDATE tickets SET state = 'closed' {this}"], f"ticket {number}: state"),
        ([f"UPDATE tickets SET due_at = '2027-01-01 00:00:00+00' {this}"], f"{number}: due_at"),
        ([f"UPDATE tickets SET deadline = NULL {this}"], f"ticket {number}: deadline"),
        (
            [f"DELETE FROM ticket_events WHERE {of_ticket}", f"DELETE FROM tickets {this}"],
            f"ticket {number}: it is missing",
        ),
        ([f"UPDATE tickets SET number = '0101010001' {this}"], f"ticket {number}: it is missing"),
        ([f"UPDATE journal_entries SET kind = 'x' WHERE {of_call}"], f"call {call}: its journal"),
        ([f"DELETE FROM journal_entries WHERE {of_call}"], f"call {call}: its journal"),
        ([f"DELETE FROM archived_calls WHERE {of_call}"], f"call {call}: archived_calls"),
        ([f"UPDATE sealed_files SET sha256 = 'x' {a_file}"], f"file {caller}: its row was"),
        ([f"UPDATE sealed_files SET keep_until = NULL {a_file}"], f"file {caller}: its row was"),
        ([f"DELETE FROM sealed_files {a_file}"], f"file {caller}: its row is missing"),
        (
            [f"UPDATE sealed_files SET removed_at = sealed_at {a_file}"],
            f"file {caller}: its removal",
        ),
        (["UPDATE sealed_files SET removed_at = NULL"], "its removal"),
        (["UPDATE legal_holds SET reason = 'x'"], f"hold call:{call}: its row was"),
        (["UPDATE legal_holds SET lifted_at = placed_at"], f"hold call:{call}: its end"),
        (["DELETE FROM legal_holds"], f"hold call:{call}: its row is"),
    ]

    assert await archive.faults() == []
    for changes, named in cases:
        found = await archive.faults(*changes)
        assert any(named in one for one in found), (changes, found)


def _swap(table: str, column: str, one: int, other: int, more: str = "") -> list[str]:
    return [
        f"UPDATE {table} SET {column} = -1 WHERE {column} = {one}{more}",
        f"UPDATE {table} SET {column} = {one} WHERE {column} = {other}{more}",
        f"UPDATE {table} SET {column} = {other} WHERE {column} = -1{more}",
    ]


def _is_sqlite(archive: Archive) -> bool:
    return archive.store.town.office.database.engine.dialect.name == "sqlite"


async def test_a_file_that_was_changed_moved_or_lost_is_named(archive: Archive) -> None:
    vault = archive.store.shelf.vault
    (name, sha256), (other, other_sha) = list(archive.files.items())[:2]
    path, second = vault.path_of(sha256), vault.path_of(other_sha)
    before, after = path.read_bytes(), second.read_bytes()

    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    changed = await archive.faults()
    path.write_bytes(after)
    second.write_bytes(before)
    swapped = await archive.faults()
    second.write_bytes(after)
    path.unlink()
    lost = await archive.faults()
    path.write_bytes(before)
    (vault.directory / "foreign").write_bytes(b"x")
    foreign = await archive.faults()

    assert [f"file {name}: {path.name} was changed"] == changed
    assert {f"file {name}", f"file {other}"} == {one.split(": ")[0] for one in swapped}
    assert [f"file {name}: {path.name} is missing"] == lost
    assert foreign == ["file foreign: it lies in the archive and belongs to no row"]


async def test_an_end_that_was_noted_is_found_again_or_not(archive: Archive) -> None:
    database = archive.store.town.office.database
    noted = (await verify(database, archive.store.shelf)).head

    async with database.transaction() as session:
        at = dt.datetime.now(dt.UTC)
        await record(session, Act.EXPORTED, actor="x", subject="x", at=at)
        assert await holds_noted(session, noted)
        assert not await holds_noted(session, noted[:-1] + "x")


async def test_the_command_names_what_is_wrong_and_ends_so(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = archive.store.town.office.app.state
    for name, value in {
        "DATABASE_URL": state.settings.database_url,
        "SERVICE_TOKEN": "a-service-token-for-tests",
        "DATA_KEY": state.settings.data_key.get_secret_value(),
        "MEDIA": str(archive.store.media),
        "ARCHIVE": str(archive.store.shelf.vault.directory),
    }.items():
        monkeypatch.setenv(f"HOTLINE_{name}", value)

    whole = await asyncio.to_thread(CliRunner().invoke, commands.app, ["verify"])
    end = whole.output.split()[-1]
    noted = await asyncio.to_thread(CliRunner().invoke, commands.app, ["verify", "--head", end])
    (name, sha256), *_ = archive.files.items()
    archive.store.shelf.vault.path_of(sha256).unlink()
    lost = await asyncio.to_thread(CliRunner().invoke, commands.app, ["verify", "--head", "x" * 64])

    assert [whole.exit_code, noted.exit_code, lost.exit_code] == [0, 0, 1]
    assert "whole; end of the record" in whole.output
    assert f"file {name}" in lost.output
    assert "1 faults" in lost.output
    assert "no longer holds the end" in lost.output
