"""Alarms and the review of emergencies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("acknowledged_at IS NULL")


def upgrade() -> None:
    """Make the tables of alarms, of their deliveries, of noticed emergencies and of tasks."""
    _alarms()
    _deliveries()
    _notices()
    _tasks()


def downgrade() -> None:
    """Take them back."""
    for table in ("emergency_tasks", "emergency_notices", "alarm_deliveries", "alarms"):
        op.drop_table(table)


def _to(table: str, columns: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{columns}_{target}")
    return sa.ForeignKeyConstraint([columns], [f"{target}.id"], name=name)


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", BIG, nullable=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("unheard_at", MOMENT, nullable=True),
        _to("alarms", "call_id", "calls"),
        _to("alarms", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("key", name=op.f("uq_alarms_key")),
    )
    op.create_index("ix_alarms_raised_at", "alarms", ["raised_at", "id"])
    op.create_index(op.f("ix_alarms_call_id"), "alarms", ["call_id"])
    op.create_index(op.f("ix_alarms_ticket_id"), "alarms", ["ticket_id"])
    op.create_index(
        "ix_alarms_open",
        "alarms",
        ["raised_at"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )


def _deliveries() -> None:
    op.create_table(
        "alarm_deliveries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("alarm_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("given_up_at", MOMENT, nullable=True),
        sa.Column("fault", sa.String(length=300), nullable=True),
        _to("alarm_deliveries", "alarm_id", "alarms"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_deliveries")),
        sa.UniqueConstraint("alarm_id", "turn", name=op.f("uq_alarm_deliveries_alarm_id")),
        sqlite_autoincrement=True,
    )


def _notices() -> None:
    op.create_table(
        "emergency_notices",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", BIG, nullable=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=True),
        sa.Column("also", JSON, nullable=False),
        sa.Column("handover", sa.String(length=20), nullable=False),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("right_service", sa.String(length=20), nullable=True),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        _to("emergency_notices", "call_id", "calls"),
        _to("emergency_notices", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_emergency_notices")),
    )
    op.create_index(
        "ix_emergency_notices_noticed_at", "emergency_notices", ["noticed_at", "call_id"]
    )


def _tasks() -> None:
    op.create_table(
        "emergency_tasks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _to("emergency_tasks", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_tasks")),
        sa.UniqueConstraint("ticket_id", "service", name=op.f("uq_emergency_tasks_ticket_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_emergency_tasks_open",
        "emergency_tasks",
        ["created_at"],
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
