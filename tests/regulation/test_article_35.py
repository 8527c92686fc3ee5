"""第三十五条: 数据安全保障，对知悉的个人信息保密，不得泄露或者非法提供。"""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from backend.database import Base
from backend.people import audit
from backend.people.doors import doors
from backend.people.identity import of_person
from backend.people.looks import Look, look
from backend.people.rights import TABLE, TOKEN_RIGHTS, Right, rights_of
from backend.people.roles import HOTLINE_ROLES, UNIT_ROLES, Role, clash
from backend.units.levels import Level
from tests.backend.people.office import PASSWORD, Office, open_office
from tests.grounds import Ground

OWN, OTHER, BELOW = "/1/2/", "/1/3/", "/1/2/9/"
SYSTEM = {"name": "市数据局", "scopes": ["see_units"], "days": 1}


@pytest.fixture
async def office(ground: Ground) -> AsyncIterator[Office]:
    async with open_office(ground()) as opened:
        yield opened


async def test_every_look_at_a_number_is_written_down_with_who_what_why_and_when(
    office: Office,
) -> None:
    agent = of_person(7, [Role.AGENT], None, session_id=1)
    async with office.database.transaction() as session:
        await look(
            session,
            agent,
            Look.NUMBER,
            "ticket:2611230001",
            "联系诉求人核实",
            unit_path=None,
            confidential=False,
            now=office.now,
        )

    async with await office.as_role(Role.AUDITOR) as auditor:
        asked = {"subject": "ticket:2611230001"}
        (line,) = (await auditor.get("/api/audit-entries", params=asked)).json()["items"]

    assert (line["actor"], line["act"], line["reason"]) == (
        "person:7",
        "looked_at_number",
        "联系诉求人核实",
    )
    assert line["at"].startswith("2026-11-23T01:00:00")


async def test_what_is_written_down_cannot_be_changed_unseen(office: Office) -> None:
    await office.person("first", Role.AGENT)
    await office.person("second", Role.AGENT)
    sqlite = office.database.engine.dialect.name == "sqlite"
    off = "DROP TRIGGER audit_entries_no_update"
    off = off if sqlite else "ALTER TABLE audit_entries DISABLE TRIGGER ALL"

    async with office.database.transaction() as session:
        await session.execute(text(off))
        await session.execute(text("UPDATE audit_entries SET actor = 'nobody' WHERE seq = 1"))

    async with office.database.transaction(writes=False) as session:
        assert await audit.fault(session) == "event 1 was changed"


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.UNIT_HANDLER, {OWN}),
        (Role.UNIT_LEAD, {OWN, BELOW}),
        (Role.AGENT, {OWN, OTHER, BELOW}),
        (Role.SUPERVISOR, {OWN, OTHER, BELOW}),
    ],
)
def test_a_unit_sees_its_own_matters_and_not_another_units(role: Role, sees: set[str]) -> None:
    person = of_person(7, [role], OWN, session_id=1)

    assert {path for path in (OWN, OTHER, BELOW) if person.sight.covers(path)} == sees


def test_what_no_unit_has_been_given_yet_is_seen_by_the_hotline_alone() -> None:
    for role in HOTLINE_ROLES | UNIT_ROLES:
        person = of_person(7, [role], OWN, session_id=1)

        assert person.sight.covers(None) == (role in HOTLINE_ROLES)


def test_whoever_gives_access_sees_no_citizens_data_and_does_not_audit() -> None:
    gives = rights_of(Role.ADMINISTRATOR)

    assert Right.KEEP_PEOPLE in gives
    assert not gives & {Right.LOOK_AT_NUMBERS, Right.HEAR_RECORDINGS, Right.SEE_TICKETS}
    assert Right.READ_AUDIT not in gives
    assert clash([Role.ADMINISTRATOR, Role.AUDITOR])
    assert clash([Role.ADMINISTRATOR, Role.SUPERVISOR])


def test_other_systems_are_never_given_numbers_or_recordings() -> None:
    personal = {
        Right.LOOK_AT_NUMBERS,
        Right.LOOK_AT_CONFIDENTIAL,
        Right.HEAR_RECORDINGS,
        Right.CARRY_NUMBERS,
        Right.SEE_CALLS,
    }

    assert not TOKEN_RIGHTS & personal


async def test_access_of_another_system_ends_by_itself_and_names_who_gave_it(
    office: Office,
) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        made = (await administrator.post("/api/tokens", json=SYSTEM)).json()
        own = (await administrator.get("/api/people/me")).json()["person"]["id"]

    assert made["about"]["made_by"] == f"person:{own}"
    async with office.client(made["token"]) as system:
        assert (await system.get("/api/units")).status_code == 200
        office.pass_time(86_400)
        assert (await system.get("/api/units")).status_code == 401


async def test_who_leaves_is_shut_out_at_once(office: Office) -> None:
    person = await office.person("li.na", Role.AGENT)
    async with (
        await office.as_role(Role.ADMINISTRATOR) as administrator,
        await office.as_person("li.na") as browser,
    ):
        left = {"version": 1, "active": False}
        await administrator.patch(f"/api/people/{person}", json=left)

        assert (await browser.get("/api/people/me")).status_code == 401
    assert (await office.try_sign_in("li.na")).status_code == 401


async def test_no_password_and_no_token_can_be_read_from_the_database(office: Office) -> None:
    await office.person("li.na", Role.AGENT)
    secrets = [PASSWORD, await office.token("li.na")]
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        secrets.append((await administrator.post("/api/tokens", json=SYSTEM)).json()["token"])

    async with office.database.transaction(writes=False) as session:
        for table in Base.metadata.sorted_tables:
            stored = repr((await session.execute(table.select())).all())
            assert [secret for secret in secrets if secret in stored] == []


def test_every_door_to_data_asks_who_is_there(office: Office) -> None:
    open_doors = [door for door in doors(office.app) if not door.rights]

    assert {door.path for door in open_doors if door.path.startswith("/api")} == {"/api/sessions"}


async def test_each_unit_has_people_of_its_own_who_answer_for_what_they_saw(
    office: Office,
) -> None:
    city = await office.unit("保定市", Level.CITY)
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        nameless = {"login": "desk", "name": "值班", "roles": ["unit_handler"]}
        refused = await administrator.post("/api/people", json=nameless)
        taken = await administrator.post("/api/people", json={**nameless, "unit_id": city})

    assert (refused.status_code, refused.json()["field"]) == (422, "unit_id")
    assert taken.status_code == 201


def test_looking_and_hearing_rest_on_this_article() -> None:
    for right in (Right.LOOK_AT_NUMBERS, Right.HEAR_RECORDINGS, Right.READ_AUDIT):
        assert 35 in TABLE[right].articles
