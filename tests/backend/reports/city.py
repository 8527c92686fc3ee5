"""A city for tests: closed tickets with surveys, put into the database as its own programs do."""

import contextlib
import datetime as dt
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment import ROUTERS
from backend.deadlines import SHANGHAI
from backend.doors import open_doors
from backend.people.roles import Role
from backend.surveys.answers import ANSWERS_BY_CODE
from backend.surveys.codes import SurveyResult
from backend.surveys.models import Channel, Survey
from backend.tickets import history, moving
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import Move
from backend.tickets.states import EventKind, State
from backend.units.levels import Level
from tests.backend.people.office import CHEAP, Founded, Office, open_office
from tests.grounds import Ground

LASTING = CHEAP.model_copy(update={"session_idle_seconds": 9e7, "session_longest_seconds": 9e7})
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
GOOD = "contacted/solved/satisfied"
BAD = "not_contacted/not_solved/not_satisfied"
PEOPLE = {
    "supervisor": (Role.SUPERVISOR, None),
    "agent": (Role.AGENT, None),
    "auditor": (Role.AUDITOR, None),
    "heat-lead": (Role.UNIT_LEAD, "heat"),
    "heat-clerk": (Role.UNIT_HANDLER, "heat"),
    "street-lead": (Role.UNIT_LEAD, "street"),
    "county-lead": (Role.UNIT_LEAD, "county"),
}


@dataclass
class City:
    """The office, the ids of its units, and a browser for everybody."""

    office: Office
    units: dict[str, int] = field(default_factory=dict)
    browsers: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def closed(
        self,
        outcome: str | None = GOOD,
        *,
        unit: str | None = "heat",
        at: dt.datetime = dt.datetime(2026, 11, 10, 10, tzinfo=SHANGHAI),
        many: int = 1,
        district: str | None = "莲池区",
        category: str = "供热",
    ) -> list[str]:
        """Close so many tickets whose survey ended so, or with None has not been opened yet."""
        numbers = []
        async with self.office.database.transaction() as session:
            for _ in range(many):
                ticket = await self._ticket(session, at, district, category)
                if unit:
                    session.add(_assignment(ticket, self.units[unit], at))
                _close(session, ticket, at)
                if outcome:
                    await session.flush()
                    session.add(_survey(ticket, outcome, at))
                numbers.append(ticket.number)
        return numbers

    async def reopened(self, number: str, at: dt.datetime) -> None:
        """Have a closed ticket handled again."""
        async with self.office.database.transaction() as session:
            ticket = await self._held(session, number)
            moving.move(session, ticket, Move.REDO, actor="test", at=at, version=None)

    async def closed_again(self, number: str, outcome: str, at: dt.datetime) -> None:
        """Close a ticket that was reopened, with a survey of its own."""
        async with self.office.database.transaction() as session:
            ticket = await self._held(session, number)
            ticket.state = State.AWAITING_CALLBACK
            _close(session, ticket, at)
            await session.flush()
            session.add(_survey(ticket, outcome, at))

    async def answered(self, number: str, outcome: str) -> None:
        """Let a survey of a closed ticket end otherwise."""
        async with self.office.database.transaction() as session:
            survey = await self._survey_of(session, number)
            _end(survey, outcome)

    async def _survey_of(self, session: AsyncSession, number: str) -> Survey:
        ticket = await self._held(session, number)
        query = select(Survey).where(Survey.ticket_id == ticket.id).order_by(Survey.id.desc())
        return (await session.scalars(query.limit(1))).one()

    async def _held(self, session: AsyncSession, number: str) -> Ticket:
        return (await session.scalars(select(Ticket).where(Ticket.number == number))).one()

    async def _ticket(
        self, session: AsyncSession, at: dt.datetime, district: str | None, category: str
    ) -> Ticket:
        number = f"2611{secrets.randbelow(10**6):06}"
        seal = self.office.app.state.seal
        ticket = Ticket(number=number, state=State.AWAITING_CALLBACK, created_at=at, updated_at=at)
        ticket.code_digest, ticket.code_sealed = seal.digest_of_code(number, "1234"), b""
        ticket.words, ticket.words_sealed = "暖气不热", seal.close("暖气不热")
        ticket.kind, ticket.acceptable, ticket.category = "投诉", True, category
        ticket.district, ticket.tier = district, "5d"
        ticket.contact_sealed = seal.close("13812345678")
        ticket.confidences, ticket.unsure, ticket.notes, ticket.authors = {}, [], {}, {}
        ticket.events_head = "0" * 64
        session.add(ticket)
        await session.flush()
        history.append(session, ticket, EventKind.DRAFTED, actor="test", at=at, data={})
        return ticket


def _assignment(ticket: Ticket, unit: int, at: dt.datetime) -> Assignment:
    return Assignment(
        ticket_id=ticket.id, unit_id=unit, lead=True, given_at=at, deadline="{}", due_at=at
    )


def _close(session: AsyncSession, ticket: Ticket, at: dt.datetime) -> None:
    data = {"callback": "none"}
    moving.move(session, ticket, Move.CLOSE, actor="test", at=at, version=None, data=data)


def _survey(ticket: Ticket, outcome: str, at: dt.datetime) -> Survey:
    survey = Survey(ticket_id=ticket.id, closing=ticket.events_count, opened_at=at, reopened=False)
    _end(survey, outcome)
    return survey


def _end(survey: Survey, outcome: str) -> None:
    valid = outcome in ANSWERS_BY_CODE
    survey.result = SurveyResult.VALID.value if valid else SurveyResult(outcome).value
    survey.answers = outcome if valid else None
    survey.channel = Channel.CALL.value
    if survey.result != SurveyResult.PENDING:
        survey.ended_at = survey.answered_at = survey.opened_at


@contextlib.asynccontextmanager
async def open_city(ground: Ground) -> AsyncIterator[City]:
    """Open a city on a database of its own."""
    url, founded = await ground.filled("city", found)
    async with open_office(url, LASTING) as office, contextlib.AsyncExitStack() as stack:
        open_doors(office.app, ROUTERS)
        office.now = NOW
        city = City(office, founded.units)
        for name, token in founded.tokens.items():
            city.browsers[name] = await stack.enter_async_context(office.client(token))
        yield city


async def found(url: str) -> Founded:
    """Fill an empty database with units and with people who are signed in."""
    async with open_office(url, LASTING) as office:
        office.now = NOW
        root = await office.unit("保定市", Level.CITY)
        county = await office.unit("莲池区", Level.COUNTY, root, district="莲池区")
        units = {
            "city": root,
            "county": county,
            "heat": await office.unit("市供热公司", Level.UTILITY, root),
            "street": await office.unit("裕华街道", Level.TOWNSHIP, county),
        }
        return await office.all_signed_in(PEOPLE, units)
