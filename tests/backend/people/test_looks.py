import pytest
from sqlalchemy import select

from backend.errors import Forbidden, HotlineError, Invalid
from backend.people import audit
from backend.people.audit import AuditEntry
from backend.people.identity import Identity, of_person, of_system
from backend.people.looks import Look, look
from backend.people.rights import TOKEN_RIGHTS
from backend.people.roles import Role
from tests.backend.people.office import Office

STREET, COUNTY, OTHER = "/1/2/3/", "/1/2/", "/1/4/"
WHY = "回访核实地址"


def somebody(role: Role, path: str | None = None) -> Identity:
    return of_person(7, [role], path, session_id=1)


async def try_to_look(
    office: Office,
    asker: Identity,
    what: Look = Look.NUMBER,
    reason: str = WHY,
    unit: str | None = STREET,
    confidential: bool = False,
) -> list[AuditEntry]:
    try:
        async with office.database.transaction() as session:
            await look(
                session,
                asker,
                what,
                "ticket:2611230001",
                reason,
                unit_path=unit,
                confidential=confidential,
                now=office.now,
            )
    finally:
        async with office.database.transaction(writes=False) as session:
            entries = list(await session.scalars(select(AuditEntry)))
    return entries


async def test_a_look_is_recorded_with_who_what_why_and_when(office: Office) -> None:
    (entry,) = await try_to_look(office, somebody(Role.AGENT), reason="  回访  核实地址 ")

    assert (entry.actor, entry.act, entry.subject) == (
        "person:7",
        "looked_at_number",
        "ticket:2611230001",
    )
    assert (entry.reason, entry.at) == ("回访 核实地址", office.now)
    async with office.database.transaction(writes=False) as session:
        assert await audit.fault(session) is None


@pytest.mark.parametrize("reason", ["", "   ", "看看", "。。。。。。", "a" * 30, "x" * 501])
async def test_a_look_without_a_reason_is_refused_and_not_recorded(
    office: Office, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await try_to_look(office, somebody(Role.AGENT), reason=reason)

    assert refused.value.body.field == "reason"
    assert await entries_of(office) == []


@pytest.mark.parametrize(
    ("asker", "what", "unit", "confidential", "allowed"),
    [
        (somebody(Role.AGENT), Look.NUMBER, None, False, True),
        (somebody(Role.AGENT), Look.RECORDING, STREET, False, True),
        (somebody(Role.AGENT), Look.NUMBER, None, True, False),
        (somebody(Role.SUPERVISOR), Look.NUMBER, STREET, True, True),
        (somebody(Role.SUPERVISOR), Look.RECORDING, STREET, True, True),
        (somebody(Role.UNIT_HANDLER, STREET), Look.NUMBER, STREET, False, True),
        (somebody(Role.UNIT_HANDLER, STREET), Look.NUMBER, OTHER, False, False),
        (somebody(Role.UNIT_HANDLER, STREET), Look.NUMBER, None, False, False),
        (somebody(Role.UNIT_HANDLER, STREET), Look.NUMBER, STREET, True, False),
        (somebody(Role.UNIT_HANDLER, STREET), Look.RECORDING, STREET, False, False),
        (somebody(Role.UNIT_HANDLER, COUNTY), Look.NUMBER, STREET, False, False),
        (somebody(Role.UNIT_LEAD, COUNTY), Look.NUMBER, STREET, False, True),
        (somebody(Role.UNIT_LEAD, COUNTY), Look.RECORDING, STREET, False, True),
        (somebody(Role.UNIT_LEAD, COUNTY), Look.NUMBER, STREET, True, False),
        (somebody(Role.UNIT_LEAD, OTHER), Look.NUMBER, STREET, False, False),
        (somebody(Role.AUDITOR), Look.NUMBER, STREET, False, False),
        (somebody(Role.ADMINISTRATOR), Look.NUMBER, STREET, False, False),
        (of_system(1, TOKEN_RIGHTS, None), Look.NUMBER, STREET, False, False),
    ],
    ids=lambda value: value.actor if isinstance(value, Identity) else str(value),
)
async def test_who_may_look_at_what(
    office: Office,
    asker: Identity,
    what: Look,
    unit: str | None,
    confidential: bool,
    allowed: bool,
) -> None:
    try:
        recorded = await try_to_look(office, asker, what, unit=unit, confidential=confidential)
    except Forbidden:
        recorded = []

    assert len(recorded) == len(await entries_of(office)) == int(allowed)


async def look_and_fail(office: Office) -> None:
    async with office.database.transaction() as session:
        await look(
            session,
            somebody(Role.AGENT),
            Look.NUMBER,
            "ticket:2611230001",
            WHY,
            unit_path=None,
            confidential=False,
            now=office.now,
        )
        raise Invalid("gone", "the seal is broken", remedy="tell the operator")


async def test_a_look_whose_answer_fails_is_not_recorded_either(office: Office) -> None:
    with pytest.raises(HotlineError):
        await look_and_fail(office)

    assert await entries_of(office) == []


async def entries_of(office: Office) -> list[AuditEntry]:
    async with office.database.transaction(writes=False) as session:
        return list(await session.scalars(select(AuditEntry)))
