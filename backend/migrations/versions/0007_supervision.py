"""The duty catalogue, disputed matters, supervision, abuse and notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (
    "duty_catalogues",
    "duty_entries",
    "disputes",
    "overrules",
    "dispute_opinions",
    "supervisions",
    "reminders",
    "supervised_tickets",
    "tolerances",
    "abuse_cases",
    "abuse_notes",
    "webhooks",
    "notices",
    "risk_warnings",
)
INDEXES = ("ix_assignments_open_due_at", "ix_assignments_unsigned_sign_by")


def upgrade() -> None:
    """Add the time to sign by, and the tables."""
    _assignments()
    _duties()
    _supervision()
    _abuse()
    _notices()
    _warnings()


def downgrade() -> None:
    """Take them back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, "assignments")
    op.drop_column("assignments", "sign_by")


def _assignments() -> None:
    op.add_column("assignments", sa.Column("sign_by", MOMENT, nullable=True))
    op.create_index(
        "ix_assignments_open_due_at",
        "assignments",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND replied_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL AND replied_at IS NULL"),
    )
    op.create_index(
        "ix_assignments_unsigned_sign_by",
        "assignments",
        ["sign_by"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL AND signed_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL AND signed_at IS NULL"),
    )


def _duties() -> None:
    op.create_table(
        "duty_catalogues",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_catalogues")),
        sa.UniqueConstraint("version", name=op.f("uq_duty_catalogues_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "duty_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("catalogue_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("tier", sa.String(length=4), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["duty_catalogues.id"],
            name=op.f("fk_duty_entries_catalogue_id_duty_catalogues"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_duty_entries_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_entries")),
        sa.UniqueConstraint("catalogue_id", "code", name=op.f("uq_duty_entries_catalogue_id")),
    )
    op.create_index(
        "ix_duty_entries_catalogue_id_category",
        "duty_entries",
        ["catalogue_id", "category"],
        unique=False,
    )
    op.create_table(
        "disputes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("decide_by", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("experts", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_disputes_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_disputes_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_disputes_state_id", "disputes", ["state", "id"], unique=False)
    op.create_index(
        "uq_disputes_one_open",
        "disputes",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "overrules",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed", JSON, nullable=False),
        sa.Column("chosen", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_overrules_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrules")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_overrules_ticket_id"), "overrules", ["ticket_id"], unique=False)
    op.create_table(
        "dispute_opinions",
        sa.Column("dispute_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("given_by", sa.String(length=100), nullable=True),
        sa.Column("takes", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_opinions_dispute_id_disputes")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_dispute_opinions_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("dispute_id", "unit_id", name=op.f("pk_dispute_opinions")),
    )
    op.create_index(
        "ix_dispute_opinions_unit_id", "dispute_opinions", ["unit_id", "dispute_id"], unique=False
    )


def _supervision() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("clause", sa.String(length=10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(length=100), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("released_by", sa.String(length=100), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_supervisions_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisions")),
        sa.UniqueConstraint("key", name=op.f("uq_supervisions_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_supervisions_state_due_at", "supervisions", ["state", "due_at"], unique=False
    )
    op.create_index(
        "ix_supervisions_unit_id_state", "supervisions", ["unit_id", "state"], unique=False
    )
    op.create_table(
        "reminders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_reminders_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reminders_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("key", name=op.f("uq_reminders_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminders_ticket_id_kind", "reminders", ["ticket_id", "kind"], unique=False)
    op.create_index("ix_reminders_unit_id_id", "reminders", ["unit_id", "id"], unique=False)
    op.create_table(
        "supervised_tickets",
        sa.Column("supervision_id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["supervision_id"],
            ["supervisions.id"],
            name=op.f("fk_supervised_tickets_supervision_id_supervisions"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_supervised_tickets_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("supervision_id", "ticket_id", name=op.f("pk_supervised_tickets")),
    )
    op.create_index(
        "ix_supervised_tickets_ticket_id", "supervised_tickets", ["ticket_id"], unique=False
    )
    op.create_table(
        "tolerances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", sa.String(length=100), nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_tolerances_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_tolerances_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tolerances")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_tolerances_one_in_force",
        "tolerances",
        ["ticket_id"],
        unique=True,
        postgresql_where=sa.text("taken_back_at IS NULL"),
        sqlite_where=sa.text("taken_back_at IS NULL"),
    )


def _abuse() -> None:
    op.create_table(
        "abuse_cases",
        sa.Column("id", BIG, nullable=False),
        sa.Column("caller_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_cases")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_abuse_cases_caller_digest", "abuse_cases", ["caller_digest"], unique=False)
    op.create_index("ix_abuse_cases_state_id", "abuse_cases", ["state", "id"], unique=False)
    op.create_index(
        "uq_abuse_cases_one_open",
        "abuse_cases",
        ["caller_digest"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "abuse_notes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("caller_digest", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_abuse_notes_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_abuse_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_abuse_notes_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_abuse_notes_caller_digest_at", "abuse_notes", ["caller_digest", "at"], unique=False
    )


def _notices() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_webhooks_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("webhook_id", BIG, nullable=True),
        sa.Column("occasion", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("receipt", sa.String(length=200), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_notices_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_notices_webhook_id_webhooks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_state_id", "notices", ["state", "id"], unique=False)
    op.create_index("ix_notices_ticket_id", "notices", ["ticket_id"], unique=False)


def _warnings() -> None:
    op.create_table(
        "risk_warnings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(length=100), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_risk_warnings_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_warnings")),
        sa.UniqueConstraint("key", name=op.f("uq_risk_warnings_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_risk_warnings_unit_id_id", "risk_warnings", ["unit_id", "id"], unique=False)
