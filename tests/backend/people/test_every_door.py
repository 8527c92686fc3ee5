"""Walks every endpoint of the real application."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from backend.main import create_app
from backend.people.doors import Door, doors, table
from backend.people.roles import UNIT_ROLES, Role
from backend.settings import Settings

OPEN = {
    "/docs",
    "/openapi.json",
    "/health",
    "/metrics",
    "/api/sessions",
    "/console/sign-in",
    "/console/sign-in/outside",
    "/console/sign-in/outside/answer",
    "/console/static/{name}",
    "/citizen",
    "/citizen/style.css",
    "/citizen/progress",
    "/citizen/figures",
    "/s/{token}",
    "/api/open/figures",
    "/api/open/figures/{month}",
}
APP = create_app(
    Settings(
        database_url="sqlite+aiosqlite:///nowhere.db",
        service_token=SecretStr("a-token-for-tests-only"),
        data_key=SecretStr(Fernet.generate_key().decode()),
        media=Path("/nowhere"),
    )
)
EVERY_DOOR = doors(APP)


@pytest.mark.parametrize("door", EVERY_DOOR, ids=lambda door: f"{door.method} {door.path}")
def test_a_door_names_its_right_or_says_why_it_is_open(door: Door) -> None:
    assert not door.unguarded, "give it Depends(require(Right.…)) or open_to_all('why')"
    assert bool(door.rights) != (door.path in OPEN and door.open_because is not None)
    assert not door.session_first, "name the identity before the session"


def test_nobody_but_the_open_ones_is_open() -> None:
    assert {door.path for door in EVERY_DOOR if not door.rights} == OPEN


def test_the_table_names_every_door_once_and_prints_it() -> None:
    lines = table(EVERY_DOOR).splitlines()[2:]

    print("\n".join(table(EVERY_DOOR).splitlines()))  # noqa: T201
    assert len(lines) == len(EVERY_DOOR) == len({line.split(" | ")[0] for line in lines})


def test_no_door_of_the_hotlines_own_decisions_opens_for_a_unit() -> None:
    decided = {"people", "tokens", "audit-entries", "calls", "journal"}
    inside = [door for door in EVERY_DOOR if set(door.path.split("/")) & decided]

    for door in inside:
        for role in UNIT_ROLES:
            own = "people" in door.path.split("/")[:3] and role is Role.UNIT_LEAD
            assert not door.opens_for(role) or own or "/me" in door.path, door
