"""第四十一条: 容错纠错；标记说明理由，不计入考核，公开可见。"""

from typing import Any

from sqlalchemy import select

from backend.tickets.models import Ticket
from backend.tolerance.service import tolerated
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town
WHY = {"ground": "innovation", "reason": "首次试行夜间联合执法"}


async def mark(town: Town, number: str, who: str = "supervisor", **more: Any) -> Any:
    path = f"/api/tickets/{number}/tolerance"
    return await town.browsers[who].post(path, json={**WHY, **more})


async def excluded(town: Town) -> list[str]:
    async with town.office.database.transaction(writes=False) as session:
        return list(await session.scalars(select(Ticket.number).where(tolerated())))


async def test_a_marked_ticket_is_excluded_and_everybody_who_sees_it_sees_why(town: Town) -> None:
    number, other = await town.signed(), await town.signed()

    made = await mark(town, number)

    assert made.status_code == 201
    assert await excluded(town) == [number]
    assert other not in await excluded(town)
    seen = (await town.browsers["clerk"].get(f"/api/tickets/{number}/tolerance")).json()
    assert (seen[0]["ground_chinese"], seen[0]["reason"]) == ("改革创新、先行先试", WHY["reason"])
    assert (await town.events(number))[-1].kind == "tolerated"


async def test_a_mark_without_a_reason_or_by_the_unit_itself_is_not_accepted(town: Town) -> None:
    number = await town.signed()

    unreasoned = await mark(town, number, reason=" ")
    own = await mark(town, number, "bureau")

    assert (unreasoned.status_code, unreasoned.json()["field"]) == (422, "reason")
    assert own.status_code == 403
    assert await excluded(town) == []


async def test_a_mark_taken_back_counts_again_and_stays_readable(town: Town) -> None:
    number = await town.signed()
    await mark(town, number)
    twice = await mark(town, number)
    path = f"/api/tickets/{number}/tolerance"

    await town.browsers["supervisor"].post(f"{path}/take-back", json={"reason": "经复核不成立"})

    assert twice.status_code == 409
    assert await excluded(town) == []
    (seen,) = (await town.browsers["clerk"].get(path)).json()
    assert (seen["in_force"], seen["taken_back_why"]) == (False, "经复核不成立")
    assert (await mark(town, number)).status_code == 201
