"""Tables whose rows are only ever added: the database itself refuses to change or remove them."""

from __future__ import annotations

from alembic import op

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION rows_are_only_added() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$ LANGUAGE plpgsql
"""


def only_added(table: str) -> None:
    """Let rows of a table be added, and nothing else."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION rows_are_only_added()"
        )
        return
    for move in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{move.lower()} BEFORE {move} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )
