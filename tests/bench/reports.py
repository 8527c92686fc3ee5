"""How long a month's report takes with a million closed tickets and their surveys in PostgreSQL.

`make bench-reports` runs it: 300 units, every ticket in one month, which is the hardest case. It
ends with 1 when the report takes longer than its limit.
"""

import argparse
import asyncio
import datetime as dt
import json
import sys
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from backend.database import Database
from backend.deadlines import SHANGHAI
from backend.migrate import migrate
from backend.reports.making import WHOLE_CITY, Format, make
from backend.statistics import asking, taking_in
from backend.statistics.counts import Dimension
from backend.statistics.months import Month
from hotline.throwaway import postgres

UNITS, LIMIT_SECONDS, TRIES = 300, 2.0, 5
SPAN = Month(2026, 11)
FIRST = dt.datetime(2026, 10, 19, tzinfo=SHANGHAI)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
SAMPLE = 2000

CITY = """
INSERT INTO units (id, name, level, parent_id, path, district, duties, active, version,
                   created_at, updated_at)
SELECT n, CASE n WHEN 1 THEN '保定市' ELSE '第' || n || '单位' END,
       CASE n WHEN 1 THEN 'city' ELSE 'department' END, CASE n WHEN 1 THEN NULL ELSE 1 END,
       CASE n WHEN 1 THEN '/1/' ELSE '/1/' || n || '/' END, NULL, '[]', true, 1, :at, :at
FROM generate_series(1, :units + 1) AS n
"""
TICKETS = """
INSERT INTO tickets (id, number, code_digest, code_sealed, state, created_at, updated_at, version,
                     words, words_sealed, kind, acceptable, category, district, neighbour, tier,
                     confidences, unsure, notes, authors, events_count, events_head, closed_at,
                     dispatches, redos, pending)
SELECT n, 'b' || n, '', '', 'closed', :at, :at, 1, '小区暖气不热，维修人员一直没有上门', '',
       '投诉', true, '类别' || n % 20, '区' || n % 22, false, '5d', '{}', '[]', '{}', '{}', 0, '',
       CAST(:at AS timestamptz) + make_interval(secs => n % 2600000), 1, 0, '{}'
FROM generate_series(1, :tickets) AS n
"""
ASSIGNMENTS = """
INSERT INTO assignments (id, ticket_id, unit_id, lead, given_at, deadline, due_at, ended_at)
SELECT n, n, 2 + n % :units, true, :at, '{}', :at, :at FROM generate_series(1, :tickets) AS n
"""
SURVEYS = """
INSERT INTO surveys (id, ticket_id, closing, opened_at, ended_at, result, answers, reopened)
SELECT n, n, 1, :at, :at,
       CASE WHEN n * 7 % 10 < 7 THEN 'valid'
            WHEN n % 3 = 0 THEN 'refused' ELSE 'not_reached' END,
       CASE WHEN n * 7 % 10 < 7 THEN
         (ARRAY['contacted', 'not_contacted'])[1 + (n * 31 % 10 = 0)::int] || '/' ||
         (ARRAY['solved', 'partly', 'not_solved'])[1 + n * 17 % 3] || '/' ||
         (ARRAY['satisfied', 'basically', 'not_satisfied'])[1 + n * 13 % 3] END, false
FROM generate_series(1, :tickets) AS n
"""

LINES = """
WITH made AS (
  INSERT INTO assessed_units (id, unit_id, title, level)
  SELECT id, id, name, '工作部门' FROM units WHERE id > 1 RETURNING id
)
INSERT INTO assessed_tickets (id, ticket_id, month, closed_at, unit, district, category, outcome,
                              known_from, known_until)
SELECT t.id, t.id, 202611, t.closed_at, a.unit_id, t.district, t.category,
       coalesce(s.answers, s.result), :at, '9999-01-01T00:00:00Z'
FROM tickets t JOIN assignments a ON a.ticket_id = t.id JOIN surveys s ON s.ticket_id = t.id
"""


async def measure(url: str, tickets: int) -> bool:
    """Fill the database and time the report; True when within the limit."""
    database = Database(url)
    try:
        took_filling = await _timed(lambda: _fill(database, tickets))
        await _prove_lines(database, tickets)
        async with database.engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await plain.execute(text("VACUUM ANALYZE"))
        reports = [await _timed(lambda: _report(database, tickets)) for _ in range(TRIES)]
    finally:
        await database.close()
    slowest = max(reports)
    row = {
        "tickets": tickets,
        "units": UNITS,
        "filled_seconds": round(took_filling, 1),
        "report_seconds": [round(one, 2) for one in reports],
        "limit_seconds": LIMIT_SECONDS,
        "within_limit": slowest <= LIMIT_SECONDS,
    }
    sys.stdout.write(json.dumps(row) + "\n")
    return slowest <= LIMIT_SECONDS


async def _fill(database: Database, tickets: int) -> None:
    """Fill the tables by whole statements, without the checks that rows made by us would pass."""
    given = {"at": FIRST, "tickets": tickets, "units": UNITS}
    async with database.transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in (CITY, TICKETS, ASSIGNMENTS, SURVEYS, LINES):
            names = {name: given[name] for name in given if f":{name}" in statement}
            await session.execute(text(statement), names)


async def _prove_lines(database: Database, tickets: int) -> None:
    """Let the program itself take in a sample of what was filled in: it must find it as it is."""
    async with database.transaction() as session:
        sample = range(1, tickets + 1, max(tickets // SAMPLE, 1))
        assert await taking_in.take_in(session, sample, NOW) == 0


async def _report(database: Database, tickets: int) -> None:
    """Count, compute and write the report, as long as one who asks would wait."""
    async with database.transaction() as session:
        report = await asking.live(session, SPAN, Dimension.UNIT, NOW)
    assert (len(report.rows), report.counts.closed) == (UNITS, tickets)
    make(report, Format.JSON, WHOLE_CITY)


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def main() -> None:
    """Run the measurement on a PostgreSQL of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tickets", type=int, default=1_000_000)
    tickets = asked.parse_args().tickets
    with postgres() as cluster:
        url = cluster.create("bench")
        migrate(url)
        good = asyncio.run(measure(url, tickets))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
