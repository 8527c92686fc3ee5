"""`hotline survey`: how calling citizens back stands, to pause it, and to try it out."""

import asyncio
from typing import Any

import httpx
import typer

from hotline.entering import enter
from hotline.instance import PREFIX, InstanceError

app = typer.Typer(help="Citizens called back: status, pause, resume, a try.", no_args_is_help=True)


@app.command()
def status() -> None:
    """Tell whether citizens are called back, how many wait, and how tries ended in 24 hours."""
    _show(_ask("GET", "standing"))


@app.command()
def pause() -> None:
    """Call nobody back from now on; calls under way go on."""
    _show(_ask("POST", "pause"))


@app.command()
def resume() -> None:
    """Call citizens back again."""
    _show(_ask("POST", "resume"))


@app.command(name="run-demo")
def run_demo(
    number: str = typer.Option("13900000001", help="The simulated citizen's number."),
) -> None:
    """Complete a ticket, call its simulated citizen back over the real line, show the answers."""
    from hotline.survey_demo import show  # noqa: PLC0415

    asyncio.run(show(enter(), number))


@app.command()
def rehearse(
    count: int = typer.Option(200, help="How many citizens; a multiple of 25.", min=25),
    kill: bool = typer.Option(False, help="End programs as a crash would, meanwhile."),
) -> None:
    """Call many simulated citizens back on a hotline of its own; fails on any difference."""
    from hotline.survey_rehearsal import rehearse as play  # noqa: PLC0415

    play(count // 25 * 25, kill=kill)


@app.command()
def bench(
    calls: int = typer.Option(20, help="How many of either kind at once.", min=2, max=60),
) -> None:
    """Measure how long callers wait for the first sound, alone and beside survey calls."""
    from hotline.bench_surveys import measure  # noqa: PLC0415

    if not measure(calls):
        raise typer.Exit(1)


def _ask(method: str, what: str) -> dict[str, Any]:
    env = enter()
    host, port = env.get(f"{PREFIX}BACKEND_HOST", "127.0.0.1"), env[f"{PREFIX}BACKEND_PORT"]
    headers = {"Authorization": f"Bearer {env[f'{PREFIX}SERVICE_TOKEN']}"}
    try:
        reply = httpx.request(
            method, f"http://{host}:{port}/api/surveys/{what}", headers=headers, timeout=10
        )
        reply.raise_for_status()
    except httpx.HTTPError as error:
        raise InstanceError(
            f"the backend does not answer ({type(error).__name__}): start it with `make up`"
        ) from None
    told: dict[str, Any] = reply.json()
    return told


def _show(standing: dict[str, Any]) -> None:
    state = "paused" if standing["paused"] else "calling"
    by = f" since {standing['paused_at']} by {standing['paused_by']}" if standing["paused"] else ""
    print(f"{state}{by}")
    print(f"open {standing['open']}, due {standing['due']}, under way {standing['under_way']}")
    for result, count in standing["results"].items():
        print(f"  {result:<14} {count}")
