"""What the agents' desk keeps: drafts taken, agents' seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, and the index by which drafts are given out."""
    op.create_index("ix_tickets_state_tier_id", "tickets", ["state", "tier", "id"], unique=False)
    op.create_table(
        "draft_holds",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_draft_holds_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_draft_holds_person_id_people")
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_draft_holds")),
    )
    op.create_index("ix_draft_holds_person_id", "draft_holds", ["person_id"], unique=False)
    op.create_table(
        "agent_seats",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("secret_until", MOMENT, nullable=True),
        sa.Column("session_id", BIG, nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_agent_seats_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_agent_seats")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("agent_seats")
    op.drop_table("draft_holds")
    op.drop_index("ix_tickets_state_tier_id", "tickets")
