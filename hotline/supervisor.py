"""Start, stop and watch the programs of one instance; supervisord restarts what dies."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import SupervisorTransport

from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import (
    Env,
    Program,
    command_of,
    environment,
    log_of,
    programs_of,
)

READY_SECONDS = 180
"""How long the slowest program (the recogniser, reading its model) may take to be ready."""

STOP_SECONDS = 30
"""How long all programs together may take to stop."""

HEAD = """\
[supervisord]
nodaemon=false
directory={checkout}
pidfile={run}/supervisord.pid
logfile={logs}/supervisord.log
childlogdir={logs}
umask=027
[unix_http_server]
file={run}/supervisor.sock
chmod=0600
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

PROGRAM = """
[program:{name}]
command={command}
autorestart=true
startsecs={startup}
startretries=1000000
stopwaitsecs={stop}
stopasgroup={group}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=5
"""


class Supervisor:
    """The supervisor of one instance; it may or may not be running."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.home = Path(env[f"{PREFIX}HOME"])
        self.run = self.home / "run"

    def running(self) -> bool:
        """Tell whether a supervisor answers for this instance."""
        try:
            return bool(self._ask("getState"))
        except (OSError, Fault):
            return False

    def start(self) -> None:
        """Start the supervisor and with it every program; nothing happens if it runs."""
        if self.running():
            return
        for directory in (self.run, self.home / "logs", self.home / "redis", self.home / "spool"):
            directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        conf = self.run / "supervisord.conf"
        conf.write_text(self._configuration(), encoding="utf-8")
        conf.chmod(0o600)
        command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", str(conf)]
        done = subprocess.run(
            command, env=environment(self.env), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise InstanceError(f"the supervisor did not start: {done.stderr.strip()[-300:]}")

    def stop(self) -> None:
        """Stop every program and the supervisor, and wait until all are gone."""
        if not self.running():
            return
        pid = int(self._ask("getPID"))
        self._ask("shutdown")
        # While it shuts down it answers with faults: only the end of its process is the end.
        try:
            psutil.Process(pid).wait(STOP_SECONDS)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired as error:
            raise InstanceError(
                f"still stopping after {STOP_SECONDS} s: see {self.home}/logs/supervisord.log"
            ) from error

    def states(self) -> dict[str, dict[str, Any]]:
        """Return what the supervisor knows of each program: state, pid, since when."""
        rows = cast(list[dict[str, Any]], self._ask("getAllProcessInfo"))
        return {str(row["name"]): row for row in rows}

    def restart(self, name: str) -> None:
        """Stop and start one program."""
        self.stop_program(name)
        self.start_program(name)

    def stop_program(self, name: str) -> None:
        """Stop one program and leave it stopped."""
        self._ask("stopProcess", name)

    def start_program(self, name: str) -> None:
        """Start one program that was stopped."""
        self._ask("startProcess", name)

    def wait_ready(self, tell: Callable[[Program, str | None, float], None]) -> None:
        """Wait until every program answers; ``tell`` hears of each one, with its fault if any."""
        began = time.monotonic()
        for program in programs_of(self.env):
            fault = program.ready(self.env)
            while fault and time.monotonic() - began < READY_SECONDS:
                time.sleep(0.2)
                fault = program.ready(self.env)
            tell(program, fault, time.monotonic() - began)
            if fault:
                log = log_of(program.name, self.env)
                raise InstanceError(f"{program.name} is not ready: {fault}; its log: {log}")

    def _configuration(self) -> str:
        logs = self.home / "logs"
        text = HEAD.format(checkout=CHECKOUT, run=self.run, logs=logs)
        for program in programs_of(self.env):
            text += PROGRAM.format(
                name=program.name,
                command=command_of(program, self.env).replace("%", "%%"),
                startup=program.startup_seconds,
                stop=program.stop_seconds,
                group="true" if program.name == "asr" else "false",
                log=log_of(program.name, self.env),
            )
        return text

    def _ask(self, question: str, *about: object) -> Any:
        """Ask the supervisor one thing, over a connection of its own."""
        transport = SupervisorTransport(None, None, f"unix://{self.run / 'supervisor.sock'}")
        with ServerProxy("http://supervisor", transport=transport) as proxy:
            return getattr(proxy.supervisor, question)(*about)
