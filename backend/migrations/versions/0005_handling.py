"""Give tickets a deadline and units that handle them, and let duplicates have a parent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("deadline", "due_at", "dispatched_at", "closed_at", "dispatches", "redos", "pending")


def upgrade() -> None:
    """Add the columns of handling, the assignments and the merged tickets."""
    op.add_column("tickets", sa.Column("deadline", sa.Text(), nullable=True))
    for name in ("due_at", "dispatched_at", "closed_at"):
        op.add_column("tickets", sa.Column(name, MOMENT, nullable=True))
    for name in ("dispatches", "redos"):
        op.add_column("tickets", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("pending", JSON, nullable=False, server_default="{}"))
    op.create_index("ix_tickets_state_due_at", "tickets", ["state", "due_at"], unique=False)
    _assignments()
    op.create_table(
        "merged_tickets",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("parent_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_merged_tickets_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["tickets.id"], name=op.f("fk_merged_tickets_parent_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_merged_tickets")),
    )
    op.create_index("ix_merged_tickets_parent_id", "merged_tickets", ["parent_id"], unique=False)


def downgrade() -> None:
    """Take them back."""
    op.drop_table("merged_tickets")
    op.drop_table("assignments")
    op.drop_index("ix_tickets_state_due_at", "tickets")
    for name in COLUMNS:
        op.drop_column("tickets", name)


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_assignments_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_assignments_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_assignments_ticket_id", "assignments", ["ticket_id"], unique=False)
    op.create_index(
        "ix_assignments_unit_id_ended_at",
        "assignments",
        ["unit_id", "ended_at", "ticket_id"],
        unique=False,
    )
    one_lead = sa.text("lead AND ended_at IS NULL")
    op.create_index(
        "uq_assignments_one_lead",
        "assignments",
        ["ticket_id"],
        unique=True,
        sqlite_where=one_lead,
        postgresql_where=one_lead,
    )
