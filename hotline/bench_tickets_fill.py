"""Fills a database with tickets as a city of millions leaves them in three years."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

import asyncpg

from backend.audit.chain import START, hash_of
from backend.deadlines import Inputs, Tier, WorkingCalendar, due, freeze
from backend.privacy import Seal

UNITS = 300
BIGGEST = 6
"""So many units hold half of all tickets, as the large bureaus do."""
DAYS = 1095
AT_ONCE = 20_000
DISTRICTS = [
    "莲池区",
    "竞秀区",
    "满城区",
    "清苑区",
    "徐水区",
    "涿州市",
    "安国市",
    "高碑店市",
    "涞水县",
    "阜平县",
    "定兴县",
    "唐县",
    "高阳县",
    "涞源县",
    "望都县",
    "易县",
    "曲阳县",
    "蠡县",
    "顺平县",
    "博野县",
]
ROADS = [
    f"{one}{two}{kind}"
    for one in "裕华阳光五四东风七一朝阳恒祥建设玉兰复兴长城瑞祥天威盛兴百花"
    for two in "南北中东西"
    for kind in ("路", "街", "小区")
]
MATTERS = {
    "供热": ("暖气不热", "暖气停了三天了", "供热管道漏水", "家里温度只有十五度"),
    "供水": ("自来水停了", "水压太低", "自来水发黄", "水管破裂"),
    "噪声污染": ("夜里施工噪声很大", "广场舞太吵", "饭店排风机噪声扰民"),
    "市政设施": ("路灯不亮", "井盖丢失", "路面塌陷", "下水道堵塞"),
    "物业管理": ("电梯坏了没人修", "物业乱收费", "楼道堆放杂物"),
    "交通管理": ("乱停车堵住消防通道", "红绿灯时间太短", "公交车不按时到站"),
    "劳动保障": ("拖欠工资", "公司不缴纳社保"),
    "环境保护": ("工厂排放黑烟", "垃圾没人清运", "河道污水发臭"),
}
OPEN_SHARES = (
    ("closed", 0.935),
    ("awaiting_callback", 0.01),
    ("replied", 0.01),
    ("in_progress", 0.02),
    ("signed", 0.008),
    ("dispatched", 0.007),
    ("long_list", 0.003),
    ("draft", 0.005),
    ("emergency", 0.002),
)
RUNNING = frozenset({"in_progress", "signed", "dispatched"})
QUICKLY = (
    "session_replication_role = replica",
    "synchronous_commit = off",
    "maintenance_work_mem = '512MB'",
)
"""Rows made here need no check one by one, and whoever fills waits for no disk."""
TICKET = [
    "number",
    "code_digest",
    "code_sealed",
    "caller_digest",
    "state",
    "created_at",
    "updated_at",
    "version",
    "words",
    "words_sealed",
    "kind",
    "acceptable",
    "category",
    "district",
    "neighbour",
    "place",
    "tier",
    "unit",
    "confidences",
    "unsure",
    "notes",
    "authors",
    "events_count",
    "events_head",
    "deadline",
    "due_at",
    "dispatched_at",
    "closed_at",
    "dispatches",
    "contact_sealed",
    "redos",
]
EVENT = ["id", "ticket_id", "seq", "at", "kind", "actor", "data", "previous", "hash"]
ASSIGNMENT = [
    "ticket_id",
    "unit_id",
    "lead",
    "given_at",
    "deadline",
    "due_at",
    "signed_at",
    "replied_at",
]
Row = dict[str, Any]


async def fill(url: str, count: int, seal: Seal) -> dict[str, int]:
    """Write the tickets; returns the ids of a large unit and of a usual one."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for setting in QUICKLY:
            await connection.execute(f"SET {setting}")
        await connection.set_type_codec(
            "jsonb", encoder=_jsonb, decoder=bytes.decode, schema="pg_catalog", format="binary"
        )
        units = await _units(connection)
        made, indexes = _tickets(count, seal, units), await _without_indexes(connection)
        for begin in range(0, count, AT_ONCE):
            rows = list(itertools.islice(made, AT_ONCE))
            await _copy(connection, rows, begin)
        for index in indexes:
            await connection.execute(index)
        await connection.execute(
            "INSERT INTO ticket_sequences SELECT substr(number, 1, 6), count(*)"
            " FROM tickets GROUP BY 1"
        )
        await connection.execute(
            "SELECT setval(pg_get_serial_sequence('ticket_events', 'id'), max(id))"
            " FROM ticket_events"
        )
    finally:
        await connection.close()
    await tidy(url)
    return {"large": units[0], "usual": units[-1]}


