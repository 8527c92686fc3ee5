"""Check, draw and try the flows: ``python -m ivr_flows``."""

from pathlib import Path
from typing import Annotated

import typer

from ivr_flows.draw import draw as drawn
from ivr_flows.loader import FLOWS, Book, FlowError, load_book
from ivr_flows.prompts import PROMPTS
from ivr_flows.rehearse import rehearse

app = typer.Typer(
    help="What callers hear: check it, draw it, try it in the terminal.",
    no_args_is_help=True,
    add_completion=False,
)

Flows = Annotated[Path, typer.Option("--flows", help="Folder with the flow files.")]
Prompts = Annotated[Path, typer.Option("--prompts", help="Folder with the prompt files.")]
Name = Annotated[str, typer.Argument(help="Name of a flow, such as inbound.")]


@app.command()
def check(flows: Flows = FLOWS, prompts: Prompts = PROMPTS) -> None:
    """Check all flows and prompts; print every fault with its remedy. Ends with 1 on a fault."""
    book = _load(flows, prompts)
    steps = sum(len(flow.steps) for flow in book.flows.values())
    typer.echo(f"{len(book.flows)} flows, {steps} steps, {len(book.prompts)} prompts: no fault.")


@app.command()
def draw(name: Name, flows: Flows = FLOWS, prompts: Prompts = PROMPTS) -> None:
    """Print one flow as a Mermaid drawing, to be pasted where Mermaid is shown."""
    typer.echo(drawn(_named(_load(flows, prompts), name), name), nl=False)


@app.command("try")
def try_(name: Name = "inbound", flows: Flows = FLOWS, prompts: Prompts = PROMPTS) -> None:
    """Walk a flow in the terminal: type words or keys, Enter for silence, Ctrl-D to hang up."""
    book = _named(_load(flows, prompts), name)
    try:
        rehearse(book, name, input, typer.echo)
    except EOFError:
        typer.echo("\n(the caller hung up)")


def _load(flows: Path, prompts: Path) -> Book:
    try:
        return load_book(flows, prompts)
    except FlowError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _named(book: Book, name: str) -> Book:
    if name not in book.flows:
        typer.echo(f"no flow {name}; there are {', '.join(sorted(book.flows))}", err=True)
        raise typer.Exit(2)
    return book


if __name__ == "__main__":
    app()
