"""Whatever is sent, the answer is one that the API's description names, and never a 5xx."""

from __future__ import annotations

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

from backend.settings import Settings
from tests.backend.process import HEADERS, backend
from tests.servers import free_port

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
        schema = schemathesis.openapi.from_dict(httpx.get(f"{base}/openapi.json").json())
        cases = [
            schema[path][method].as_strategy(generation_mode=mode)
            for path, method in OPERATIONS
            for mode in GenerationMode
        ]

        @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(cases))
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(base_url=base, headers=HEADERS)
            case.validate_response(answer, checks=CHECKS)

        ask()
