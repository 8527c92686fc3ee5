"""An Asterisk that only speaks AGI: the far side for measurements and tests."""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType

Answerer = Callable[[str], str | None]
"""Gives the answer to a command, without its newline; None closes the line."""

ENVIRONMENT = {
    "agi_network": "yes",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_language": "zh",
    "agi_uniqueid": "1700000000.1",
    "agi_version": "22.10.1",
}


def willing(command: str) -> str | None:
    """Do as told, as a caller who hears everything and never presses a key."""
    match command.split(" ", 2):
        case ["GET", "FULL", *_]:
            return "200 result=1 (x)"
        case ["CHANNEL", "STATUS", *_]:
            return "200 result=6"
        case ["STREAM" | "RECORD", *_]:
            return "200 result=0 endpos=8000"
        case _:
            return "200 result=0"


@dataclass
class SimulatedAsterisk:
    """One channel that has reached ``AGI(agi://host:port/script)``."""

    address: tuple[str, int]
    script: str
    answerer: Answerer = willing
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 10.0
    commands: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds between each answer and the command after it: what the call script itself cost."""

    def __enter__(self) -> "SimulatedAsterisk":
        self.socket = socket.create_connection(self.address, self.timeout_seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.socket.close()

    def run(self) -> list[str]:
        """Carry the call until the script ends; give all its commands."""
        told = ENVIRONMENT | {"agi_network_script": self.script} | dict(self.environment)
        text = "".join(f"{name}: {value}\n" for name, value in told.items()) + "\n"
        self.socket.sendall(text.encode("utf-8", "surrogateescape"))
        asked = time.perf_counter()
        with self.socket.makefile("rb") as lines:
            for line in lines:
                self.waits.append(time.perf_counter() - asked)
                command = line.decode("utf-8", "replace").rstrip("\n")
                self.commands.append(command)
                if (answer := self.answerer(command)) is None:
                    break
                self.socket.sendall(answer.encode("utf-8", "surrogateescape") + b"\n")
                asked = time.perf_counter()
        return self.commands
