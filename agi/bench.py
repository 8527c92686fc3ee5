"""What one AGI command costs: ``python -m agi.bench`` prints the figures as JSON.

Calls come over TCP from a simulated Asterisk at a steady rate. They run the real flow, the real
protocol and a real spool on disk; the recogniser is full, so every step is the exchange's own.
"""

import json
import logging
import multiprocessing
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated

import structlog
import typer
from cryptography.fernet import Fernet

from agi.asr_client import AsrAway, Question, Result
from agi.asterisk_phone import AsteriskPhone
from agi.backend_client import BackendClient
from agi.call import carry
from agi.hotline import Hotline
from agi.party import read_party
from agi.program import Outbox
from agi.protocol import Line
from agi.server import AgiServer
from agi.simulated import SimulatedAsterisk
from agi.spool import Spool
from agi.transfer import Routes
from ivr_flows.loader import load_book

_NOWHERE = "http://127.0.0.1:9"


class _FullRecogniser:
    """Refuses every step, as a recogniser without a free place does."""

    def announce(self, question: Question) -> None:
        raise AsrAway("full")

    def result(self, listen_id: str, wait_seconds: float) -> Result:
        raise AsrAway("full")

    def speech(self, text: str, within_seconds: float = 1.5) -> str:
        raise AsrAway("full")


def _serve(ready: Connection, folder: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    spool = Spool(Path(folder) / "agi.db", Fernet.generate_key().decode())
    hotline = Hotline(
        book=load_book(),
        recogniser=_FullRecogniser(),
        backend=BackendClient(_NOWHERE, ""),
        journal=Outbox(spool),
        routes=Routes({}),
        media=Path(folder),
        helpers=ThreadPoolExecutor(4),
    )

    def carrier(line: Line, script: str) -> None:
        phone = AsteriskPhone(line, read_party(line), "/media", "127.0.0.1:9", "trunk")
        carry(phone, hotline, script)

    server = AgiServer(("127.0.0.1", 0), carrier, 1000)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ready.send(server.server_address[1])
    ready.recv()
    server.stop(1)
    spool.close()


def _one_call(port: int, found: list[float], failed: list[str]) -> None:
    try:
        with SimulatedAsterisk(("127.0.0.1", port), "leave_message") as peer:
            commands = peer.run()
    except OSError as error:
        failed.append(str(error))
        return
    if not commands or "HOTLINE_DONE" not in commands[-1]:
        failed.append(commands[-1] if commands else "no command")
    found.extend(peer.waits)


def measure(calls_per_second: float, seconds: float) -> dict[str, float]:
    """Measure at a steady rate of calls; milliseconds a command."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("spawn")
        server = context.Process(target=_serve, args=(there, folder))
        server.start()
        port = here.recv()
        found, failed, calls = list[float](), list[str](), list[threading.Thread]()
        started = time.perf_counter()
        for number in range(int(calls_per_second * seconds)):
            time.sleep(max(0.0, started + number / calls_per_second - time.perf_counter()))
            calls.append(threading.Thread(target=_one_call, args=(port, found, failed)))
            calls[-1].start()
        for call in calls:
            call.join()
        here.send("stop")
        server.join()
    cuts = statistics.quantiles(found, n=1000)
    return {
        "calls": len(calls),
        "calls_per_second": calls_per_second,
        "commands": len(found),
        "failed_calls": len(failed),
        "p50_ms": round(cuts[499] * 1000, 3),
        "p95_ms": round(cuts[949] * 1000, 3),
        "p99_ms": round(cuts[989] * 1000, 3),
        "most_ms": round(max(found) * 1000, 3),
    }


def main(
    calls_per_second: Annotated[float, typer.Option(help="Calls that begin each second.")] = 50,
    seconds: Annotated[float, typer.Option(help="How long calls go on beginning.")] = 10,
) -> None:
    """Print what one AGI command costs, as JSON; ends with 1 above 5 ms p99 or with failures."""
    figures = measure(calls_per_second, seconds)
    typer.echo(json.dumps(figures))
    if figures["p99_ms"] > 5 or figures["failed_calls"]:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
