"""The keeper of a town: its rounds and its notices, by the town's clock and without waiting."""

from __future__ import annotations

from pathlib import Path

from backend.jobs import service as jobs
from backend.jobs.service import JobKind
from backend.notices.gateways import Sms
from backend.notices.settings import NoticeSettings
from backend.supervision.keeper import Keeper
from backend.supervision.settings import SupervisionSettings
from tests.backend.dispatch.town import Town

LEASE_SECONDS = 30.0


class FakeSms:
    """Keeps what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send(self, number: str, text: str, key: str) -> str:
        """Keep a message."""
        self.sent.append((number, text))
        return "fake"


def keeper_of(town: Town, sms: Sms | None = None, calendar: Path | None = None) -> Keeper:
    """Return a keeper of this town; rounds compare groups every time."""
    settings = town.office.app.state.settings.model_copy(update={"calendar": calendar})
    return Keeper(
        settings,
        town.office.database,
        town.office.app.state.seal,
        notices=NoticeSettings(notice_tries=3, notice_retry_seconds=1),
        supervision=SupervisionSettings(groups_seconds=0.001, round_seconds=1),
        sms=sms or FakeSms(),
        now=lambda: town.office.now,
    )


async def work(town: Town, keeper: Keeper, worker: str = "w", only: JobKind | None = None) -> int:
    """Do what is due now, and what that makes due now; return how many jobs that were."""
    done = 0
    while True:
        async with town.office.database.transaction() as session:
            job = await jobs.claim(session, worker, town.office.now, LEASE_SECONDS, only)
        if job is None:
            return done
        await keeper.do(job, worker)
        done += 1


async def round_of(town: Town, keeper: Keeper | None = None) -> Keeper:
    """Make one round now, with all that follows from it."""
    keeper = keeper or keeper_of(town)
    await keeper.rounds.ask()
    town.pass_time(seconds=2)
    await work(town, keeper)
    return keeper
