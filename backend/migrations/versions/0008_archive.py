"""Attachments, sealed recordings and what keeps them, and the search of tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.migrations import ticket_texts

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text(
    "state IN ('dispatched', 'signed', 'in_progress', 'return_asked', 'return_refused',"
    " 'returned', 'escalated', 'redo')"
)
TABLES = ("archived_calls", "legal_holds", "sealed_files", "once_keys")
INDEXES = ("ix_tickets_open_due_at", "ix_tickets_due_at_id", "ix_tickets_created_at_id")


def upgrade() -> None:
    """Make the tables of the archive and what the search of tickets needs."""
    _tickets()
    ticket_texts.create()
    _files()
    _holds()
    op.create_table(
        "once_keys",
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_once_keys")),
    )
    op.create_index("ix_once_keys_at", "once_keys", ["at"], unique=False)


def downgrade() -> None:
    """Take them back."""
    for table in TABLES:
        op.drop_table(table)
    ticket_texts.drop()
    for name in (*INDEXES, "ix_tickets_emergency"):
        op.drop_index(name, "tickets")
    op.drop_column("tickets", "emergency")


def _tickets() -> None:
    op.add_column(
        "tickets", sa.Column("emergency", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    noted = "notes ? 'emergency'" if postgresql else "json_extract(notes, '$.emergency') NOT NULL"
    op.execute(f"UPDATE tickets SET emergency = true WHERE {noted}")
    op.create_index(
        "ix_tickets_emergency",
        "tickets",
        ["id"],
        postgresql_where=sa.text("emergency"),
        sqlite_where=sa.text("emergency"),
    )
    op.create_index("ix_tickets_created_at_id", "tickets", ["created_at", "id"])
    op.create_index("ix_tickets_due_at_id", "tickets", ["due_at", "id"])
    op.create_index(
        "ix_tickets_open_due_at",
        "tickets",
        ["due_at", "id"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def _files() -> None:
    op.create_table(
        "sealed_files",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=300), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", BIG, nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", BIG, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_bytes", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("sealed_by", sa.String(length=100), nullable=False),
        sa.Column("keep_until", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_sealed_files_call_id_calls")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_sealed_files_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_files")),
        sa.UniqueConstraint("file", name=op.f("uq_sealed_files_file")),
        sqlite_autoincrement=True,
    )
    for column in ("call_id", "ticket_id", "sha256"):
        op.create_index(f"ix_sealed_files_{column}", "sealed_files", [column])
    op.create_index(
        "ix_sealed_files_keep_until",
        "sealed_files",
        ["keep_until"],
        postgresql_where=sa.text("removed_at IS NULL"),
        sqlite_where=sa.text("removed_at IS NULL"),
    )


def _holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("placed_by", sa.String(length=100), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("lifted_by", sa.String(length=100), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_why", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_legal_holds_subject", "legal_holds", ["subject"])
    op.create_table(
        "archived_calls",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_archived_calls_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_archived_calls")),
    )
