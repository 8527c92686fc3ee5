import asyncio
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from backend.database import Base, Database
from backend.migrate import config_for, migrate
from backend.people.audit import AuditEntry, AuditHead
from backend.people.models import ApiToken, ConfidentialCaller, FailedSignIns, Person, SignIn
from backend.units.models import Unit
from tests.grounds import Ground

TABLES = {
    kind.__tablename__
    for kind in (
        ApiToken,
        AuditEntry,
        AuditHead,
        ConfidentialCaller,
        FailedSignIns,
        Person,
        SignIn,
        Unit,
    )
}


def differences(connection: Connection) -> list[Any]:
    def ours(thing: Any, name: str | None, kind: str, _: bool, __: Any) -> bool:
        table = name if kind == "table" else thing.table.name
        return table in TABLES

    options = {"compare_type": True, "include_object": ours}
    return list(
        compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    )


def look(url: str, see: Any) -> Any:
    async def run() -> Any:
        database = Database(url)
        try:
            async with database.engine.connect() as connection:
                return await connection.run_sync(see)
        finally:
            await database.close()

    return asyncio.run(run())


def test_the_migration_makes_the_tables_that_the_program_expects(ground: Ground) -> None:
    assert look(ground(), differences) == []


def test_the_tables_can_be_taken_back_and_made_again(ground: Ground) -> None:
    url = ground()

    command.downgrade(config_for(url), "0003")
    left = look(url, lambda connection: set(inspect(connection).get_table_names()))
    migrate(url)

    assert not left & TABLES
    assert look(url, lambda c: set(inspect(c).get_table_names())) >= TABLES
