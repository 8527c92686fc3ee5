"""People as pages: find, add, change, lock, unlock, new password, sign out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.database import Reading, Writing
from backend.people import endpoints as api
from backend.people import service, sessions
from backend.people.access import desk_of, require
from backend.people.identity import Identity
from backend.people.lockout import is_locked
from backend.people.models import Person
from backend.people.rights import Right
from backend.people.roles import Role
from backend.people.schemas import PersonChange, PersonIn
from backend.people.sight import Sight
from backend.queue import skills
from backend.queue.skills import Skill
from backend.units import queries
from backend.units.schemas import Id


class Speaks(BaseModel):
    """What an agent speaks besides Mandarin; nothing ticked, nothing spoken."""

    skills: Annotated[list[Skill], Field(max_length=len(Skill))] = []


router = console_router()
HERE, MOST = "/console/people", 200
Seer = Annotated[Identity, Depends(require(Right.SEE_PEOPLE))]
Keeper = Annotated[Identity, Depends(require(Right.KEEP_PEOPLE))]
Unlocker = Annotated[Identity, Depends(require(Right.UNLOCK_PEOPLE))]
PersonId = Annotated[Id, Path()]


@router.get("/people")
async def people(
    request: Request, seer: Seer, session: Reading, q: Annotated[str, Query(max_length=64)] = ""
) -> HTMLResponse:
    """List people, found by a part of their login or name."""
    found = await _found(session, seer.sight, q.replace("\x00", "").strip())
    return page(
        request,
        "administration/people.html",
        people=found,
        q=q,
        roles=Role,
        **await _units(session),
    )


@router.post("/people")
async def add(
    request: Request, keeper: Keeper, sent: Annotated[PersonIn, Depends(form(PersonIn))]
) -> HTMLResponse:
    """Add a person; an invented password is shown this once."""
    made = await api.add(request, Response(), keeper, sent)
    return page(request, "administration/password.html", made=made)


@router.get("/people/{person_id}")
async def person(
    request: Request, seer: Seer, session: Reading, person_id: PersonId
) -> HTMLResponse:
    """Show one person with their sessions, and what may be changed."""
    found = await service.find(session, person_id, seer.sight)
    desk = desk_of(request)
    now = desk.now()
    return page(
        request,
        "administration/person.html",
        person=found,
        roles=Role,
        locked=await is_locked(session, found.login, now),
        skills=Skill,
        speaks=await skills.of_person(session, person_id),
        sessions=await sessions.of_person(session, person_id, desk.settings, now),
        **await _units(session),
    )


@router.post("/people/{person_id}")
async def change(
    request: Request,
    keeper: Keeper,
    sent: Annotated[PersonChange, Depends(form(PersonChange))],
    session: Writing,
    person_id: PersonId,
) -> Response:
    """Change name, roles or unit; or take somebody out of service."""
    await api.change(request, keeper, session, person_id, sent)
    return back_to(request, f"{HERE}/{person_id}", "已保存。")


@router.post("/people/{person_id}/skills")
async def change_skills(
    request: Request,
    keeper: Keeper,
    session: Writing,
    person_id: PersonId,
    sent: Annotated[Speaks, Depends(form(Speaks))],
) -> Response:
    """Keep which dialects and languages an agent speaks."""
    await skills.change(
        session, person_id, sent.skills, actor=keeper.actor, now=desk_of(request).now()
    )
    return back_to(request, f"{HERE}/{person_id}", "技能已保存，下次示闲起生效。")


@router.post("/people/{person_id}/password")
async def give_password(request: Request, keeper: Keeper, person_id: PersonId) -> HTMLResponse:
    """Invent a new password, shown this once."""
    made = await api.give_password(request, keeper, person_id)
    return page(request, "administration/password.html", made=made)


@router.post("/people/{person_id}/unlock")
async def unlock(
    request: Request, unlocker: Unlocker, session: Writing, person_id: PersonId
) -> Response:
    """Let a locked person sign in again."""
    await api.unlock(request, unlocker, session, person_id)
    return back_to(request, f"{HERE}/{person_id}", "已解除登录锁定。")


@router.post("/people/{person_id}/sessions/end")
async def end_sessions(
    request: Request, keeper: Keeper, session: Writing, person_id: PersonId
) -> Response:
    """End all sessions of a person."""
    ended = await api.end_sessions(request, keeper, session, person_id)
    return back_to(request, f"{HERE}/{person_id}", f"已退出{ended.ended}个登录。")


async def _found(session: AsyncSession, sight: Sight, words: str) -> list[Person]:
    query = select(Person).where(sight.condition(Person.unit_id)).order_by(Person.id)
    if words:
        either = [
            column.icontains(words, autoescape=True) for column in (Person.login, Person.name)
        ]
        query = query.where(or_(*either))
    return list(await session.scalars(query.limit(MOST)))


async def _units(session: AsyncSession) -> dict[str, Any]:
    found = await queries.page(session, limit=1000)
    return {"units": found, "unit_names": {one.id: one.name for one in found}}
