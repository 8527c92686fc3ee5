"""Callers are told by SMS of what becomes of their ticket, each once, and no number lies open."""

import asyncio
import json
from pathlib import Path

from sqlalchemy import select

from backend.jobs.service import JobKind
from backend.notices.gateways import FileSms, NotTaken, Refused
from backend.notices.models import Notice
from backend.notices.spreading import spread
from tests.backend.dispatch.town import Json, Town
from tests.backend.supervision.watch import FakeSms, keeper_of, work


class Failing(FakeSms):
    """Does not take the first so many messages."""

    def __init__(self, times: int, error: type[NotTaken] = NotTaken) -> None:
        super().__init__()
        self.times, self.error = times, error

    async def send(self, number: str, text: str, key: str) -> str:
        """Refuse, then keep."""
        if self.times:
            self.times -= 1
            raise self.error("busy")
        return await super().send(number, text, key)


async def notices(town: Town, number: str, who: str = "agent") -> list[Json]:
    reply = await town.browsers[who].get(f"/api/tickets/{number}/notices")
    assert reply.status_code == 200, reply.text
    return list(reply.json())


async def test_the_caller_is_told_to_which_unit_and_until_when(town: Town) -> None:
    sms, number = FakeSms(), await town.draft()
    await town.dispatch(number)

    await work(town, keeper_of(town, sms))

    ((to, text),) = sms.sent
    assert to == "13812345678"
    assert all(part in text for part in (number, "莲池区城管局", "3月9日23时59分"))
    assert (await town.events(number))[-1].data["result"] == "sent"


async def test_the_number_stands_in_no_list_event_or_notice(town: Town) -> None:
    number = await town.signed()
    confidential = await town.browsers["agent"].put(f"/api/tickets/{number}/confidential")
    await work(town, keeper_of(town))

    shown = await notices(town, number, "clerk")

    assert confidential.status_code == 200
    assert [one["state"] for one in shown] == ["sent"]
    events = [one.data for one in await town.events(number)]
    assert "13812345678" not in json.dumps([shown, events], default=str)


async def test_every_caller_of_a_merged_ticket_is_told(town: Town) -> None:
    sms, parent = FakeSms(), await town.draft()
    child = await town.draft(caller="13900000000")
    await town.do("agent", "merge", child, into=parent, reason="同一工地")
    await town.dispatch(parent)

    await work(town, keeper_of(town, sms))

    told = [(to, "合并办理" in text) for to, text in sms.sent]
    assert sorted(told) == [
        ("13812345678", False),
        ("13900000000", False),
        ("13900000000", True),
    ]
    assert any(child in text and "城管局" in text for _, text in sms.sent)


async def test_who_has_no_mobile_number_is_left_to_a_person(town: Town) -> None:
    sms, number = FakeSms(), await town.draft(caller="03125901234")
    await town.dispatch(number)

    await work(town, keeper_of(town, sms))

    assert sms.sent == []
    assert [one["state"] for one in await notices(town, number)] == ["no_number"]
    assert (await town.events(number))[-1].data["result"] == "no_number"


async def test_a_message_not_taken_is_sent_again_later(town: Town) -> None:
    sms, number = Failing(2), await town.draft()
    await town.dispatch(number)
    keeper = keeper_of(town, sms)
    for _ in range(3):
        await work(town, keeper)
        town.pass_time(seconds=10)

    (kept,) = await notices(town, number)
    assert (len(sms.sent), kept["state"], kept["tries"]) == (1, "sent", 3)


async def test_what_is_never_taken_is_given_up_and_said_so(town: Town) -> None:
    tried, refused = await town.draft(), await town.draft()
    await town.dispatch(tried)
    keeper = keeper_of(town, Failing(9))
    for _ in range(5):
        await work(town, keeper)
        town.pass_time(seconds=60)
    await town.dispatch(refused)
    await work(town, keeper_of(town, Failing(9, Refused)))

    assert [(one["state"], one["tries"]) for one in await notices(town, tried)] == [("failed", 3)]
    assert [(one["state"], one["tries"]) for one in await notices(town, refused)] == [("failed", 1)]


async def test_two_workers_tell_each_caller_once(town: Town) -> None:
    sms = FakeSms()
    for _ in range(5):
        await town.dispatch(await town.draft())
    first, second = keeper_of(town, sms), keeper_of(town, sms)

    await asyncio.gather(
        *(work(town, keeper, name) for keeper, name in ((first, "a"), (second, "b")))
    )

    assert len(sms.sent) == len({text for _, text in sms.sent}) == 5


async def test_an_event_spread_twice_makes_no_second_notice(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)
    keeper = keeper_of(town)
    await work(town, keeper, only=JobKind.TELL)

    async with town.office.database.transaction() as session:
        ticket = await town.ticket(number)
        made = await spread(session, ticket.id, 2, city="保定", now=town.office.now)
        kept = (await session.scalars(select(Notice))).all()

    assert (made, len(kept)) == (0, 1)


async def test_the_file_gateway_writes_one_file_a_message_readable_by_its_owner(
    tmp_path: Path,
) -> None:
    gateway = FileSms(tmp_path / "sms")

    first = await gateway.send("13812345678", "您好", "sms:1")
    again = await gateway.send("13812345678", "您好", "sms:1")

    (file,) = (tmp_path / "sms").iterdir()
    assert first == again
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text("utf-8"))["to"] == "13812345678"