async def tidy(url: str) -> None:
    """Clean and count the tables, as a running PostgreSQL does by itself in time."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


async def _without_indexes(connection: Any) -> list[str]:
    """Take away the indexes that hold no constraint; returns how to make them again."""
    found = await connection.fetch(
        "SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index"
        " WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT indisunique",
        ["tickets", "ticket_events", "assignments"],
    )
    for one in found:
        await connection.execute(f"DROP INDEX {one['name']}")
    return [one["made"] for one in found]


def _jsonb(text: str) -> bytes:
    return b"\x01" + text.encode()


async def _units(connection: Any) -> list[int]:
    now = dt.datetime.now(dt.UTC)
    make = (
        "INSERT INTO units (name, level, parent_id, path, duties, active, version, created_at,"
        " updated_at) VALUES ($1, $2, $3, '', '[]', true, 1, $4, $4) RETURNING id"
    )
    place = "UPDATE units SET path = $2 WHERE id = $1"
    city = await connection.fetchval(make, "保定市", "city", None, now)
    await connection.execute(place, city, f"/{city}/")
    found = []
    for number in range(UNITS):
        unit = await connection.fetchval(make, f"第{number}承办局", "department", city, now)
        await connection.execute(place, unit, f"/{city}/{unit}/")
        found.append(int(unit))
    return found


def _tickets(count: int, seal: Seal, units: list[int]) -> Iterator[Row]:
    chance = random.Random(12345)
    today = dt.datetime.now(dt.UTC).replace(hour=1, minute=0, second=0, microsecond=0)
    calendar, sealed = WorkingCalendar(), seal.close("莲池区裕华路的暖气停了三天了")
    contact, frozen = seal.close("13812345678"), {}
    states, shares = zip(*OPEN_SHARES, strict=True)
    a_day = -(-count // DAYS)
    for number in range(count):
        back, of_day = DAYS - number // a_day, number % a_day
        made = today - dt.timedelta(days=back) + dt.timedelta(seconds=of_day * 36_000 // a_day)
        state = chance.choices(states, shares)[0] if back > 10 else chance.choice(states)
        if state in RUNNING and back > 10 and chance.random() < 0.9:
            state = "closed"
        tier = chance.choices(list(Tier), (1, 5, 20, 74))[0]
        key = (made.date(), tier)
        if key not in frozen:
            deadline = due(Inputs(made, tier), calendar)
            frozen[key] = (freeze(deadline), deadline.due_at)
        category = chance.choice(list(MATTERS))
        district, road = chance.choice(DISTRICTS), chance.choice(ROADS)
        place = f"{road}{chance.randrange(1, 400)}号"
        unit = chance.choice(units[:BIGGEST]) if chance.random() < 0.5 else chance.choice(units)
        words = (
            f"您好我住在{district}{place}，{chance.choice(MATTERS[category])}，请尽快处理一下谢谢"
        )
        dispatched = state not in ("draft", "emergency")
        yield {
            "number": f"{made:%y%m%d}{of_day + 1:04d}",
            "code_digest": f"{number:064x}",
            "code_sealed": sealed,
            "caller_digest": f"{chance.randrange(count // 3 + 1):064x}",
            "state": state,
            "created_at": made,
            "updated_at": made,
            "version": 1,
            "words": words,
            "words_sealed": sealed,
            "contact_sealed": contact,
            "kind": "求助",
            "acceptable": True,
            "category": category,
            "district": district,
            "neighbour": False,
            "place": place,
            "tier": tier.value,
            "unit": f"第{unit}承办局",
            "confidences": '{"kind": 0.9, "category": 0.93, "district": 1.0, "place": 0.8}',
            "unsure": "[]",
            "notes": '{"emergency": {}}' if state == "emergency" else "{}",
            "authors": "{}" if state == "draft" else '{"category": "person"}',
            "events_count": 1,
            "deadline": frozen[key][0] if dispatched else None,
            "due_at": frozen[key][1] if dispatched else None,
            "dispatched_at": made if dispatched else None,
            "closed_at": made if state == "closed" else None,
            "dispatches": int(dispatched),
            "redos": 0,
            "held_by": unit,
        }


async def _copy(connection: Any, rows: list[Row], begin: int) -> None:
    events, held = [], []
    for place, row in enumerate(rows, begin + 1):
        at = row["created_at"].isoformat(timespec="microseconds")
        facts = {"ticket": place, "at": at, "kind": "drafted", "actor": "machine", "data": {}}
        row["events_head"] = hash_of(START, 1, facts)
        at = row["created_at"]
        events.append((place, place, 1, at, "drafted", "machine", "{}", START, row["events_head"]))
        if row["due_at"]:
            over = row["created_at"] if row["state"] == "closed" else None
            due_at = row["due_at"]
            given = (place, row["held_by"], True, row["created_at"], row["deadline"], due_at)
            held.append((*given, over, over))
    tickets = [tuple(row[name] for name in TICKET) for row in rows]
    await connection.copy_records_to_table("tickets", records=tickets, columns=TICKET)
    await connection.copy_records_to_table("ticket_events", records=events, columns=EVENT)
    await connection.copy_records_to_table("assignments", records=held, columns=ASSIGNMENT)
