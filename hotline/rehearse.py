"""Rehearse every failure of an emergency on a hotline of its own, and print what came of each."""

import asyncio
import random
import socket
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline.instance import PORTS, PREFIX, InstanceError, Place, create, load
from hotline.programs import Env
from hotline.rehearsal import HEAD, Play, Rig, Seen, rehearsing
from hotline.rehearsal_rows import ONE_BY_ONE, SETTINGS, SIDE_BY_SIDE, fifty_calls
from hotline.start import Tell, start
from hotline.supervisor import Supervisor
from hotline.throwaway import postgres


@contextmanager
def own_instance(tell: Tell, **settings: str) -> Iterator[dict[str, str]]:
    """Start a hotline with an exchange and these settings on free ports; end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-", ignore_cleanup_errors=True) as home:
        env_file = Path(home) / "hotline.env"
        base = _free_base()
        create(env_file, Place(Path(home), f"rehearsal-{base}", base))
        env = load(env_file) | {PREFIX + name: value for name, value in settings.items()}
        try:
            start(env, tell=tell)
            yield env
        finally:
            Supervisor(env).stop()


def chosen(names: Collection[str]) -> list[list[Play]]:
    """Group the rows of these names, all rows without any; those of a group run at once."""
    groups = [*SIDE_BY_SIDE, *([one] for one in ONE_BY_ONE), [fifty_calls]]
    known = [row.__name__ for group in groups for row in group]
    if strange := [name for name in names if name not in known]:
        raise InstanceError(f"no such row: {strange[0]}; choose among {', '.join(known)}")
    wanted = [[row for row in group if not names or row.__name__ in names] for group in groups]
    return [group for group in wanted if group]


async def play(env: Env, groups: Iterable[Iterable[Play]]) -> list[Seen]:
    """Rehearse rows on a running hotline that has ``rehearsal_rows.SETTINGS``."""
    rows: list[Seen] = []
    supervisor = Supervisor(env)
    async with rehearsing(env) as rig:
        for group in groups:
            await asyncio.to_thread(supervisor.wait_ready, lambda *_: None)
            found = await asyncio.gather(*(_one(rig, row) for row in group))
            rows += found
            for seen in found:
                print(seen.told(), flush=True)
    return rows


async def _one(rig: Rig, row: Play) -> Seen:
    """Rehearse a row; one that breaks off has failed, and the others go on."""
    try:
        return await row(rig)
    except Exception as error:
        name = f"{row.__name__}: {type(error).__name__} {error}"
        return Seen(name, "", (), None, (), dropped=False)


def rehearse(names: Collection[str] = ()) -> None:
    """Print the table; raises InstanceError when a citizen was lost in any row."""
    groups = chosen(names)
    with (
        postgres() as server,
        own_instance(print, **SETTINGS, DATABASE_URL=server.create("hotline")) as env,
    ):
        print(HEAD, flush=True)
        rows = asyncio.run(play(env, groups))
    if lost := [row.row for row in rows if not row.good]:
        raise InstanceError(f"not every citizen in danger was served: {', '.join(lost)}")
    print(f"{len(rows)} rows: every citizen was connected, called back or told; none was dropped")


def _free_base() -> int:
    for base in random.sample(range(15400, 29000, 200), 60):
        with_strangers = False
        for port in range(base, base + len(PORTS)):
            with socket.socket() as probe:
                with_strangers |= probe.connect_ex(("127.0.0.1", port)) == 0
        if not with_strangers:
            return base
    raise InstanceError("no free range of ports: stop another instance")
