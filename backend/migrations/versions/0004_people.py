"""Make the tables of units, people, their sessions and the audit record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.migrations.only_added import only_added

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PATH = sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql")
START = "0" * 64


def upgrade() -> None:
    """Make the tables of units, people, their sessions and the audit record."""
    _units()
    _people()
    _access()
    _audit()


def downgrade() -> None:
    """Take them back."""
    for table in (
        "audit_entries",
        "audit_head",
        "confidential_callers",
        "api_tokens",
        "failed_sign_ins",
        "sign_ins",
        "people",
        "units",
    ):
        op.drop_table(table)


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("duties", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_units_parent_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_units_path", "units", ["path"], unique=False)
    op.create_index("ix_units_district_level", "units", ["district", "level"], unique=False)
    op.create_index(
        "uq_units_root",
        "units",
        ["level"],
        unique=True,
        postgresql_where=sa.text("parent_id IS NULL"),
        sqlite_where=sa.text("parent_id IS NULL"),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", BIG, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_people_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("login", name=op.f("uq_people_login")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_people_unit_id_id", "people", ["unit_id", "id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=30), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_ins_token_digest")),
    )
    op.create_index("ix_sign_ins_person_id_id", "sign_ins", ["person_id", "id"], unique=False)


def _access() -> None:
    op.create_table(
        "failed_sign_ins",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("times", JSON, nullable=False),
        sa.Column("locked_until", sa.Double(), nullable=False),
        sa.Column("touched_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_failed_sign_ins")),
    )
    op.create_index(
        op.f("ix_failed_sign_ins_touched_at"), "failed_sign_ins", ["touched_at"], unique=False
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_api_tokens_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "confidential_callers",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_confidential_callers")),
    )


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        "ix_audit_entries_subject_seq", "audit_entries", ["subject", "seq"], unique=False
    )
    op.create_index("ix_audit_entries_actor_seq", "audit_entries", ["actor", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("count"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "count": 0, "hash": START}])
    only_added("audit_entries")
