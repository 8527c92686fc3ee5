"""Throw-away servers for tests and measurements: a PostgreSQL and a Redis on ports of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 30
_PREFERRED = "/usr/lib/postgresql"


def free_port() -> int:
    """Ask the system for a TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running cluster; `url` is for asyncpg, with the database's name left out."""

    port: int
    directory: Path
    pid: int

    def url(self, database: str) -> str:
        """Return SQLAlchemy's URL of a database of this cluster."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database, empty or a copy of another, and return its URL."""
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, *databases: str) -> None:
        """Remove databases, whoever is connected to them."""
        self._run("postgres", *(f'DROP DATABASE IF EXISTS "{x}" WITH (FORCE)' for x in databases))

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement and return what psql prints."""
        return self._run(database, statement)

    def _run(self, database: str, *statements: str) -> str:
        command = [str(_program("psql")), "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-U", "postgres", "-d", database, "-qAt"]
        command += [f"-c{statement}" for statement in statements]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        return done.stdout.strip()


@contextmanager
def postgres(**more: object) -> Iterator[Postgres]:
    """Run a PostgreSQL cluster in a temporary directory, as the user postgres when we are root.

    `more` are settings of the server; without any it is fast and forgets all in a power cut.
    """
    directory = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(directory, "postgres", "postgres")
    port, data = free_port(), directory / "data"
    init = [str(_program("initdb")), "-D", str(data), "-U", "postgres", "-A", "trust"]
    init += ["--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*prefix, *init], check=True, capture_output=True, cwd="/", timeout=60)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": directory,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_wal_size": "96MB",
        "max_connections": 120,
        **more,
    }
    command = [*prefix, str(_program("postgres")), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd="/")
    try:
        _wait_for_postgres(server, port, directory)
        yield Postgres(port, directory, server.pid)
    finally:
        _stop(server)
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def shut(port: int, database: str) -> Iterator[None]:
    """Cut every connection to a database, and refuse new ones for a while."""
    server = Postgres(port, Path(), 0)
    server.sql(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
    try:
        server.sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        )
        yield
    finally:
        server.sql(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A running Redis without persistence."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Return the URL of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def redis_server(port: int | None = None) -> Iterator[RedisServer]:
    """Run a Redis on a free port, or on the one given."""
    port = port or free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", tempfile.gettempdir()]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_port(server, port)
        yield RedisServer(port, server.pid)
    finally:
        _stop(server)


def _program(name: str) -> Path:
    """Find a program of the newest PostgreSQL installed: Debian keeps them off the PATH."""
    found = sorted(
        Path(_PREFERRED).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    on_path = shutil.which(name)
    if found:
        return found[0]
    if on_path:
        return Path(on_path)
    raise FileNotFoundError(f"{name} is not installed: apt-get install postgresql")


def _wait_for_postgres(server: subprocess.Popen[bytes], port: int, directory: Path) -> None:
    ready = [str(_program("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(
                f"PostgreSQL did not start: {(directory / 'log').read_text()[-800:]}"
            )
        time.sleep(0.05)


def _wait_for_port(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nothing listens on port {port}") from None
            time.sleep(0.02)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop a server by its pid: SIGINT is PostgreSQL's fast shutdown, and Redis takes it too."""
    server.send_signal(2)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
