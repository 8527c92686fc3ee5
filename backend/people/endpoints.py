"""People over HTTP: list, add, change, unlock, give a new password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from backend.database import Database, Reading, Writing
from backend.errors import document
from backend.people import passwords, service
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.people.schemas import (
    Ended,
    NewPerson,
    PersonChange,
    PersonIn,
    PersonPage,
    PersonView,
    person_view,
)
from backend.tickets.once import Key, once
from backend.units import cursors
from backend.units.cursors import CursorText, Limit
from backend.units.schemas import Id

router = APIRouter(prefix="/api/people", tags=["people"])
Seer = Annotated[Identity, Depends(require(Right.SEE_PEOPLE))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_PEOPLE))]
Unlocker = Annotated[Identity, Depends(require(Right.UNLOCK_PEOPLE))]
PersonId = Annotated[Id, Path()]


@router.get("", responses=document(403))
async def people(
    seer: Seer, session: Reading, cursor: CursorText | None = None, limit: Limit = 50
) -> PersonPage:
    """List people in the order they were added; a unit's lead sees the unit's own."""
    after = cursors.unwrap_id("p", cursor)
    found = await service.page(session, seer.sight, after, limit + 1)
    shown = [person_view(person) for person in found[:limit]]
    more = cursors.wrap("p", str(found[limit - 1].id)) if len(found) > limit else None
    return PersonPage(items=shown, next_cursor=more)


@router.post("", status_code=201, responses=document(403, 404, 409))
async def add(
    request: Request, response: Response, keeper: Keeper, sent: PersonIn, key: Key = None
) -> NewPerson:
    """Add a person; the first password, given or invented, must be changed at first use."""
    desk = desk_of(request)
    if sent.password is not None:
        passwords.refuse_weak(sent.password, sent.login)
    password = sent.password or passwords.invent()
    hashed = await desk.passwords.hash(password)
    # What is kept of a request must not help to guess a password that stood in it.
    told = sent.model_dump_json(exclude={"password"}).encode()
    async with _database(request).transaction() as session:
        asked = await once(request, session, keeper, key, told)
        if known := await asked.known(NewPerson, response):
            return known
        person = await service.add(
            session, sent, hashed, must_change=True, actor=keeper.actor, now=desk.now()
        )
        shown = None if sent.password else password
        return await asked.keep(NewPerson(person=person_view(person), password=shown))


@router.get("/{person_id}", responses=document(403, 404))
async def person(seer: Seer, session: Reading, person_id: PersonId) -> PersonView:
    """Return one person."""
    return person_view(await service.find(session, person_id, seer.sight))


@router.patch("/{person_id}", responses=document(403, 404, 409))
async def change(
    request: Request, keeper: Keeper, session: Writing, person_id: PersonId, sent: PersonChange
) -> PersonView:
    """Change a person; deactivated, all their sessions end at once."""
    now = desk_of(request).now()
    changed = await service.change(session, person_id, sent, actor=keeper.actor, now=now)
    return person_view(changed)


@router.post("/{person_id}/password", responses=document(403, 404))
async def give_password(request: Request, keeper: Keeper, person_id: PersonId) -> NewPerson:
    """Invent a new password for a person, shown once; their sessions end."""
    desk, password = desk_of(request), passwords.invent()
    hashed = await desk.passwords.hash(password)
    async with _database(request).transaction() as session:
        found = await service.give_password(
            session, person_id, hashed, actor=keeper.actor, now=desk.now(), own=False
        )
    return NewPerson(person=person_view(found), password=password)


@router.post("/{person_id}/unlock", status_code=204, responses=document(403, 404))
async def unlock(
    request: Request, unlocker: Unlocker, session: Writing, person_id: PersonId
) -> None:
    """Let a locked person sign in again."""
    await service.unlock(session, person_id, actor=unlocker.actor, now=desk_of(request).now())


@router.delete("/{person_id}/sessions", responses=document(403, 404))
async def end_sessions(
    request: Request, keeper: Keeper, session: Writing, person_id: PersonId
) -> Ended:
    """End all sessions of a person, who stays active."""
    now = desk_of(request).now()
    return Ended(ended=await service.end_sessions(session, person_id, actor=keeper.actor, now=now))


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
