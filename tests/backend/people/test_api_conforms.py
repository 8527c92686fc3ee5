"""Whatever a signed-in person sends, the answer is one that is described, and never a 5xx."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.people.roles import Role
from backend.units.levels import Level
from hotline.throwaway import free_port
from tests.backend.people.office import Office, open_office
from tests.grounds import Ground

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
ENDS_OUR_SESSION = {
    ("/api/sessions", "DELETE"),
    ("/api/sessions/current", "DELETE"),
    ("/api/people/{person_id}/sessions", "DELETE"),
    ("/api/people/{person_id}/password", "POST"),
}


def test_every_answer_is_one_that_is_described(ground: Ground) -> None:
    with served(ground()) as (base, tokens):
        schema = schemathesis.openapi.from_dict(httpx.get(f"{base}/openapi.json").json())
        doors = [
            (path, method.upper())
            for path, methods in schema.raw_schema["paths"].items()
            for method in methods
            if (path, method.upper()) not in ENDS_OUR_SESSION
        ]
        cases = [
            schema[path][method].as_strategy(generation_mode=mode)
            for path, method in doors
            for mode in GenerationMode
        ]

        @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(cases), token=st.sampled_from(tokens))
        def ask(case: schemathesis.Case[Any], token: str) -> None:
            answer = case.call(base_url=base, headers={"Authorization": f"Bearer {token}"})
            case.validate_response(answer, checks=CHECKS)

        ask()


@contextmanager
def served(url: str) -> Iterator[tuple[str, list[str]]]:
    """Serve an office on a port of its own; give its address and a token for each of some roles."""
    port, tokens, servers = free_port(), list[str](), list[uvicorn.Server]()

    async def serve() -> None:
        async with open_office(url) as office:
            tokens.extend(await filled(office))
            server = uvicorn.Server(
                uvicorn.Config(office.app, port=port, log_config=None, lifespan="off")
            )
            servers.append(server)
            await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        wait_until_open(servers, thread)
        yield f"http://127.0.0.1:{port}", tokens
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(30)


def wait_until_open(servers: list[uvicorn.Server], thread: threading.Thread) -> None:
    end = time.monotonic() + 60
    while not (servers and servers[0].started):
        assert thread.is_alive(), "the office ended before it opened"
        assert time.monotonic() < end, "the office did not open"
        time.sleep(0.02)


async def filled(office: Office) -> list[str]:
    city = await office.unit("保定市", Level.CITY)
    await office.unit("住建局", Level.DEPARTMENT, city)
    tokens = []
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.SUPERVISOR):
        await office.person(role.value, role)
        tokens.append(await office.token(role.value))
    return tokens
