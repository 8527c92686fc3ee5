from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI

from backend.database import Reading
from backend.people.access import open_to_all, require
from backend.people.doors import Door, doors, table
from backend.people.identity import Identity
from backend.people.rights import TABLE, Right
from backend.people.roles import UNIT_ROLES, Role
from backend.units.levels import Level
from tests.backend.people.office import SERVICE_TOKEN, Office


@pytest.fixture
async def office_with_units(office: Office) -> Office:
    await office.unit("保定市", Level.CITY)
    return office


def test_every_door_of_people_and_units_names_its_right_or_why_it_is_open(office: Office) -> None:
    found = doors(office.app)

    assert [door for door in found if door.unguarded and door.path.startswith("/api")] == []
    assert [door.path for door in found if door.open_because and door.path.startswith("/api")] == [
        "/api/sessions"
    ]
    assert [door for door in found if door.session_first] == []


def test_a_door_without_a_word_about_who_may_pass_is_found() -> None:
    app, router = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), APIRouter(prefix="/a")

    @router.get("/forgotten")
    async def forgotten() -> None: ...

    @router.get("/open", dependencies=[Depends(open_to_all("for the test"))])
    async def opened() -> None: ...

    @router.get("/late")
    async def late(
        session: Reading, asker: Annotated[Identity, Depends(require(Right.SIGN))]
    ) -> None: ...

    app.include_router(router)

    assert doors(app) == [
        Door("GET", "/a/forgotten", (), None),
        Door("GET", "/a/late", (Right.SIGN,), None, session_first=True),
        Door("GET", "/a/open", (), "for the test"),
    ]
    assert [door.unguarded for door in doors(app)] == [True, False, False]


def test_the_table_shows_role_by_endpoint(office: Office) -> None:
    lines = table(doors(office.app)).splitlines()

    row = next(line for line in lines if "POST /api/units " in line)
    assert row == "| POST /api/units | keep_units | 2, 7 |  |  |  |  |  |  | ● |  |  |"


@pytest.mark.parametrize("role", Role)
async def test_each_role_passes_the_doors_of_its_rights_and_no_other(
    office_with_units: Office, role: Role
) -> None:
    office = office_with_units
    unit_id = 1 if role in UNIT_ROLES else None
    async with await office.as_role(role, unit_id) as browser:
        for door in doors(office.app):
            if not door.rights or door.path.startswith("/api/sessions"):
                continue
            path = door.path.replace("{unit_id}", "99").replace("{person_id}", "99")
            path = path.replace("{token_id}", "99")

            answer = await browser.request(door.method, path, json={})

            passed = answer.status_code not in (401, 403)
            assert passed == door.opens_for(role), (role, door, answer.text)
            assert answer.status_code < 500


async def test_nobody_passes_without_a_token(office: Office) -> None:
    async with office.client() as browser:
        for door in doors(office.app):
            if door.rights:
                answer = await browser.request(
                    door.method, door.path.replace("{", "1").replace("}", "")
                )
                assert answer.status_code == 401, door


async def test_the_hotlines_own_programs_do_not_keep_people(office: Office) -> None:
    async with office.client(SERVICE_TOKEN) as program:
        people = await program.get("/api/people")
        account = await program.get("/api/people/me")

    assert people.status_code == account.status_code == 403
    assert people.json()["remedy"]


async def test_a_refusal_says_which_right_is_missing(office: Office) -> None:
    async with await office.as_role(Role.AGENT) as browser:
        answer = (await browser.post("/api/units", json={})).json()

    assert Right.KEEP_UNITS in answer["message"]
    assert TABLE[Right.KEEP_UNITS].chinese in answer["message"]
