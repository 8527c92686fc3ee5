"""`hotline alarms`: send a test alarm to the duty list, and list what nobody has taken."""

import asyncio
import json
import sys
import time
from typing import Annotated, Any

import structlog
import typer

app = typer.Typer(no_args_is_help=True)
LOOK_SECONDS = 0.3


@app.command(name="test")
def send_one(
    wait: Annotated[float, typer.Option(help="Seconds to wait until it is delivered.")] = 30.0,
) -> None:
    """Raise a test alarm; print who was told as JSON; exit 1 if nobody was in that time."""
    row = asyncio.run(_test(wait))
    print(json.dumps(row, ensure_ascii=False))
    raise typer.Exit(0 if row["delivered_to"] else 1)


@app.command(name="list")
def show(
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 50,
) -> None:
    """List alarms that nobody has taken, newest first, as JSON lines."""
    for row in asyncio.run(_waiting(limit)):
        print(json.dumps(row, ensure_ascii=False))


async def _test(wait: float) -> dict[str, Any]:
    from backend.alarms import service
    from backend.database import Database
    from backend.live import Loudspeaker
    from backend.settings import Settings, load

    # What this prints is read by programs: remarks go to the other stream.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = load(Settings)
    speaker = Loudspeaker(settings.redis_url)
    database = Database(settings.database_url, speaker.announce)
    speaker.start()
    try:
        async with database.transaction() as session:
            text = "测试警报：请确认收到，无需处置。"
            alarm = await service.raise_alarm(session, "test", service.Level.NOTICE, text)
        told: list[Any] = []
        end = time.monotonic() + wait
        while not any(one.delivered_at for one in told) and time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
            async with database.transaction(writes=False) as session:
                told = list(await service.deliveries(session, [alarm.id]))
    finally:
        await speaker.stop()
        await database.close()
    return {
        "alarm": str(alarm.id),
        "delivered_to": [one.duty for one in told if one.delivered_at],
        "tries": sum(one.tries for one in told),
        "faults": [f"{one.duty}: {one.fault}" for one in told if one.fault],
    }


async def _waiting(limit: int) -> list[dict[str, Any]]:
    from backend.alarms import service
    from backend.database import Database
    from backend.settings import DatabaseSettings, load

    database = Database(load(DatabaseSettings).database_url)
    try:
        async with database.transaction(writes=False) as session:
            found = await service.page(session, None, limit, waiting=True)
    finally:
        await database.close()
    names = ("kind", "level", "text")
    return [
        {"id": str(one.id), "raised_at": one.raised_at.isoformat()}
        | {name: getattr(one, name) for name in names}
        for one in found
    ]
