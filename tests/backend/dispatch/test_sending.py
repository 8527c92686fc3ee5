import asyncio
from dataclasses import dataclass
from datetime import date

import pytest

from backend.deadlines import WorkingCalendar, prove, thaw
from tests.backend.dispatch.town import Town


async def test_the_deadline_is_frozen_with_what_proves_it(town: Town) -> None:
    number = await town.draft()

    stands = await town.dispatch(number)

    ticket = await town.ticket(number)
    assert ticket.deadline
    prove(thaw(ticket.deadline))
    assert ticket.due_at == thaw(ticket.deadline).due_at
    assert stands["deadline"]["due_at"] == "2026-03-09T23:59:59+08:00"
    assert (await town.last_event(number))["deadline"] == {"old": None, "new": ticket.deadline}


@pytest.mark.parametrize(
    ("category", "round_the_clock"), [("供水", True), ("供热", True), ("噪声油烟", False)]
)
async def test_water_power_gas_and_heat_are_served_around_the_clock(
    town: Town, category: str, round_the_clock: bool
) -> None:
    number = await town.draft()
    sent = {"version": 1, "category": category}
    await town.browsers["agent"].patch(f"/api/tickets/{number}", json=sent)

    stands = await town.dispatch(number)

    assert stands["deadline"]["record"]["inputs"]["round_the_clock"] is round_the_clock


async def test_the_drafts_tier_holds_where_none_is_given(town: Town) -> None:
    number = await town.draft()
    tier = (await town.ticket(number)).tier

    stands = await town.dispatch(number, tier=None)

    assert stands["deadline"]["record"]["inputs"]["tier"] == tier


async def test_a_unit_is_named_once(town: Town) -> None:
    number = await town.draft()
    helps = [{"unit_id": town.units["bureau"], "tier": "24h"}]
    sent = {"unit_id": town.units["bureau"], "basis": "目录", "tier": "5d", "co_handlers": helps}

    refused = await town.try_to("agent", "dispatch", number, **sent)

    assert (refused.status_code, refused.json()["field"]) == (409, "co_handlers.0.unit_id")
    assert (await town.stands(number))["assignments"] == []


async def test_of_two_who_dispatch_at_once_one_is_told(town: Town) -> None:
    number = await town.draft()
    sent = {"unit_id": town.units["bureau"], "basis": "目录", "tier": "5d", "version": 1}

    answers = await asyncio.gather(
        town.try_to("agent", "dispatch", number, **sent),
        town.try_to("dispatcher", "dispatch", number, **sent),
    )

    assert sorted(one.status_code for one in answers) == [200, 409]
    assert len((await town.stands(number))["assignments"]) == 1
    assert [event.kind for event in await town.events(number)] == ["drafted", "moved"]


@dataclass
class Corrected:
    """A calendar in which one more day is a day of rest."""

    rest: date
    plain: WorkingCalendar

    @property
    def version(self) -> str:
        return f"{self.plain.version}+corrected"

    def is_working(self, day: date) -> bool:
        return day != self.rest and self.plain.is_working(day)

    def is_settled(self, day: date) -> bool:
        return self.plain.is_settled(day)


async def test_a_corrected_calendar_moves_deadlines_by_an_event_only(town: Town) -> None:
    number = await town.signed(co_handlers=[{"unit_id": town.units["water"], "tier": "3d"}])
    first = (await town.ticket(number)).deadline
    same = await town.try_to("supervisor", "recompute", number)
    town.office.app.state.calendar = Corrected(date(2026, 3, 4), WorkingCalendar())

    stale = await town.try_to("clerk", "extension", number, **town.extension())
    assert (await town.ticket(number)).deadline == first
    stands = await town.do("supervisor", "recompute", number)

    assert (same.status_code, same.json()["error"]) == (409, "nothing_to_recompute")
    assert (stale.status_code, stale.json()["error"]) == (409, "calendar_changed")
    assert stands["deadline"]["due_at"] == "2026-03-10T23:59:59+08:00"
    assert [one["due_at"] for one in stands["assignments"]] == [
        "2026-03-10T15:59:59Z",
        "2026-03-06T15:59:59Z",
    ]
    assert (await town.last_event(number))["deadline"]["old"] == first
