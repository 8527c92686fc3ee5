"""A side of a talk takes a recogniser only while others stay free."""

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from backend.talks.ear import Ear, EarAway


class Recogniser:
    """Answers as the recogniser does."""

    def __init__(self, used: int, total: int, full: bool = False) -> None:
        self.app, self.announced = FastAPI(), list[dict[str, Any]]()
        self.app.get("/health")(lambda: {"slots": {"used": used, "total": total}})

        @self.app.post("/listen", status_code=201)
        async def listen(question: dict[str, Any]) -> JSONResponse:
            if full:
                return JSONResponse({"error": "full"}, 429)
            self.announced.append(question)
            return JSONResponse({"expires_seconds": 10}, 201)

    def ear(self, spare: int) -> Ear:
        return Ear("http://asr", "token", spare, httpx.ASGITransport(self.app))


@pytest.mark.parametrize(
    ("used", "total", "spare", "taken"),
    [(0, 2, 1, True), (1, 2, 1, False), (1, 2, 0, True), (1, 3, 1, True), (2, 3, 1, False)],
)
async def test_so_many_slots_stay_free_for_the_next_caller(
    used: int, total: int, spare: int, taken: bool
) -> None:
    asr = Recogniser(used, total)

    async with asr.ear(spare) as ear:
        found = await ear.announce(uuid.uuid4(), uuid.uuid4(), "talk")

    assert found is taken
    assert len(asr.announced) == taken


async def test_a_slot_that_somebody_else_took_meanwhile_is_not_an_error() -> None:
    asr = Recogniser(0, 2, full=True)

    async with asr.ear(1) as ear:
        assert not await ear.announce(uuid.uuid4(), uuid.uuid4(), "talk")


async def test_a_recogniser_that_knows_no_such_step_is_away() -> None:
    async with Recogniser(0, 2).ear(1) as ear:
        with pytest.raises(EarAway):
            await ear.heard(uuid.uuid4())
