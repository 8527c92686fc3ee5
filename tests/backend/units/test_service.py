from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.errors import HotlineError
from backend.people import audit
from backend.units import queries, service, tree
from backend.units.levels import UNDER, Level
from backend.units.models import Unit
from backend.units.schemas import UnitChange, UnitIn
from tests.backend.people.office import Office, open_office
from tests.grounds import Ground

DISTRICTS = ("莲池区", "竞秀区")


@dataclass(frozen=True)
class Step:
    """One try: add a unit, or change the one that is `unit` places into the tree."""

    kind: str
    unit: int
    parent: int
    level: Level
    district: str | None
    active: bool


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(["add", "add", "move", "move", "district", "active"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from([level for level in Level if level is not Level.CITY]),
        st.sampled_from([None, *DISTRICTS]),
        st.booleans(),
    ),
    max_size=14,
)
Rows = dict[int, dict[str, Any]]


async def rows_of(office: Office) -> Rows:
    columns = [column.name for column in Unit.__table__.columns]
    async with office.database.transaction(writes=False) as session:
        units = await session.scalars(select(Unit).order_by(Unit.path))
        return {one.id: {name: getattr(one, name) for name in columns} for one in units}


async def take(office: Office, step: Step, rows: Rows, number: int) -> None:
    known = list(rows)
    unit = known[step.unit % len(known)]
    parent = known[step.parent % len(known)]
    async with office.database.transaction() as session:
        if step.kind == "add":
            sent = UnitIn(
                name=f"单位{number}", level=step.level, parent_id=parent, district=step.district
            )
            await service.add(session, sent, actor="test", now=office.now)
            return
        changes: dict[str, dict[str, Any]] = {
            "move": {"parent_id": parent},
            "district": {"district": step.district},
            "active": {"active": step.active},
        }
        change = UnitChange(version=rows[unit]["version"], **changes[step.kind])
        await service.change(session, unit, change, actor="test", now=office.now)


async def take_or_refuse(
    office: Office, step: Step, rows: Rows, number: int
) -> HotlineError | None:
    try:
        await take(office, step, rows, number)
    except HotlineError as refused:
        return refused
    return None


def check_tree(rows: Rows) -> None:
    roots = [one for one in rows.values() if one["parent_id"] is None]
    assert len(roots) == 1
    for unit_id, row in rows.items():
        seen = {unit_id}
        above = row["parent_id"]
        while above is not None:
            assert above not in seen, "a cycle"
            seen.add(above)
            above = rows[above]["parent_id"]
        assert len(seen) <= tree.MOST_DEPTH
        if row["parent_id"] is None:
            assert row["path"] == f"/{unit_id}/"
            continue
        parent = rows[row["parent_id"]]
        assert row["path"] == f"{parent['path']}{unit_id}/"
        assert Level(parent["level"]) in UNDER[Level(row["level"])]
        assert parent["district"] in (None, row["district"])
        assert parent["active"] or not row["active"]


@given(steps)
@settings(max_examples=20, deadline=None)
async def test_whatever_is_tried_units_stay_one_tree_and_a_refusal_changes_nothing(
    ground: Ground, tried: list[Step]
) -> None:
    async with open_office(ground()) as office:
        city = await office.unit("保定市", Level.CITY)
        county = await office.unit("莲池区政府", Level.COUNTY, city, district="莲池区")
        await office.unit("住建局", Level.DEPARTMENT, county)
        for number, step in enumerate(tried):
            before = await rows_of(office)
            refused = await take_or_refuse(office, step, before, number)
            after = await rows_of(office)
            check_tree(after)
            if refused:
                assert refused.body.field
                assert refused.body.remedy
                assert after == before
        async with office.database.transaction(writes=False) as session:
            whole = await queries.branch(session, await service.find(session, city))
            assert [one.id for one in whole] == list(await rows_of(office))
            assert await audit.fault(session) is None


async def test_a_move_takes_the_whole_branch_and_its_district_along(office: Office) -> None:
    city = await office.unit("保定市", Level.CITY)
    lianchi = await office.unit("莲池区政府", Level.COUNTY, city, district="莲池区")
    jingxiu = await office.unit("竞秀区政府", Level.COUNTY, city, district="竞秀区")
    housing = await office.unit("住建局", Level.DEPARTMENT, lianchi)
    heating = await office.unit("供热办", Level.DEPARTMENT, housing)

    async with office.database.transaction() as session:
        change = UnitChange(version=1, parent_id=jingxiu)
        await service.change(session, housing, change, actor="test", now=office.now)

    rows = await rows_of(office)
    assert rows[heating]["path"] == f"/{city}/{jingxiu}/{housing}/{heating}/"
    assert [rows[one]["district"] for one in (housing, heating)] == ["竞秀区", "竞秀区"]
    assert [rows[one]["version"] for one in (city, lianchi, jingxiu, housing, heating)] == [
        1,
        1,
        1,
        2,
        2,
    ]


async def test_the_branch_and_the_way_up_of_a_unit(office: Office) -> None:
    city = await office.unit("保定市", Level.CITY)
    others = [await office.unit(f"局{n}", Level.DEPARTMENT, city) for n in range(12)]
    below = await office.unit("支队", Level.DEPARTMENT, others[0])

    async with office.database.transaction(writes=False) as session:
        first = await service.find(session, others[0])
        branch = [one.id for one in await queries.branch(session, first)]
        way = [one.id for one in await queries.way_up(session, await service.find(session, below))]

    assert branch == [others[0], below]
    assert way == [city, others[0], below]
