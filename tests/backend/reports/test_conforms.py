"""Whatever reports, callbacks and pages are sent, the answer is one that is described."""

import asyncio

import httpx

from backend.settings import Settings
from hotline.throwaway import free_port
from tests.backend.process import backend
from tests.backend.test_api_conforms import PASSWORD, add_everybody, ask_all

TAGS = {"reports", "open data", "callbacks", "disputed ratings", "citizens"}


def test_every_answer_is_one_that_is_described(settings_of_test: Settings) -> None:
    port = free_port()
    asyncio.run(add_everybody(settings_of_test.database_url))
    with backend(settings_of_test, port):
        base = f"http://127.0.0.1:{port}"
        sent = {"login": "everybody", "password": PASSWORD}
        token = httpx.post(f"{base}/api/sessions", json=sent, timeout=60).json()["token"]
        paths = httpx.get(f"{base}/openapi.json", timeout=60).json()["paths"]
        operations = [
            (path, method.upper())
            for path, methods in paths.items()
            for method, one in methods.items()
            if set(one.get("tags", ())) & TAGS
        ]
        assert len(operations) > 20

        ask_all(base, {"Authorization": f"Bearer {token}"}, operations)
