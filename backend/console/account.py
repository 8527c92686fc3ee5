"""Signing in and out, one's sessions and one's password, as pages."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from backend.console import assets, tokens
from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.headers import CONSOLE
from backend.console.navigation import links_for
from backend.console.pages import back_to, page
from backend.console.words import problem
from backend.database import Reading, Writing
from backend.errors import HotlineError
from backend.people import account
from backend.people.access import desk_of, open_to_all, require
from backend.people.identity import Identity
from backend.people.rights import Right
from backend.people.roles import Role
from backend.people.schemas import Password, PasswordChange, SignInIn
from backend.people.service import find as find_person
from backend.units.schemas import Id

HERE, SIGN_IN = f"{CONSOLE}/account", f"{CONSOLE}/sign-in"
AT_THE_DOOR = Depends(open_to_all("whoever signs in is not known yet; lock-out guards it"))
STATIC = Depends(open_to_all("files of the pages: no citizen, no ticket"))
outside = APIRouter(prefix=CONSOLE, include_in_schema=False)
router = console_router()
Own = Annotated[Identity, Depends(require(Right.OWN_ACCOUNT))]


class SignInForm(BaseModel):
    """What the sign-in page sends; `next` is the page to go on to."""

    login: Annotated[str, Field(max_length=200)] = ""
    password: Password = ""
    next: Annotated[str, Field(max_length=500)] = CONSOLE


@outside.get("/static/{name}", dependencies=[STATIC])
async def static(request: Request, name: str) -> FileResponse:
    """Serve a static file; under its versioned address it is kept for good."""
    path = assets.path_of(name)
    kept = request.query_params.get("v") == assets.version_of(name)
    headers = {"Cache-Control": assets.FOR_GOOD if kept else assets.SHORTLY}
    return FileResponse(path, headers=headers, media_type=assets.kind_of(name))


@outside.get("/sign-in", dependencies=[AT_THE_DOOR])
async def ask(request: Request, next: str = CONSOLE) -> HTMLResponse:
    """Show the sign-in page."""
    return sign_in_page(request, next, None)


@outside.post("/sign-in", dependencies=[AT_THE_DOOR])
async def sign_in(
    request: Request, sent: Annotated[SignInForm, Depends(form(SignInForm))]
) -> Response:
    """Begin a session and go on to the page that was wanted."""
    tokens.name_stranger(request)
    try:
        await tokens.refuse_foreign(request)
        answer = RedirectResponse(inside(sent.next), status_code=303)
        await account.sign_in(request, answer, SignInIn(login=sent.login, password=sent.password))
    except HotlineError as error:
        said = problem(error.body.error, int(error.status), error.body.field)
        return sign_in_page(request, sent.next, said, int(error.status))
    return answer


@router.get("")
async def home(request: Request, own: Own) -> Response:
    """Go to the first page that opens for the person."""
    links = links_for(own)
    return RedirectResponse(links[0].address if links else HERE, status_code=303)


@router.get("/account")
async def show(request: Request, own: Own, session: Reading) -> HTMLResponse:
    """Show one's own account: roles, sessions, password."""
    opened = await account.own_sessions(request, own, session)
    person = await find_person(session, own.person_id or 0)
    roles = [Role(one).chinese for one in person.roles]
    return page(request, "account.html", sessions=opened, person=person, roles=roles)


@router.post("/account/password")
async def change_password(
    request: Request, own: Own, sent: Annotated[PasswordChange, Depends(form(PasswordChange))]
) -> Response:
    """Choose a new password."""
    ended = await account.change_password(request, own, sent)
    return back_to(request, HERE, f"密码已修改，另有{ended.ended}个登录已退出。")


@router.post("/sign-out")
async def sign_out(request: Request, own: Own, session: Writing) -> Response:
    """End this session."""
    answer = back_to(request, SIGN_IN)
    await account.sign_out(request, answer, own, session)
    return answer


@router.post("/account/sessions/{session_id}/end")
async def end_one(
    request: Request, own: Own, session: Writing, session_id: Annotated[Id, Path()]
) -> Response:
    """End one of one's own sessions."""
    await account.end_one(request, own, session, session_id)
    return back_to(request, HERE, "该登录已退出。")


@router.post("/account/sessions/end")
async def end_all(request: Request, own: Own, session: Writing) -> Response:
    """End all one's sessions, this one too."""
    answer = back_to(request, SIGN_IN)
    await account.sign_out_everywhere(request, answer, own, session)
    return answer


def sign_in_page(
    request: Request, wanted: str, said: str | None, status: int = 200
) -> HTMLResponse:
    """Show the sign-in page, with what went wrong if anything did."""
    tokens.name_stranger(request)
    elsewhere = request.app.state.provider is not None
    answer = page(
        request,
        "sign_in.html",
        status=status,
        next=inside(wanted),
        said=said,
        elsewhere=f"{SIGN_IN}/outside?{urlencode({'next': inside(wanted)})}" if elsewhere else None,
    )
    secure = desk_of(request).settings.cookie_secure
    tokens.greet_stranger(request, answer, secure=secure)
    return answer


def inside(address: str) -> str:
    """Return an address of the console, whatever was asked for."""
    inside = address == CONSOLE or address.startswith((f"{CONSOLE}/", f"{CONSOLE}?"))
    plain = address.isprintable() and "\\" not in address and "//" not in address
    return address if inside and plain else CONSOLE
