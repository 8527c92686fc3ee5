"""Signing in at another system, as pages: the way there, and the way back."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import RedirectResponse, Response

from backend.console.account import SIGN_IN, inside, sign_in_page
from backend.console.headers import CONSOLE
from backend.console.pages import page
from backend.errors import HotlineError, NotFound, printable
from backend.people import account, outside
from backend.people.access import desk_of, open_to_all
from backend.people.lockout import Locked
from backend.people.oidc import OutsideAway, OutsideFault, Provider
from backend.people.outside_settings import OutsideSettings
from backend.people.sessions import Asking
from backend.settings import load

HERE = f"{SIGN_IN}/outside"
BROWSER = "hotline_outside"
"""The cookie that ties the way back to the browser that went; it comes from another site."""
AT_THE_DOOR = Depends(open_to_all("whoever signs in is not known yet; the other system asks"))
AWAY = "统一身份认证系统暂时无法访问，请稍后再试，或使用账号密码登录。"
REFUSED = "统一身份认证未通过：认证结果无效或已过期，请重新登录。"
UNKNOWN = "该身份在本系统没有可用账号，请联系管理员开通。"
LOCKED = "登录失败次数过多，已暂时锁定，请稍后再试或联系管理员解锁。"
Said = Annotated[str, Query(max_length=4000)]
router = APIRouter(prefix=CONSOLE, include_in_schema=False, dependencies=[AT_THE_DOOR])


def install(app: FastAPI) -> None:
    """Read whether people may sign in elsewhere; None is the usual case."""
    settings = load(OutsideSettings)
    app.state.provider = Provider(settings) if settings.oidc_issuer else None


@router.get("/sign-in/outside")
async def go(request: Request, next: Said = CONSOLE) -> Response:
    """Send the browser to the other system."""
    provider, desk = _provider(request), desk_of(request)
    browser = secrets.token_urlsafe(32)
    going = (f"{str(request.base_url).rstrip('/')}{HERE}/answer", inside(next))
    state = request.app.state
    try:
        where = (state.database, provider, state.seal, browser, going)
        address = await outside.begin(*where, desk.now())
    except OutsideFault:
        return sign_in_page(request, next, AWAY, 503)
    answer = RedirectResponse(address, status_code=303)
    answer.set_cookie(
        BROWSER,
        browser,
        max_age=int(provider.settings.oidc_begun_seconds),
        path=HERE,
        httponly=True,
        secure=desk.settings.cookie_secure,
        samesite="lax",
    )
    return answer


@router.get("/sign-in/outside/answer")
async def come_back(request: Request, state: Said = "", code: Said = "") -> Response:
    """Finish a sign-in; a page of ours leads on, for a browser sends our cookie to no other's."""
    provider, desk = _provider(request), desk_of(request)
    own, browser = request.app.state, request.cookies.get(BROWSER, "")
    asking = Asking(
        login="",
        password="",
        address=request.client.host if request.client else "",
        device=printable(request.headers.get("user-agent") or account.UNKNOWN_DEVICE),
    )
    try:
        opened, wanted = await outside.finish(
            *(own.database, provider, own.seal, (state, code, browser)),
            *(asking, desk.settings, desk.now()),
        )
    except (OutsideFault, HotlineError) as error:
        return _refuse(request, error)
    answer = page(request, "signed_in.html", next=inside(wanted))
    answer.headers["Refresh"] = f"0; url={inside(wanted)}"
    answer.delete_cookie(BROWSER, path=HERE)
    account.give_cookie(answer, opened, desk)
    return answer


def _refuse(request: Request, error: OutsideFault | HotlineError) -> Response:
    match error:
        case OutsideAway():
            said, status = AWAY, 503
        case OutsideFault():
            said, status = REFUSED, 401
        case Locked():
            said, status = LOCKED, 429
        case _:
            said, status = UNKNOWN, 401
    answer = sign_in_page(request, CONSOLE, said, status)
    answer.delete_cookie(BROWSER, path=HERE)
    return answer


def _provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise NotFound(
            "not_found", "nobody signs in elsewhere here", remedy="use login and password"
        )
    return found
