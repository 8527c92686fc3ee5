"""How much of the machine each program of an instance uses while something goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil

from hotline.programs import Env
from hotline.supervisor import Supervisor

EVERY_SECONDS = 1.0


@dataclass(slots=True)
class Used:
    """What one program with all its children used."""

    cores: float = 0.0
    """CPU time over time: 1.0 is one core all the while."""
    most_bytes: int = 0


@dataclass(slots=True)
class Usage:
    """What every program used, by its name."""

    programs: dict[str, Used] = field(default_factory=dict)


@asynccontextmanager
async def watch(env: Env) -> AsyncIterator[Usage]:
    """Watch the programs while the body runs; the figures are complete after it."""
    usage = Usage()
    pids = {name: int(row["pid"]) for name, row in Supervisor(env).states().items() if row["pid"]}
    before, began = {name: _cpu(pid) for name, pid in pids.items()}, time.monotonic()
    usage.programs = {name: Used() for name in pids}

    async def look() -> None:
        while True:
            for name, pid in pids.items():
                used = usage.programs[name]
                used.most_bytes = max(used.most_bytes, _memory(pid))
            await asyncio.sleep(EVERY_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield usage
    finally:
        looking.cancel()
        seconds = time.monotonic() - began
        for name, pid in pids.items():
            usage.programs[name].cores = max(0.0, _cpu(pid) - before[name]) / seconds


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _cpu(pid: int) -> float:
    total = 0.0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _memory(pid: int) -> int:
    total = 0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += process.memory_info().rss
    return total
