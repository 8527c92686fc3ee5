"""Callback surveys and the tries at each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
UNDER_WAY = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the tables."""
    _surveys()
    _tries()
    op.create_table(
        "survey_numbers",
        _column("digest", sa.String(64)),
        _column("called_at", MOMENT, null=True),
        _column("stopped_at", MOMENT, null=True),
        _column("stopped_by", sa.String(100), null=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_survey_numbers")),
    )
    head = op.create_table(
        "survey_head",
        _column("id", sa.Integer()),
        _column("safe", BIG),
        _column("seen", BIG),
        _column("seen_at", MOMENT),
        _column("paused_at", MOMENT, null=True),
        _column("paused_by", sa.String(100), null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_head")),
    )
    op.bulk_insert(head, [{"id": 1, "safe": 0, "seen": 0, "seen_at": FIRST}])


def downgrade() -> None:
    """Take them back."""
    for table in ("survey_head", "survey_numbers", "survey_tries", "surveys"):
        op.drop_table(table)


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _surveys() -> None:
    op.create_table(
        "surveys",
        _column("id", BIG),
        _column("ticket_id", BIG),
        _column("closing", sa.Integer()),
        _column("unit_id", BIG, null=True),
        _column("number_sealed", sa.LargeBinary(), null=True),
        _column("number_digest", sa.String(64), null=True),
        _column("opened_at", MOMENT),
        _column("due_at", MOMENT, null=True),
        _column("ended_at", MOMENT, null=True),
        _column("result", sa.String(20)),
        _column("answers", sa.String(60), null=True),
        _column("channel", sa.String(10), null=True),
        _column("answered_at", MOMENT, null=True),
        _column("follow_up", sa.String(10), null=True),
        _column("reason_sealed", sa.LargeBinary(), null=True),
        _column("reason_sound", sa.String(200), null=True),
        _column("reopened", sa.Boolean()),
        _column("proposal", sa.String(10), null=True),
        _column("proposal_why", sa.Text(), null=True),
        _column("decision", sa.String(10), null=True),
        _column("decided_by", sa.String(100), null=True),
        _column("decided_at", MOMENT, null=True),
        _refers("surveys", "ticket_id", "tickets"),
        _refers("surveys", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("ticket_id", "closing", name=op.f("uq_surveys_ticket_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_surveys_due",
        "surveys",
        ["due_at", "id"],
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    )
    op.create_index("ix_surveys_number", "surveys", ["number_digest"])


def _tries() -> None:
    op.create_table(
        "survey_tries",
        _column("id", sa.Uuid()),
        _column("survey_id", BIG),
        _column("seq", sa.Integer()),
        _column("channel", sa.String(10)),
        _column("actor", sa.String(100)),
        _column("number_digest", sa.String(64), null=True),
        _column("part", sa.String(10), null=True),
        _column("began_at", MOMENT),
        _column("ended_at", MOMENT, null=True),
        _column("result", sa.String(20), null=True),
        _column("cause", sa.Integer(), null=True),
        _column("left_at", MOMENT, null=True),
        _column("wished_for", MOMENT, null=True),
        _column("said", JSON),
        _refers("survey_tries", "survey_id", "surveys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_tries")),
        sa.UniqueConstraint("survey_id", "seq", name=op.f("uq_survey_tries_survey_id")),
    )
    op.create_index("ix_survey_tries_number", "survey_tries", ["number_digest", "began_at"])
    op.create_index(
        "uq_survey_tries_under_way",
        "survey_tries",
        ["number_digest"],
        unique=True,
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    )
