"""Units' numbers for what cannot wait, and sign-ins begun at another system."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "unit_contacts",
        sa.Column("unit_id", BIG, autoincrement=False, nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_contacts")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_contacts_unit_id_units")
        ),
    )
    op.create_table(
        "outside_sign_ins",
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("browser_digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_outside_sign_ins")),
    )
    op.create_index(op.f("ix_outside_sign_ins_ends_at"), "outside_sign_ins", ["ends_at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("outside_sign_ins")
    op.drop_table("unit_contacts")
