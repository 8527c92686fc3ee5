"""The operator's commands for people: `python -m backend people add | list | …`."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.errors import HotlineError
from backend.people import service
from backend.people.models import Person
from backend.people.passwords import Passwords, invent, refuse_weak
from backend.people.roles import Role
from backend.people.schemas import PersonChange, PersonIn
from backend.people.settings import PeopleSettings
from backend.settings import DatabaseSettings, load

OPERATOR = "operator"
"""How the record names whoever has this machine's shell."""
FAULT = 2

app = typer.Typer(
    help="People who may sign in: add the first administrator here, the others over the API.",
    no_args_is_help=True,
    add_completion=False,
)
T = TypeVar("T")
Login = Annotated[str, typer.Option(help="What they type to sign in.")]
FromInput = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input (first line)."),
]


@app.command()
def add(
    login: Login,
    role: Annotated[list[Role], typer.Option(help="What they are; may be given several times.")],
    name: Annotated[str | None, typer.Option(help="Their name; else the login.")] = None,
    unit: Annotated[int | None, typer.Option(help="Id of their unit.")] = None,
    password_stdin: FromInput = False,
) -> None:
    """Add a person; without --password-stdin a password is invented and printed once."""
    sent = _checked(lambda: PersonIn(login=login, name=name or login, roles=role, unit_id=unit))
    password, hashed = _password(sent.login, password_stdin)

    async def act(session: AsyncSession) -> Person:
        return await service.add(
            session,
            sent,
            hashed,
            must_change=not password_stdin,
            actor=OPERATOR,
            now=dt.datetime.now(dt.UTC),
        )

    person = _in_database(act)
    typer.echo(f"added {person.login} as {', '.join(person.roles)} (person {person.id})")
    _show(password, password_stdin)


@app.command("list")
def list_people() -> None:
    """List people with their roles and whether they are active."""

    async def act(session: AsyncSession) -> list[Person]:
        return list(await session.scalars(select(Person).order_by(Person.id)))

    for person in _in_database(act):
        state = "active" if person.active else "inactive"
        typer.echo(f"{person.id}\t{person.login}\t{','.join(person.roles)}\t{state}")


@app.command()
def password(login: Login, password_stdin: FromInput = False) -> None:
    """Give a person a new password; their sessions end and a lock is lifted."""
    text, hashed = _password(login, password_stdin)

    async def act(session: AsyncSession) -> Person:
        person = await _find(session, login)
        return await service.give_password(
            session, person.id, hashed, own=False, actor=OPERATOR, now=dt.datetime.now(dt.UTC)
        )

    typer.echo(f"new password for {_in_database(act).login}; it must be changed at first use")
    _show(text, password_stdin)


@app.command()
def unlock(login: Login) -> None:
    """Let a locked person sign in again."""

    async def act(session: AsyncSession) -> None:
        person = await _find(session, login)
        await service.unlock(session, person.id, actor=OPERATOR, now=dt.datetime.now(dt.UTC))

    _in_database(act)
    typer.echo(f"{login} may sign in again")


@app.command()
def deactivate(login: Login) -> None:
    """Shut a person out; their sessions end at once."""

    async def act(session: AsyncSession) -> None:
        person = await _find(session, login)
        change = PersonChange(version=person.version, active=False)
        await service.change(
            session, person.id, change, actor=OPERATOR, now=dt.datetime.now(dt.UTC)
        )

    _in_database(act)
    typer.echo(f"{login} is inactive")


def _password(login: str, from_input: bool) -> tuple[str, str]:
    text = sys.stdin.readline().rstrip("\r\n") if from_input else invent()
    _checked(lambda: refuse_weak(text, login))

    async def hashed() -> str:
        return await Passwords(PeopleSettings()).hash(text)

    return text, asyncio.run(hashed())


def _show(text: str, from_input: bool) -> None:
    if not from_input:
        typer.echo(f"password, shown this once: {text}")


async def _find(session: AsyncSession, login: str) -> Person:
    person = await service.by_login(session, login)
    if person is None:
        _stop(f"login: nobody has {login}; see 'people list'")
    return person


def _in_database(act: Callable[[AsyncSession], Awaitable[T]]) -> T:
    url = load(DatabaseSettings).database_url

    async def run() -> T:
        database = Database(url)
        try:
            async with database.transaction() as session:
                return await act(session)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except HotlineError as error:
        _stop(f"{error.body.message}; {error.body.remedy}")
    except (DBAPIError, OSError) as error:
        _stop(f"HOTLINE_DATABASE_URL: {type(error).__name__}; is it up, and is 'migrate' done?")


def _checked(make: Callable[[], T]) -> T:
    try:
        return make()
    except HotlineError as error:
        _stop(f"{error.body.message}; {error.body.remedy}")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _stop(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _stop(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(FAULT)
