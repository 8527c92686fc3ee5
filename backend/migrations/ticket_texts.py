"""What tickets are searched in: number, district, place and words as one text beside each ticket.

The database keeps it in step by triggers. PostgreSQL finds any two characters that stand side by
side through a GIN index of such pairs, so that words of two characters are found, which make up
most of Chinese; SQLite has a full-text index of three characters and reads on for shorter words.
"""

from __future__ import annotations

from alembic import op

_PARTS = ("number", "district", "place", "words")
_POSTGRESQL = (
    "CREATE TABLE ticket_texts (ticket_id bigint PRIMARY KEY"
    " REFERENCES tickets (id) ON DELETE CASCADE, text text NOT NULL)",
    """
CREATE FUNCTION text_pairs(whole text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT one || next
        FROM unnest(string_to_array(whole, NULL), (string_to_array(whole, NULL))[2:])
            AS pairs (one, next)
        WHERE next IS NOT NULL AND one <> ' ' AND next <> ' '
    )
$$""",
    """
CREATE FUNCTION keep_ticket_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_texts VALUES
        (NEW.id, lower(concat_ws(' ', NEW.number, NEW.district, NEW.place, NEW.words)))
    ON CONFLICT (ticket_id) DO UPDATE SET text = excluded.text;
    RETURN NULL;
END
$$""",
    "INSERT INTO ticket_texts"
    " SELECT id, lower(concat_ws(' ', number, district, place, words)) FROM tickets",
    "CREATE INDEX ix_ticket_texts_pairs ON ticket_texts USING gin (text_pairs(text))"
    " WITH (gin_pending_list_limit = 1024)",
    "ANALYZE ticket_texts",
    "CREATE TRIGGER tickets_text AFTER INSERT OR UPDATE OF number, district, place, words"
    " ON tickets FOR EACH ROW EXECUTE FUNCTION keep_ticket_text()",
)


def create() -> None:
    """Make the texts of all tickets, their index, and the triggers that keep them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for statement in _POSTGRESQL:
            op.execute(statement)
        return
    op.execute("CREATE VIRTUAL TABLE ticket_texts USING fts5(text, tokenize = 'trigram')")
    op.execute(f"INSERT INTO ticket_texts (rowid, text) SELECT id, {_joined('')} FROM tickets")
    fresh = f"INSERT INTO ticket_texts (rowid, text) VALUES (NEW.id, {_joined('NEW.')});"
    gone = "DELETE FROM ticket_texts WHERE rowid = OLD.id;"
    for name, moment, act in (
        ("made", "INSERT", fresh),
        ("changed", f"UPDATE OF {', '.join(_PARTS)}", gone + fresh),
        ("gone", "DELETE", gone),
    ):
        op.execute(f"CREATE TRIGGER tickets_text_{name} AFTER {moment} ON tickets BEGIN {act} END")


def drop() -> None:
    """Take them back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER tickets_text ON tickets")
        op.execute("DROP FUNCTION keep_ticket_text")
        op.execute("DROP TABLE ticket_texts")
        op.execute("DROP FUNCTION text_pairs")
        return
    for name in ("made", "changed", "gone"):
        op.execute(f"DROP TRIGGER tickets_text_{name}")
    op.execute("DROP TABLE ticket_texts")


def _joined(row: str) -> str:
    return " || ' ' || ".join(f"coalesce({row}{part}, '')" for part in _PARTS)
