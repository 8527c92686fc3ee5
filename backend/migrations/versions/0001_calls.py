"""Make the tables of calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.migrations.only_added import only_added

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of calls."""
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("caller_digest", sa.String(length=64), nullable=True),
        sa.Column("caller_masked", sa.String(length=40), nullable=True),
        sa.Column("called", sa.String(length=64), nullable=True),
        sa.Column("sip_call_id", sa.String(length=300), nullable=True),
        sa.Column("flow", sa.String(length=100), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("needs_call_back", sa.Boolean(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(
        "ix_calls_call_back",
        "calls",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("needs_call_back"),
        sqlite_where=sa.text("needs_call_back = 1"),
    )
    op.create_index(op.f("ix_calls_caller_digest"), "calls", ["caller_digest"], unique=False)
    op.create_index("ix_calls_opened_at_id", "calls", ["opened_at", "id"], unique=False)
    op.create_index(op.f("ix_calls_sip_call_id"), "calls", ["sip_call_id"], unique=False)
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_journal_entries_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
    )
    op.create_index(
        op.f("ix_journal_entries_call_id"), "journal_entries", ["call_id"], unique=False
    )
    op.create_table(
        "utterances",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.String(length=1000), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("engine", sa.String(length=1000), nullable=True),
        sa.Column("ended_by", sa.String(length=1000), nullable=True),
        sa.Column("sound", sa.String(length=1000), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_utterances_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("call_id", "key", name=op.f("pk_utterances")),
    )
    op.create_index(
        "ix_utterances_pending",
        "utterances",
        ["call_id"],
        unique=False,
        postgresql_where=sa.text("pending"),
        sqlite_where=sa.text("pending = 1"),
    )
    op.create_table(
        "emergencies",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=1000), nullable=True),
        sa.Column("also", JSON, nullable=False),
        sa.Column("cue_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("attempts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_emergencies_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("call_id", "seq", name=op.f("pk_emergencies")),
    )
    op.create_index(op.f("ix_emergencies_decided_at"), "emergencies", ["decided_at"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", BIG, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_recordings_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("call_id", "file", name=op.f("pk_recordings")),
    )
    only_added("journal_entries")


def downgrade() -> None:
    """Take them back."""
    for table in ("recordings", "emergencies", "utterances", "journal_entries", "calls"):
        op.drop_table(table)
