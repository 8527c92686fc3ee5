"""Bring one instance up: free ports, a migrated database, its sounds, then every program."""

import socket
import subprocess
import sys
from collections.abc import Callable

from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import Env, Program, environment, programs_of
from hotline.supervisor import Supervisor

Tell = Callable[[str], None]


def start(env: Env, tell: Tell) -> None:
    """Start what is not running and wait until every program answers.

    Raises InstanceError with the program, the port or the step at fault.
    """
    supervisor = Supervisor(env)
    if supervisor.running():
        tell("already started; waiting until every program answers")
    else:
        refuse_taken_ports(env)
        step(env, tell, "database", "-m", "backend", "migrate")
        step(env, tell, "sounds", "-m", "asr", "prompts")
        supervisor.start()
    supervisor.wait_ready(lambda program, fault, seconds: tell(_line(program, fault, seconds)))
    tell(f"the hotline is up: http://127.0.0.1:{env[f'{PREFIX}BACKEND_PORT']}/docs")


def step(env: Env, tell: Tell, what: str, *command: str) -> None:
    """Run one preparing step of another program, its progress in full view."""
    tell(f"preparing the {what}")
    done = subprocess.run(
        [sys.executable, *command], env=environment(env), cwd=CHECKOUT, check=False
    )
    if done.returncode:
        raise InstanceError(f"the {what} could not be prepared; the lines above say why")


def refuse_taken_ports(env: Env) -> None:
    """Refuse to start when a stranger holds one of the ports."""
    for program in programs_of(env):
        for name in program.ports:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", int(env[PREFIX + name])))
                except OSError as error:
                    raise InstanceError(
                        f"port {env[PREFIX + name]} for {program.name} is taken by another program:"
                        f" end that one, or set {PREFIX}{name} to a free port"
                    ) from error


def _line(program: Program, fault: str | None, seconds: float) -> str:
    return f"  {program.name:<9} {fault or 'ready'} ({seconds:.1f} s)"
