"""The programs of the hotline: how each is started, and how one can tell that it is ready."""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from hotline.instance import CHECKOUT, PREFIX

Env = Mapping[str, str]
Check = Callable[[Env], str | None]
"""Returns None when the program answers, else what is wrong in a few words."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process that the supervisor keeps alive."""

    name: str
    command: str
    """Run from the checkout; ``{HOME}`` and the like stand for the instance's settings."""
    ready: Check
    ports: tuple[str, ...] = ()
    """Settings that name the ports it listens on: free ones before it starts."""
    stop_seconds: int = 8
    startup_seconds: int = 1


def answers_http(port: str) -> Check:
    """Ask the program at this port for its own opinion of its health."""

    def check(env: Env) -> str | None:
        url = f"http://{_host(env, port)}:{env[PREFIX + port]}/health"
        try:
            reply = httpx.get(url, timeout=3)
        except httpx.HTTPError as error:
            return f"no answer at port {env[PREFIX + port]} ({type(error).__name__})"
        return None if reply.status_code == 200 else f"says it is ill: {reply.text[:120]}"

    return check


def greets(port: str, say: bytes, expect: bytes) -> Check:
    """Connect, say something, and see the reply begin as expected."""

    def check(env: Env) -> str | None:
        address = (_host(env, port), int(env[PREFIX + port]))
        try:
            with socket.create_connection(address, timeout=2) as line:
                line.sendall(say)
                reply = line.recv(64) if expect else b""
        except OSError as error:
            return f"no answer at port {address[1]} ({error.strerror or type(error).__name__})"
        return None if reply.startswith(expect) else f"port {address[1]} is held by a stranger"

    return check


def runs(_: Env) -> str | None:
    """Accept that the process is there: it listens to nobody."""
    return None


def _host(env: Env, port: str) -> str:
    """Name the address at which a port of this instance is reached."""
    return env.get(f"{PREFIX}{port.removesuffix('_PORT')}_HOST", "127.0.0.1")


PYTHON = sys.executable

PROGRAMS = (
    Program(
        "redis",
        "redis-server --port {REDIS_PORT} --bind 127.0.0.1 --dir {HOME}/redis"
        " --save '' --appendonly yes --maxmemory 256mb --maxmemory-policy noeviction",
        greets("REDIS_PORT", b"PING\r\n", b"+PONG"),
        ports=("REDIS_PORT",),
    ),
    Program(
        "backend",
        f"{PYTHON} -m backend serve",
        answers_http("BACKEND_PORT"),
        ports=("BACKEND_PORT",),
    ),
    Program("worker", f"{PYTHON} -m backend worker", runs),
    Program("surveys", f"{PYTHON} -m backend surveys", runs),
    Program(
        "asr",
        f"{PYTHON} -m asr serve",
        answers_http("ASR_PORT"),
        ports=("ASR_PORT", "AUDIOSOCKET_PORT"),
    ),
    Program("agi", f"{PYTHON} -m agi", greets("AGI_PORT", b"", b""), ports=("AGI_PORT",)),
    Program(
        "asterisk",
        "asterisk_conf/start.sh hotline",
        greets("AMI_PORT", b"", b"Asterisk Call Manager"),
        ports=("AMI_PORT",),
    ),
    Program(
        "exchange",
        "asterisk_conf/start.sh exchange",
        greets("EXCHANGE_AMI_PORT", b"", b"Asterisk Call Manager"),
        ports=("EXCHANGE_AMI_PORT",),
    ),
)
"""In the order in which they are started."""


def programs_of(env: Env) -> tuple[Program, ...]:
    """Name the programs this instance runs: the simulated exchange only where it is wanted."""
    with_exchange = env.get(f"{PREFIX}EXCHANGE", "no") == "yes"
    return tuple(p for p in PROGRAMS if with_exchange or p.name != "exchange")


def command_of(program: Program, env: Env) -> str:
    """Fill the instance's settings into a program's command."""
    return program.command.format_map({k.removeprefix(PREFIX): v for k, v in env.items()})


def log_of(program: str, env: Env) -> Path:
    """Name the file that holds what a program printed."""
    return Path(env[f"{PREFIX}HOME"]) / "logs" / f"{program}.log"


def environment(env: Env) -> dict[str, str]:
    """Give a program its settings, and nothing that would let it find another checkout."""
    return {**os.environ, **env, "PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}
