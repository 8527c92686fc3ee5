"""Whatever is sent, the answer is one that the API's description names, and never a 5xx.

Every operation of the description is asked, with plain and with odd values, by somebody who may.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.database import Database
from backend.main import create_app
from backend.people.doors import doors
from backend.people.passwords import Passwords
from backend.people.rights import SERVICE_RIGHTS, rights_of
from backend.people.roles import HOTLINE_ROLES, Role
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.settings import Settings
from backend.units.levels import Level
from backend.units.schemas import UnitIn
from backend.units.service import add as add_unit
from hotline.throwaway import free_port
from tests.backend.conftest import TOKEN
from tests.backend.people.office import CHEAP, PASSWORD

EXAMPLES = 4
"""Of each operation, plain and odd ones: the same at every run."""
PATIENCE_SECONDS = 240
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
PEOPLE = {
    "everybody": sorted(HOTLINE_ROLES),
    "lead": [Role.UNIT_LEAD],
    "auditor": [Role.AUDITOR],
    "administrator": [Role.ADMINISTRATOR],
}
"""Who asks: the first of them who may."""
ENDS_SESSIONS = {
    ("/api/sessions", "DELETE"),
    ("/api/sessions/current", "DELETE"),
    ("/api/sessions/{session_id}", "DELETE"),
    ("/api/people/{person_id}", "PATCH"),
    ("/api/people/{person_id}/sessions", "DELETE"),
    ("/api/people/{person_id}/password", "POST"),
    ("/api/sessions", "POST"),
}
"""Asked last: afterwards somebody may be signed out or locked out."""

Operation = tuple[str, str]


@dataclass
class Asked:
    """What was asked of whom, and how often each status came."""

    statuses: dict[Operation, Counter[int]] = field(default_factory=dict)

    def note(self, operation: Operation, status: int) -> None:
        """Count an answer."""
        self.statuses.setdefault(operation, Counter())[status] += 1


def test_every_operation_answers_as_it_is_described(settings_of_test: Settings) -> None:
    asyncio.run(fill(settings_of_test.database_url))
    app, asked = create_app(settings_of_test), Asked()
    with served(app) as base:
        tokens = {"service": TOKEN} | {who: sign_in(base, who) for who in PEOPLE}
        known = {"number": draft(base, tokens["everybody"]), "unit_id": 1}
        described = httpx.get(f"{base}/openapi.json", timeout=PATIENCE_SECONDS).json()
        schema = schemathesis.openapi.from_dict(described)
        askers = who_may(app)
        operations = [
            (path, method.upper())
            for path, methods in described["paths"].items()
            for method in methods
        ]
        for one in sorted(operations, key=lambda one: one in ENDS_SESSIONS):
            headers = {"Authorization": f"Bearer {tokens[askers[one]]}"}
            cases = [schema[one[0]][one[1]].as_strategy(generation_mode=x) for x in GenerationMode]
            ask(st.one_of(cases), base, one, headers, known, asked)

    not_asked = set(operations) - asked.statuses.keys()
    assert not not_asked, f"nobody asked {sorted(not_asked)}"
    strangers = {
        one: statuses
        for one, statuses in asked.statuses.items()
        if statuses[401] and one not in ENDS_SESSIONS
    }
    assert not strangers, "whoever asked was no longer signed in"


def ask(
    case_of: Any,
    base: str,
    operation: Operation,
    headers: dict[str, str],
    known: dict[str, Any],
    asked: Asked,
) -> None:
    """Send some values to one operation, now and then about things that are there."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=case_of, there=st.booleans())
    def send(case: schemathesis.Case[Any], *, there: bool) -> None:
        if there and case.path_parameters:
            names = known.keys() & case.path_parameters.keys()
            case.path_parameters.update({name: known[name] for name in names})
        answer = case.call(base_url=base, headers=headers, timeout=PATIENCE_SECONDS)
        asked.note(operation, answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()


def who_may(app: FastAPI) -> dict[Operation, str]:
    """Name for each operation the first who holds the rights its door asks for."""
    held = {
        who: {right for role in roles for right in rights_of(role)} for who, roles in PEOPLE.items()
    }
    held["service"] = set(SERVICE_RIGHTS)
    found = {}
    for door in doors(app):
        may = [who for who, rights in held.items() if rights.issuperset(door.rights)]
        assert may, f"nobody may {door.method} {door.path}"
        found[door.path, door.method] = may[0]
    return found


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a port of its own."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not server.started:
            assert thread.is_alive(), "the application ended before it opened"
            assert time.monotonic() < end, "the application did not open"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


async def fill(url: str) -> None:
    """Add a unit, and people who between them may do everything."""
    database, now = Database(url), dt.datetime.now(dt.UTC)
    hashed = await Passwords(CHEAP).hash(PASSWORD)
    async with database.transaction() as session:
        city = UnitIn(name="保定市", level=Level.CITY)
        unit = await add_unit(session, city, actor="test", now=now)
        for login, roles in PEOPLE.items():
            unit_id = unit.id if Role.UNIT_LEAD in roles else None
            sent = PersonIn(login=login, name="王小明", roles=roles, unit_id=unit_id)
            await add_person(session, sent, hashed, must_change=False, actor="test", now=now)
    await database.close()


def sign_in(base: str, login: str) -> str:
    sent = {"login": login, "password": PASSWORD}
    answer = httpx.post(f"{base}/api/sessions", json=sent, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def draft(base: str, token: str) -> str:
    sent = {"words": "莲池区裕华路夜里施工噪声很大", "caller": "13812345678"}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{base}/api/tickets", json=sent, headers=headers, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])
