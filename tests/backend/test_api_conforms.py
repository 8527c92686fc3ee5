"""Whatever is sent, the answer is one that the API's description names, and never a 5xx."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.database import Database
from backend.people.passwords import Passwords
from backend.people.roles import HOTLINE_ROLES
from backend.people.schemas import PersonIn
from backend.people.service import add as add_person
from backend.people.settings import PeopleSettings
from backend.settings import Settings
from hotline.throwaway import free_port
from tests.backend.people.office import PASSWORD
from tests.backend.process import HEADERS, backend

OPERATIONS = (
    ("/api/journal", "POST"),
    ("/api/calls/{call_id}/draft", "POST"),
    ("/api/calls/{call_id}", "GET"),
    ("/api/calls", "GET"),
    ("/api/tickets", "GET"),
    ("/api/tickets", "POST"),
    ("/api/tickets/export", "GET"),
    ("/api/recordings/{call_id}/listening", "POST"),
    ("/api/tickets/{number}", "GET"),
    ("/api/tickets/{number}", "PATCH"),
    ("/api/progress", "POST"),
    ("/api/intake/draft", "POST"),
)
PATIENCE_SECONDS = 240
LAW = (
    "handling",
    "duties",
    "notices",
    "supervision",
    "tolerance",
    "abuse",
    "warnings",
    "alarms",
    "emergencies",
)
"""Tags of what only people may do: asked by one who holds every role of the hotline."""
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def test_every_answer_is_one_that_is_described(settings_of_test: Settings) -> None:
    port = free_port()
    with backend(settings_of_test, port):
        base = f"http://127.0.0.1:{port}"
        ask_all(base, HEADERS, OPERATIONS)


def test_every_answer_to_a_person_is_one_that_is_described(settings_of_test: Settings) -> None:
    port = free_port()
    asyncio.run(add_everybody(settings_of_test.database_url))
    with backend(settings_of_test, port):
        base = f"http://127.0.0.1:{port}"
        sent = {"login": "everybody", "password": PASSWORD}
        token = httpx.post(f"{base}/api/sessions", json=sent, timeout=PATIENCE_SECONDS).json()[
            "token"
        ]
        paths = httpx.get(f"{base}/openapi.json", timeout=PATIENCE_SECONDS).json()["paths"]
        operations = [
            (path, method.upper())
            for path, methods in paths.items()
            for method, one in methods.items()
            if set(one.get("tags", ())) & set(LAW)
        ]
        assert len(operations) > 50

        ask_all(base, {"Authorization": f"Bearer {token}"}, operations)


def ask_all(base: str, headers: dict[str, str], operations: Iterable[tuple[str, str]]) -> None:
    """Send odd and plain values to each operation, and hold the answers against the description."""
    schema = schemathesis.openapi.from_dict(
        httpx.get(f"{base}/openapi.json", timeout=PATIENCE_SECONDS).json()
    )
    cases = [
        schema[path][method].as_strategy(generation_mode=mode)
        for path, method in operations
        for mode in GenerationMode
    ]

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=st.one_of(cases))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=base, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    ask()


async def add_everybody(url: str) -> None:
    """Add a person who holds every role of the hotline."""
    person = PersonIn(login="everybody", name="王小明", roles=sorted(HOTLINE_ROLES))
    hashed = await Passwords(PeopleSettings()).hash(PASSWORD)
    database = Database(url)
    try:
        async with database.transaction() as session:
            now = dt.datetime.now(dt.UTC)
            await add_person(session, person, hashed, must_change=False, actor="test", now=now)
    finally:
        await database.close()
