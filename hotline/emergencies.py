"""`hotline emergencies`: what supervisors have reviewed, as labelled cases for the detector."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.command()
def export(file: Annotated[Path, typer.Argument(help="The table to write.")]) -> None:
    """Write every reviewed emergency as a labelled case, without personal data."""
    lines = asyncio.run(_lines())
    file.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines) - 1} cases -> {file}")
    print(f"measure: python -m ivr_flows.emergency bench --set {file} --side whole")


async def _lines() -> list[str]:
    from backend.database import Database
    from backend.emergencies.export import cases
    from backend.privacy import Seal
    from backend.settings import Settings, load

    settings = load(Settings)
    database = Database(settings.database_url)
    try:
        async with database.transaction(writes=False) as session:
            return await cases(session, Seal(settings.data_key.get_secret_value()))
    finally:
        await database.close()
