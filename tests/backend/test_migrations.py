from concurrent.futures import ThreadPoolExecutor

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend.database import Database
from backend.migrate import config_for, migrate
from backend.tables import METADATA


async def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    def differences(connection) -> list:
        def ours(item, name, kind, reflected, compared_to) -> bool:
            return kind != "table" or name in METADATA.tables

        options = {"compare_type": True, "include_object": ours}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, METADATA)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_migrations_run_again_and_backwards(database_url: str) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(migrate, database_url).result()
        thread.submit(command.downgrade, config_for(database_url), "base").result()
        thread.submit(migrate, database_url).result()
