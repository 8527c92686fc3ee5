"""The backend's programs: `python -m backend serve | worker | migrate | openapi | people`."""

from __future__ import annotations

import argparse
import json
import sys

from backend.settings import DatabaseSettings, Settings, load

SILENT_SECONDS = 60
"""How long one of several processes may be silent, while it learns to read, before it is killed."""


def serve() -> None:
    """Answer HTTP requests until told to stop."""
    import uvicorn  # noqa: PLC0415

    from backend import logs  # noqa: PLC0415
    from backend.main import create_app  # noqa: PLC0415

    settings = load(Settings)
    logs.start()
    many = settings.backend_workers > 1
    uvicorn.run(
        "backend.main:from_environment" if many else create_app(settings),
        factory=many,
        workers=settings.backend_workers,
        host=settings.backend_bind or settings.backend_host,
        port=settings.backend_port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=30,
        timeout_worker_healthcheck=SILENT_SECONDS,
    )


def worker() -> None:
    """Do the work that waits in the database until told to stop."""
    from backend import logs  # noqa: PLC0415
    from backend.worker import run  # noqa: PLC0415

    settings = load(Settings)
    logs.start()
    run(settings)


def surveys() -> None:
    """Call citizens back about their tickets until told to stop."""
    from backend import logs  # noqa: PLC0415
    from backend.surveys.dialler import run  # noqa: PLC0415
    from backend.surveys.settings import LineSettings  # noqa: PLC0415

    settings, lines = load(Settings), load(LineSettings)
    logs.start()
    run(settings, lines)


def migrate() -> None:
    """Bring the database to the newest shape."""
    from backend.migrate import migrate as bring_up  # noqa: PLC0415

    bring_up(load(DatabaseSettings).database_url)
    print("the database is up to date")


def openapi() -> None:
    """Print the description of the API."""
    from backend.main import create_app  # noqa: PLC0415

    print(json.dumps(create_app(load(Settings)).openapi(), ensure_ascii=False, indent=1))


def people() -> None:
    """Add, list, unlock and shut out people; `people --help` says more."""
    from backend.people.commands import app  # noqa: PLC0415

    app(sys.argv[2:], prog_name="python -m backend people")


COMMANDS = {
    "serve": serve,
    "worker": worker,
    "surveys": surveys,
    "migrate": migrate,
    "openapi": openapi,
    "people": people,
}


def main() -> None:
    """Run the command named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    choices = parser.add_subparsers(dest="command", required=True)
    for name, act in COMMANDS.items():
        choices.add_parser(name, help=act.__doc__)
    words = sys.argv[1:]
    # What follows `people` is for its own commands to read.
    COMMANDS[parser.parse_args(words[:1] if words[:1] == ["people"] else words).command]()


if __name__ == "__main__":
    main()
