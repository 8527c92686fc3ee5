"""Versions of the rates' settings, disputed ratings and reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.migrations.only_added import only_added

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
TABLES = (
    "rate_versions",
    "assessed_units",
    "assessed_tickets",
    "assessed_head",
    "kept_reports",
    "open_figures",
    "rating_disputes",
    "survey_links",
)
ONLY_ADDED = ("rate_versions", "kept_reports", "open_figures")


def upgrade() -> None:
    """Add the tables; of those that are only ever added to, the database refuses changes."""
    _rules()
    _assessed()
    _kept()
    _disputes()
    _links()
    for table in ONLY_ADDED:
        only_added(table)


def downgrade() -> None:
    """Take them back."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _table(name: str, *parts: Any) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(name, _column("id", BIG), *parts, key)


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{columns[0]}"))


def _by_whom() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _column("actor", sa.String(100)), _column("at", MOMENT)


def _rules() -> None:
    _table(
        "rate_versions",
        _column("name", sa.String(40)),
        _column("from_month", sa.String(7)),
        _column("settings", JSON),
        _column("reason", sa.Text()),
        *_by_whom(),
        _unique("rate_versions", "name"),
        _unique("rate_versions", "from_month"),
    )


def _assessed() -> None:
    _table(
        "assessed_units",
        _column("unit_id", BIG, null=True),
        _column("title", sa.Text()),
        _column("level", sa.String(20)),
        _refers("assessed_units", "unit_id", "units"),
        _unique("assessed_units", "unit_id", "title", "level"),
    )
    _table(
        "assessed_tickets",
        _column("ticket_id", BIG),
        _column("month", sa.Integer()),
        _column("closed_at", MOMENT),
        _column("unit", BIG),
        _column("district", sa.String(40)),
        _column("category", sa.String(40)),
        _column("outcome", sa.String(60)),
        _column("known_from", MOMENT),
        _column("known_until", MOMENT),
        _refers("assessed_tickets", "ticket_id", "tickets"),
        _refers("assessed_tickets", "unit", "assessed_units"),
    )
    op.create_index("ix_assessed_tickets_month", "assessed_tickets", ["month"])
    op.create_index("ix_assessed_tickets_ticket_id", "assessed_tickets", ["ticket_id"])
    pending = sa.text("outcome = 'pending'")
    op.create_index(
        "ix_assessed_tickets_pending",
        "assessed_tickets",
        ["ticket_id"],
        postgresql_where=pending,
        sqlite_where=pending,
    )
    head = op.create_table(
        "assessed_head",
        _column("id", sa.Integer()),
        _column("safe", BIG),
        _column("seen", BIG),
        _column("seen_at", MOMENT),
        _column("stamp", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessed_head")),
    )
    first = {"id": 1, "safe": 0, "seen": 0, "seen_at": FIRST, "stamp": FIRST}
    op.bulk_insert(head, [first])


def _kept() -> None:
    _table(
        "kept_reports",
        _column("span", sa.String(7)),
        _column("by", sa.String(10)),
        _column("digest", sa.String(64)),
        _column("text", sa.Text()),
        *_by_whom(),
        _unique("kept_reports", "digest"),
    )
    op.create_index("ix_kept_reports_span_by", "kept_reports", ["span", "by"])
    _table(
        "open_figures",
        _column("month", sa.String(7)),
        _column("by", sa.String(10)),
        _column("figures", JSON),
        _column("report", sa.String(64)),
        *_by_whom(),
        _unique("open_figures", "month", "by"),
    )


def _disputes() -> None:
    _table(
        "rating_disputes",
        _column("ticket_id", BIG),
        _column("survey_id", BIG),
        _column("unit_id", BIG),
        _column("outcome", sa.String(60)),
        _column("grounds", sa.Text()),
        _column("raised_by", sa.String(100)),
        _column("raised_at", MOMENT),
        _column("citizen_side", sa.Text(), null=True),
        _column("heard_by", sa.String(100), null=True),
        _column("heard_at", MOMENT, null=True),
        _column("decision", sa.String(10), null=True),
        _column("reason", sa.Text(), null=True),
        _column("decided_by", sa.String(100), null=True),
        _column("decided_at", MOMENT, null=True),
        _refers("rating_disputes", "ticket_id", "tickets"),
        _refers("rating_disputes", "survey_id", "surveys"),
        _refers("rating_disputes", "unit_id", "units"),
        _unique("rating_disputes", "survey_id"),
    )
    op.create_index("ix_rating_disputes_unit_id", "rating_disputes", ["unit_id", "id"])


def _links() -> None:
    _table(
        "survey_links",
        _column("survey_id", BIG),
        _column("ticket_id", BIG),
        _column("token_digest", sa.String(64)),
        _column("made_at", MOMENT),
        _column("expires_at", MOMENT),
        _column("used_at", MOMENT, null=True),
        _refers("survey_links", "survey_id", "surveys"),
        _refers("survey_links", "ticket_id", "tickets"),
        _unique("survey_links", "token_digest"),
    )
    op.create_index("ix_survey_links_survey_id", "survey_links", ["survey_id"])
