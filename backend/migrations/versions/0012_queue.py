"""What the queue keeps: waits, and missed calls called back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "queue_waits",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("connected_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("agent", sa.String(80), nullable=True),
        sa.PrimaryKeyConstraint("call_id", "joined_at", name=op.f("pk_queue_waits")),
    )
    op.create_index("ix_queue_waits_joined_at", "queue_waits", ["joined_at"], unique=False)
    op.create_table(
        "returned_calls",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("result", sa.String(20), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_returned_calls_call_id_calls")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_returned_calls_person_id_people")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_returned_calls")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("returned_calls")
    op.drop_table("queue_waits")
