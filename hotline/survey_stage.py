"""A rehearsal of surveys while it runs: the hotline, its citizens, and the surveys' clock."""

import datetime as dt
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from backend.deadlines import SHANGHAI
from backend.surveys.clock import set_ahead
from hotline.exchange import Exchange
from hotline.exchange_arrivals import Arrival
from hotline.instance import PREFIX
from hotline.programs import Env
from hotline.survey_citizens import Citizen

Json = dict[str, Any]


@dataclass
class Stage:
    """What a rehearsal works with."""

    env: Env
    exchange: Exchange
    citizens: list[Citizen]
    words: dict[str, Path]
    ahead: float = 0.0
    moments: list[tuple[float, float]] = field(default_factory=list)
    """From which epoch on the surveys' clock was ahead by how much."""
    kills: Counter[str] = field(default_factory=Counter)

    def jump(self, seconds: float) -> None:
        """Set the surveys' clock further ahead."""
        self.ahead += seconds
        set_ahead(Path(self.env[f"{PREFIX}SURVEY_CLOCK"]), self.ahead)
        self.moments.append((time.time(), self.ahead))

    def to_nine(self) -> None:
        """Set the surveys' clock to nine of the next morning."""
        now = dt.datetime.now(SHANGHAI)
        nine = (now + dt.timedelta(days=1)).replace(hour=9, minute=0, second=30, microsecond=0)
        self.jump((nine - now).total_seconds())

    def now(self) -> dt.datetime:
        """Tell the time of the surveys."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.ahead)

    async def surveys(self) -> list[Json]:
        """Return every citizen's survey; raises httpx.HTTPError while the backend is away."""
        ours = {one.ticket for one in self.citizens}
        base = f"http://127.0.0.1:{self.env[f'{PREFIX}BACKEND_PORT']}"
        headers = {"Authorization": f"Bearer {self.env[f'{PREFIX}SERVICE_TOKEN']}"}
        found: list[Json] = []
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as backend:
            after: int | None = 0
            while after is not None:
                reply = await backend.get("/api/surveys", params={"after": after, "limit": 200})
                page = reply.raise_for_status().json()
                found += [one for one in page["items"] if one["ticket"] in ours]
                after = page["next_after"]
        return found

    def arrivals(self) -> list[Arrival]:
        """Return every call that reached the exchange."""
        return [each for one in self.citizens for each in self.exchange.arrivals(one.number)]
