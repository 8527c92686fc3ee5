"""What the queue keeps besides: places kept for a call back, and agents' skills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "kept_places",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_kept_places_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_kept_places")),
    )
    op.create_table(
        "agent_skills",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("skill", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_agent_skills_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "skill", name=op.f("pk_agent_skills")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("agent_skills")
    op.drop_table("kept_places")
