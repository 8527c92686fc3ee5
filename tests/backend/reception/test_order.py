"""Whatever happens to a call's entries on the way, the call is the same and has one ticket."""

from __future__ import annotations

import random
import uuid
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.database import Database
from backend.tickets.models import Ticket
from tests.backend.story import Story

SHAPES = ("plain", "late_words", "emergency", "no_opening")


def tell(shape: str) -> Story:
    """A call of each kind, with all that its programs report of it."""
    story = Story()
    if shape != "no_opening":
        story.opened()
    story.heard("莲池区裕华路")
    if shape == "late_words":
        pending = story.pending()
        words = {"listen_id": pending["data"]["listen_id"], "text": "暖气停了三天了"}
        story.transcribed(words)
    else:
        story.heard("暖气停了三天了")
    if shape == "emergency":
        story.emergency("busy", "answered")
    story.closed()
    return story


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shape=st.sampled_from(SHAPES), seed=st.integers(0, 2**32))
async def test_any_order_repetition_and_loss_gives_the_same_call_and_one_ticket(
    client: httpx.AsyncClient, database: Database, shape: str, seed: int
) -> None:
    chance = random.Random(seed)
    story, straight = tell(shape), tell(shape)
    await deliver(client, [straight.entries])

    await deliver(client, scattered(story.entries, chance))

    assert await seen(client, story) == await seen(client, straight)
    async with database.transaction(writes=False) as session:
        tickets = select(func.count()).select_from(Ticket)
        assert await session.scalar(tickets.where(Ticket.call_id == uuid.UUID(story.call_id))) == 1


def scattered(entries: list[dict[str, Any]], chance: random.Random) -> list[list[dict[str, Any]]]:
    """Send some twice, all in disorder and in batches; and sometimes all once more."""
    sent = entries + chance.sample(entries, chance.randint(0, len(entries)))
    chance.shuffle(sent)
    cut = chance.randint(0, len(sent))
    return [sent[:cut], sent[cut:], entries if chance.random() < 0.5 else []]


async def deliver(client: httpx.AsyncClient, batches: list[list[dict[str, Any]]]) -> None:
    for batch in batches:
        reply = await client.post("/api/journal", json={"entries": batch})
        assert all(one["status"] != "rejected" for one in reply.json()["results"])


async def seen(client: httpx.AsyncClient, story: Story) -> dict[str, Any]:
    """What is known of a call, without what differs between two calls."""
    shown = (await client.get(f"/api/calls/{story.call_id}")).json()
    ticket = shown["ticket"]
    return {
        "said": shown["transcript"],
        "outcome": shown["outcome"],
        "pending": shown["pending"],
        "heard": [(one["step"], one["text"], one["pending"]) for one in shown["utterances"]],
        "emergency": shown["emergency"] and shown["emergency"]["service"],
        "kind": ticket["kind"],
        "state": ticket["state"],
        "fields": ticket["fields"],
        "words": ticket["words"],
    }
