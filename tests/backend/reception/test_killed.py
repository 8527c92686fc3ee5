"""A backend that is killed in the middle loses nothing and makes nothing twice."""

from __future__ import annotations

import signal

import httpx
from sqlalchemy import func, select

from backend.database import Database
from backend.settings import Settings
from backend.tickets.models import Ticket
from hotline.throwaway import free_port
from tests.backend.process import HEADERS, backend
from tests.backend.story import Story


def send(port: int, path: str, *entries: dict) -> httpx.Response:
    url = f"http://127.0.0.1:{port}{path}"
    return httpx.post(url, json={"entries": list(entries)}, headers=HEADERS, timeout=30)


async def test_killed_between_entries_and_sent_all_again_there_is_one_ticket(
    settings: Settings, database: Database
) -> None:
    story, port = Story(), free_port()
    draft = f"/api/calls/{story.call_id}/draft"
    with backend(settings, port) as process:
        send(port, "/api/journal", story.opened())
        first = send(port, draft, story.heard()).json()
        process.send_signal(signal.SIGKILL)
        process.wait()

    with backend(settings, port):
        story.closed()
        results = send(port, "/api/journal", *story.entries).json()["results"]
        again = send(port, draft).json()

    assert [one["status"] for one in results] == ["known", "known", "accepted"]
    assert (again["number"], again["code"]) == (first["number"], first["code"])
    async with database.transaction(writes=False) as session:
        assert await session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_told_to_stop_it_is_gone_within_five_seconds(settings: Settings) -> None:
    with backend(settings, free_port()) as process:
        process.terminate()

        assert process.wait(timeout=5) is not None
