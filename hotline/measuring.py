"""The measurements and rehearsals of the command `hotline`: each on real programs."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from hotline.entering import enter
from hotline.instance import CHECKOUT

app = typer.Typer()


@app.command(name="bench-speech")
def bench_speech(
    directory: Annotated[Path, typer.Argument(help="Holds cases.tsv and the WAVs it names.")],
) -> None:
    """Place one real call for each case; print error rates of words and of every field."""
    from hotline.bench_speech import measure

    asyncio.run(measure(enter(), directory))


@app.command(name="speech-set")
def speech_set(
    directory: Annotated[Path, typer.Argument(help="Where cases.tsv and the WAVs go.")],
    labelled: Annotated[Path, typer.Option(help="The labelled sentences.")] = CHECKOUT
    / "tests/data/intake.tsv",
    count: Annotated[int, typer.Option(help="How many of them.", min=1)] = 40,
) -> None:
    """Speak labelled sentences with several voices: a set for bench-speech."""
    from hotline.speech_set import make

    for line in make(labelled, directory, count):
        print(line, flush=True)


@app.command(name="bench-asr")
def bench_asr() -> None:
    """Measure how late a streaming recogniser's words are, and against a bare loop."""
    from hotline.bench_asr import measure

    asyncio.run(measure())


@app.command(name="bench-first-sound")
def bench_first_sound(
    calls: Annotated[int, typer.Option(help="How many calls, one by one.", min=1, max=500)] = 20,
) -> None:
    """Measure how long a caller waits after the answer for the first sound."""
    from hotline.bench_first_sound import measure

    if not asyncio.run(measure(enter(), calls)):
        raise typer.Exit(1)


@app.command(name="bench-console")
def bench_console(
    tickets: Annotated[int, typer.Option(help="How many tickets.", min=1000)] = 1_000_000,
    consoles: Annotated[int, typer.Option(help="How many pages listen live.", min=1)] = 100,
) -> None:
    """Measure every page of the console while pages listen live; exit 1 above the limits."""
    from hotline.bench_console import measure

    raise typer.Exit(0 if asyncio.run(measure(tickets, consoles)) else 1)


@app.command(name="bench-tickets")
def bench_tickets(
    tickets: Annotated[int, typer.Option(help="How many tickets.", min=1000)] = 1_000_000,
) -> None:
    """Fill a PostgreSQL with tickets; measure lists, searches and making more; exit 1 if slow."""
    from hotline.bench_tickets import measure

    raise typer.Exit(0 if asyncio.run(measure(tickets)) else 1)


@app.command(name="rehearse-emergency")
def rehearse_emergency(
    row: Annotated[
        list[str] | None, typer.Option(help="Only rows such as agi_killed or fifty_calls.")
    ] = None,
) -> None:
    """Break every part in turn while a citizen is in danger; print what became of each."""
    from hotline.rehearse import rehearse

    rehearse(row or ())


@app.command(name="bench-emergency")
def bench_emergency(
    times: Annotated[int, typer.Option(help="How many calls of each kind.", min=1)] = 20,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only streaming, key, button or whisper.")
    ] = None,
) -> None:
    """Measure how fast a service is rung by word, by key and by the agent; fail above a limit."""
    from hotline.bench_emergency import Kind, measure
    from hotline.instance import InstanceError

    if unknown := set(kind or ()) - set(Kind):
        raise InstanceError(f"no such kind: {min(unknown)}; choose {', '.join(Kind)}")
    measure(times, [Kind(one) for one in kind or Kind])


@app.command(name="rehearse-kills")
def rehearse_kills(
    moves: Annotated[int, typer.Option(help="How many moves of tickets.", min=6)] = 1000,
    kills: Annotated[int, typer.Option(help="How often both programs are killed.", min=1)] = 10,
) -> None:
    """Kill backend and worker while tickets are moved; exit 1 if anything is lost or twice."""
    from hotline.rehearse_kills import rehearse

    raise typer.Exit(0 if asyncio.run(rehearse(moves, kills)) else 1)


@app.command(name="bench-load")
def bench_load(
    calls: Annotated[int, typer.Option(help="How many calls.", min=1, max=5000)] = 20,
    rate: Annotated[float, typer.Option(help="New calls a second.", min=0.05, max=200)] = 1.0,
) -> None:
    """Place many calls with speech through SIPp; print times, failures, CPU and memory."""
    from hotline.bench_load import measure

    asyncio.run(measure(enter(), calls, rate))
