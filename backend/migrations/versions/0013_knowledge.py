"""Knowledge: articles and every text they ever had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of knowledge."""
    op.create_table(
        "knowledge_articles",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("keywords", sa.String(length=300), nullable=True),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_articles")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_knowledge_articles_unit_id_units")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_knowledge_articles_standing_id", "knowledge_articles", ["standing", "id"])
    op.create_index("ix_knowledge_articles_unit_id", "knowledge_articles", ["unit_id", "id"])
    op.create_table(
        "knowledge_revisions",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("keywords", sa.String(length=300), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(length=100), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_knowledge_revisions")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["knowledge_articles.id"],
            name=op.f("fk_knowledge_revisions_article_id_knowledge_articles"),
        ),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("knowledge_revisions")
    op.drop_table("knowledge_articles")
