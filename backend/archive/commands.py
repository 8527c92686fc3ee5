"""What an operator does with the archive: `hotline audit …`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from backend.archive.shelf import open_shelf
from backend.archive.verifying import Report, holds_noted, verify
from backend.database import Database
from backend.settings import Settings, load

app = typer.Typer(help="Prove that nothing was changed, lost or put elsewhere.")


@app.callback()
def audit() -> None:
    """Prove that nothing was changed, lost or put elsewhere (Art. 27)."""


@app.command(name="verify")
def verify_archive(
    head: Annotated[
        str | None, typer.Option(help="An end of the record that was noted before.")
    ] = None,
) -> None:
    """Look at every history, row and file; name what is wrong, and exit 1 if anything is.

    Note the end it prints elsewhere, and give it back with --head: a record that was rewritten as
    a whole does not hold it.
    """
    report, known = asyncio.run(_verify(load(Settings), head))
    for name, count in report.looked_at.items():
        typer.echo(f"{name:<16}{count:>12}")
    if not known:
        typer.echo(f"the record no longer holds the end {head}")
    verdict = "whole" if known and not report.faults else f"{len(report.faults)} faults"
    typer.echo(f"{verdict}; end of the record {report.head}")
    raise typer.Exit(0 if known and not report.faults else 1)


async def _verify(settings: Settings, head: str | None) -> tuple[Report, bool]:
    database = Database(settings.database_url)
    try:
        report = await verify(database, open_shelf(settings), typer.echo)
        if head is None:
            return report, True
        async with database.transaction(writes=False) as session:
            return report, await holds_noted(session, head)
    finally:
        await database.close()
