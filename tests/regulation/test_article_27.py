"""第二十七条: 归档内容应当真实、准确、完整。"""

from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from backend.tickets import history
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.moving import replay
from backend.tickets.service import by_number
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

make_url, town = fixtures.make_url, fixtures.town


async def closed(town: Town) -> str:
    number = await town.replied()
    await town.do("agent", "accept-reply", number)
    await town.do("agent", "close", number, callback="satisfied")
    return number


async def test_the_history_tells_every_step_with_its_article_actor_and_time(town: Town) -> None:
    number = await closed(town)

    events = await town.events(number)

    moves = [one.data["move"] for one in events if one.kind == "moved"]
    assert moves == ["dispatch", "sign", "reply", "accept_reply", "close"]
    assert all(one.data["article"] for one in events if one.kind == "moved")
    assert all(one.actor for one in events)
    assert [one.seq for one in events] == list(range(1, len(events) + 1))


async def test_the_history_alone_leads_to_the_state_and_deadline_of_the_ticket(town: Town) -> None:
    number = await closed(town)

    ticket = await town.ticket(number)

    assert replay(await town.events(number)) == (ticket.state, ticket.deadline)


async def test_the_database_refuses_to_change_or_remove_an_event(town: Town) -> None:
    number = await closed(town)
    ticket = await town.ticket(number)

    for statement in (
        update(TicketEvent).where(TicketEvent.ticket_id == ticket.id).values(actor="nobody"),
        text("DELETE FROM ticket_events"),
    ):
        refused = False
        try:
            async with town.office.database.transaction() as session:
                await session.execute(statement)
        except DBAPIError:
            refused = True
        assert refused

    assert len(await town.events(number)) == ticket.events_count


async def test_an_end_that_was_cut_off_is_found(town: Town) -> None:
    number = await closed(town)

    async with town.office.database.transaction() as session:
        cut = update(Ticket).where(Ticket.number == number).values(events_count=99)
        await session.execute(cut)
    async with town.office.database.transaction(writes=False) as session:
        found = await by_number(session, number)
        assert found
        fault = await history.fault(session, found)

    assert fault is not None
    assert "missing" in fault
