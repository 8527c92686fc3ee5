"""The pages and programs an operator meets: health, metrics, docs, settings, live events."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys

import httpx
from redis.asyncio import Redis

from backend.live import CHANNEL
from backend.main import create_app
from backend.settings import Settings
from hotline.throwaway import free_port
from tests.backend.conftest import running
from tests.backend.process import CHECKOUT
from tests.backend.story import Story


async def test_health_names_the_part_that_is_missing(client: httpx.AsyncClient) -> None:
    reply = await client.get("/health")

    assert reply.status_code == 200
    assert reply.json()["parts"]["database"]["status"] == "ok"
    assert reply.json()["parts"]["redis"]["status"] == "ok"
    assert reply.json()["parts"]["worker"]["status"] == "silent"


async def test_without_redis_calls_and_tickets_go_on(settings: Settings) -> None:
    settings.redis_url = f"redis://127.0.0.1:{free_port()}/0"
    story = Story()
    async with running(create_app(settings)) as client:
        sent = await client.post("/api/journal", json={"entries": [story.heard(), story.closed()]})
        health = (await client.get("/health")).json()

    assert sent.status_code == 200
    assert health["status"] == "degraded"
    assert health["parts"]["redis"]["status"] == "away"


async def test_a_database_that_is_not_there_is_a_503_with_a_remedy(settings: Settings) -> None:
    settings.database_url = f"postgresql+asyncpg://x@127.0.0.1:{free_port()}/none"
    async with running(create_app(settings)) as client:
        health = await client.get("/health")
        sent = await client.post("/api/journal", json={"entries": [Story().heard()]})

    assert (health.status_code, health.json()["status"]) == (503, "ill")
    assert (sent.status_code, sent.json()["error"]) == (503, "database_away")
    assert sent.headers["Retry-After"]


async def test_listeners_hear_of_a_ticket_once_it_is_committed(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    story = Story()
    redis = Redis.from_url(settings.redis_url)
    ear = redis.pubsub()
    await ear.subscribe(CHANNEL)

    await client.post("/api/journal", json={"entries": [story.heard(), story.closed()]})

    kinds = []
    async with asyncio.timeout(10):
        async for message in ear.listen():
            if message["type"] == "message":
                event = json.loads(message["data"])
                if event["call_id"] == story.call_id:
                    kinds.append(event["kind"])
            if len(kinds) == 3:
                break
    await ear.aclose()
    await redis.aclose()
    assert sorted(kinds) == ["call.closed", "call.heard", "ticket.drafted"]


async def test_the_docs_load_nothing_from_anywhere_else(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text

    assert "/api/journal" in page
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!/|#)', page) == []


async def test_metrics_count_by_route_and_not_by_address(client: httpx.AsyncClient) -> None:
    await client.get("/api/tickets/2611230001")

    text = (await client.get("/metrics")).text

    assert 'route="/api/tickets/{number}",status="404"' in text
    assert "hotline_jobs_waiting 0.0" in text


async def test_a_body_past_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    reply = await client.post(
        "/api/journal", content=b" " * 5_000_000, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code == 413
    assert reply.json()["remedy"]


def test_a_missing_or_wrong_setting_is_one_clear_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backend", "serve"],
        env={"PATH": os.environ["PATH"], "HOTLINE_DATABASE_URL": "mysql://x"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "HOTLINE_DATABASE_URL: " in done.stderr
    assert "HOTLINE_SERVICE_TOKEN: " in done.stderr
    assert "Traceback" not in done.stderr
