"""The command ``hotline``: what an operator types, and what each word of it does."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from asr.__main__ import list_models, models
from backend.archive.commands import app as audit
from hotline.alarms import app as alarms
from hotline.emergencies import app as emergencies
from hotline.entering import enter, env_file
from hotline.instance import (
    CHECKOUT,
    DEFAULT_PORT_BASE,
    InstanceError,
    Place,
    create,
)
from hotline.measuring import app as measuring
from hotline.programs import log_of, programs_of
from hotline.survey import app as survey
from ivr_flows.__main__ import app as flows

app = typer.Typer(
    help="12345: start, stop, watch and try the city's telephone hotline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def init(
    home: Annotated[Path, typer.Option(help="Where this instance keeps its files.")] = CHECKOUT
    / "var",
    name: Annotated[str, typer.Option(help="Its name, if several run on one machine.")] = "hotline",
    port_base: Annotated[
        int, typer.Option(help="The backend's port; the others follow it.", min=1024, max=28000)
    ] = DEFAULT_PORT_BASE,
) -> None:
    """Write the settings and secrets of a new instance, unless they are there."""
    place = Place(home.resolve(), name, port_base)
    made = create(env_file(), place)
    print(f"{'wrote' if made else 'kept'} {env_file()}")


@app.command()
def up() -> None:
    """Start every program and wait until each one answers."""
    from hotline.start import start

    if create(env_file(), Place(CHECKOUT / "var")):
        print(f"wrote new settings and secrets to {env_file()}")
    start(enter(), tell=print)


@app.command()
def down() -> None:
    """Stop every program; calls in progress end, nothing that was said is lost."""
    from hotline.supervisor import Supervisor

    supervisor = Supervisor(enter())
    if not supervisor.running():
        print("the hotline is not running")
        return
    supervisor.stop()
    print("stopped")


@app.command()
def status() -> None:
    """Tell of every program whether it runs and answers; exit 1 if one does not."""
    from hotline.supervisor import Supervisor

    env = enter()
    supervisor = Supervisor(env)
    if not supervisor.running():
        raise InstanceError("the hotline is not running: start it with `make up`")
    states = supervisor.states()
    ill = 0
    for program in programs_of(env):
        row = states.get(program.name, {"statename": "UNKNOWN", "description": ""})
        fault = program.ready(env)
        ill += fault is not None
        verdict = f"ILL: {fault}" if fault else "ready"
        print(f"{program.name:<9} {row['statename']:<9} {row['description']:<28} {verdict}")
    raise typer.Exit(1 if ill else 0)


@app.command()
def logs(
    program: Annotated[str | None, typer.Argument(help="One program; all if left out.")] = None,
    follow: Annotated[bool, typer.Option(help="Go on as lines are written.")] = True,
    lines: Annotated[int, typer.Option(help="How many lines back to begin.")] = 20,
) -> None:
    """Show what the programs have printed."""
    env = enter()
    known = [p.name for p in programs_of(env)]
    if program and program not in known:
        raise InstanceError(f"no program named {program!r}: choose one of {', '.join(known)}")
    files = [str(log_of(name, env)) for name in ([program] if program else known)]
    os.execvp("tail", ["tail", f"-n{lines}", *(["-F"] if follow else []), *files])


@app.command()
def restart(program: Annotated[str, typer.Argument(help="The program to restart.")]) -> None:
    """Stop and start one program."""
    from hotline.supervisor import Supervisor

    Supervisor(enter()).restart(program)
    print(f"{program} restarted")


def _models(context: typer.Context) -> None:
    """What the hotline hears with; alone it lists the models and the one in use."""
    enter()
    if context.invoked_subcommand is None:
        list_models()


app.add_typer(
    models, name="models", callback=_models, invoke_without_command=True, no_args_is_help=False
)


def _of_the_instance() -> None:
    """Work on the database of the instance in use."""
    enter()


app.add_typer(alarms, name="alarms", callback=_of_the_instance, help="Test and list alarms.")
app.add_typer(
    emergencies,
    name="emergencies",
    callback=_of_the_instance,
    help="What supervisors reviewed, as labelled cases.",
)
app.add_typer(flows, name="flows", help="Check, draw and try what callers hear.")
app.add_typer(survey, name="survey")
app.add_typer(measuring)
app.add_typer(audit, name="audit", callback=enter)


@app.command()
def demo() -> None:
    """Place one real call in Mandarin and show the draft ticket that came of it."""
    from hotline.demo import show

    asyncio.run(show(enter()))


@app.command()
def call(
    wav: Annotated[Path, typer.Argument(help="What the caller says: a WAV of any rate.")],
    caller: Annotated[str, typer.Option("--from", help="The caller's number.")] = "13800000000",
    keys: Annotated[
        str, typer.Option(help='Keys after so many seconds: "2s:1" or "2s:9,4s:1".')
    ] = "",
    delay: Annotated[float, typer.Option(help="Speak so many seconds after the answer.")] = 6.0,
    hangup: Annotated[
        float | None, typer.Option(help="Hang up so many seconds after the answer.")
    ] = None,
    times: Annotated[int, typer.Option(help="How many calls, one after another.", min=1)] = 1,
) -> None:
    """Place a real call through the trunk that speaks a WAV; print one JSON line about it."""
    from hotline.call import call as place

    env = enter()
    for _ in range(times):
        emit(asyncio.run(place(env, wav, caller=caller, keys=keys, delay=delay, hangup=hangup)))


@app.command()
def draft(
    text: Annotated[str | None, typer.Argument(help="What a caller said.")] = None,
    file: Annotated[Path | None, typer.Option(help="One utterance a line.")] = None,
) -> None:
    """Show the fields that a draft ticket would get from these words, as JSON lines."""
    from backend.intake import draft_lines

    print_lines(draft_lines, text, file)


@app.command()
def detect(
    text: Annotated[str | None, typer.Argument(help="What a caller said.")] = None,
    file: Annotated[Path | None, typer.Option(help="One utterance a line.")] = None,
) -> None:
    """Show whether these words are an emergency, which, and what weakens it, as JSON lines."""
    from ivr_flows.emergency import detect_lines

    print_lines(detect_lines, text, file)


@app.command()
def lines() -> None:
    """Try every emergency route without ringing anybody; exit 1 if one does not work."""
    from hotline.lines import show

    enter()
    raise typer.Exit(asyncio.run(show()))


@app.command()
def report(
    kind: Annotated[Literal["month", "year"], typer.Argument(help="Of a month or of a year.")],
    span: Annotated[str, typer.Argument(help="Which one: 2026-11 or 2026.")],
    by: Annotated[
        Literal["unit", "level", "district", "category", "month", "year"],
        typer.Option(help="What the lines are."),
    ] = "unit",
    format: Annotated[
        Literal["json", "csv", "xlsx", "html"], typer.Option(help="As what it is written.")
    ] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write.")] = None,
) -> None:
    """Count the three rates of a month or year and write the report."""
    enter()
    from backend.reports.commands import write

    write(kind, span, by, format, output)


@app.command()
def regulation() -> None:
    """Show the law as it is tested, article by article; exit 1 if one that must be is not."""
    from hotline.regulation import articles, table, without_tests

    found = articles(CHECKOUT / "tests" / "regulation")
    for line in table(found):
        print(line)
    if missing := without_tests(found):
        raise InstanceError(f"no test for article {', '.join(map(str, missing))}")


def print_lines(
    answer: Callable[[Iterable[str]], Iterator[str]], text: str | None, file: Path | None
) -> None:
    """Print one line for each utterance given as argument or as lines of a file."""
    if (text is None) == (file is None):
        raise InstanceError('give either a text in quotes or --file lines.txt ("-" reads stdin)')
    if text is not None:
        lines: Iterable[str] = [text]
    elif str(file) == "-":
        lines = (line.rstrip("\n") for line in sys.stdin)
    elif file is not None and file.is_file():
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    else:
        raise InstanceError(f"no such file: {file}")
    for line in answer(lines):
        print(line, flush=True)


def emit(row: dict[str, Any]) -> None:
    """Print one JSON line."""
    print(json.dumps(row, ensure_ascii=False), flush=True)


def main() -> None:
    """Run the command; an error that the operator can mend is one line, not a traceback."""
    try:
        app()
    except InstanceError as error:
        print(f"hotline: {error}", file=sys.stderr)
        sys.exit(2)
