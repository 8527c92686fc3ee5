"""One's own account over HTTP: sign in and out, sessions, password, rights."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from backend.database import Database, Reading, Writing
from backend.errors import Forbidden, Invalid, NotFound, document, printable
from backend.people import audit, lockout, service, sessions
from backend.people.access import COOKIE, Desk, desk_of, open_to_all, require
from backend.people.audit import Act
from backend.people.identity import Identity
from backend.people.passwords import refuse_weak
from backend.people.rights import TABLE, Right
from backend.people.roles import Role
from backend.people.schemas import (
    Ended,
    Me,
    PasswordChange,
    RightView,
    SessionView,
    SignedIn,
    SignInIn,
    person_view,
    session_view,
)
from backend.people.sessions import Asking, EndedBy, Opened
from backend.units.schemas import Id

router = APIRouter(prefix="/api", tags=["account"])
Own = Annotated[Identity, Depends(require(Right.OWN_ACCOUNT))]
AT_THE_DOOR = Depends(open_to_all("whoever signs in is not known yet; lock-out guards it"))
UNKNOWN_DEVICE = "unknown"


@router.post("/sessions", status_code=201, dependencies=[AT_THE_DOOR], responses=document(429))
async def sign_in(request: Request, response: Response, sent: SignInIn) -> SignedIn:
    """Begin a session; its token comes in the answer and as a cookie."""
    desk = desk_of(request)
    device = sent.device or request.headers.get("user-agent") or UNKNOWN_DEVICE
    asking = Asking(
        login=printable(sent.login).lower(),
        password=sent.password,
        address=request.client.host if request.client else "",
        device=printable(device),
    )
    opened = await sessions.open_session(
        request.app.state.database, asking, desk.passwords, desk.settings, desk.now()
    )
    give_cookie(response, opened, desk)
    return SignedIn(
        token=opened.token,
        ends_at=opened.session.ends_at,
        idle_seconds=desk.settings.session_idle_seconds,
        must_change=opened.person.must_change,
    )


@router.get("/sessions", responses=document(403))
async def own_sessions(request: Request, own: Own, session: Reading) -> list[SessionView]:
    """List one's own living sessions, newest first."""
    desk = desk_of(request)
    found = await sessions.of_person(session, _person(own), desk.settings, desk.now())
    return [session_view(one, own.session_id) for one in found]


@router.delete("/sessions/current", responses=document(403))
async def sign_out(request: Request, response: Response, own: Own, session: Writing) -> Ended:
    """End the session that asks."""
    response.delete_cookie(COOKIE)
    return await _end(request, session, own, EndedBy.SIGNED_OUT, only=own.session_id)


@router.delete("/sessions/{session_id}", responses=document(403, 404))
async def end_one(
    request: Request, own: Own, session: Writing, session_id: Annotated[Id, Path()]
) -> Ended:
    """End one of one's own sessions."""
    ended = await _end(request, session, own, EndedBy.SIGNED_OUT, only=session_id)
    if not ended.ended:
        raise NotFound(
            "no_such_session",
            f"you have no open session {session_id}",
            field="session_id",
            remedy="take an id that GET /api/sessions lists",
        )
    return ended


@router.delete("/sessions", responses=document(403))
async def sign_out_everywhere(
    request: Request,
    response: Response,
    own: Own,
    session: Writing,
) -> Ended:
    """End all one's sessions, this one too."""
    response.delete_cookie(COOKIE)
    return await _end(request, session, own, EndedBy.EVERYWHERE)


@router.get("/people/me", responses=document(403))
async def me(own: Own, session: Reading) -> Me:
    """Say who one is and what one may do now."""
    person = await service.find(session, _person(own))
    return Me(person=person_view(person), rights=sorted(r for r in own.rights if own.may(r)))


@router.put("/people/me/password", responses=document(403, 429))
async def change_password(request: Request, own: Own, sent: PasswordChange) -> Ended:
    """Choose a new password; every other session of one's own ends."""
    desk, database = desk_of(request), _database(request)
    now, address = desk.now(), request.client.host if request.client else ""
    async with database.transaction() as session:
        person = await service.find(session, _person(own))
        await lockout.take_a_try(session, person.login, address, desk.settings, now)
    if not await desk.passwords.right(person.password_hash, sent.old):
        raise Invalid(
            "wrong_password", "old: is not your password", field="old", remedy="type it again"
        )
    refuse_weak(sent.new, person.login, "new")
    if sent.new == sent.old:
        raise Invalid("same_password", "new: is the old one", field="new", remedy="choose another")
    hashed = await desk.passwords.hash(sent.new)
    async with database.transaction() as session:
        await audit.hold(session)
        await lockout.forgive(session, person.login, address, now)
        open_ones = await sessions.of_person(session, person.id, desk.settings, now)
        await service.give_password(
            session,
            person.id,
            hashed,
            own=True,
            actor=own.actor,
            now=now,
            keep_session=own.session_id,
        )
    return Ended(ended=max(len(open_ones) - 1, 0))


@router.get("/rights", responses=document(403))
async def rights(own: Own) -> list[RightView]:
    """List every right with its article and the roles that hold it."""
    return [
        RightView(
            right=right,
            chinese=entry.chinese,
            articles=list(entry.articles),
            roles=[role for role in Role if role in entry.roles],
            for_systems=entry.token,
        )
        for right, entry in TABLE.items()
    ]


def give_cookie(response: Response, opened: Opened, desk: Desk) -> None:
    """Give a browser the token of its session, out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(desk.settings.session_longest_seconds),
        httponly=True,
        secure=desk.settings.cookie_secure,
        samesite="strict",
    )


async def _end(
    request: Request, session: Writing, own: Identity, by: EndedBy, only: int | None = None
) -> Ended:
    now = desk_of(request).now()
    await audit.hold(session)
    ended = await sessions.end(session, _person(own), by, now, only=only)
    if ended:
        await audit.record(
            session, Act.SIGNED_OUT, actor=own.actor, subject=own.actor, at=now, by=by.value
        )
    return Ended(ended=ended)


def _person(own: Identity) -> int:
    if own.person_id is None:
        raise Forbidden("no_person", "only people have an account", remedy="sign in as a person")
    return own.person_id


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
