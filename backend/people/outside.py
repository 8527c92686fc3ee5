"""Sign in at another system 统一身份认证: begun in a browser, finished once in the same browser.

Nobody gains a right by it: the login must be of a person whom an administrator has added.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import Database
from backend.logs import log
from backend.people import lockout, sessions, token_text
from backend.people.models import OutsideSignIn
from backend.people.oidc import Begun, OutsideFault, OutsideRefused, Provider
from backend.people.sessions import Asking, Opened
from backend.people.settings import PeopleSettings
from backend.privacy import Seal


async def begin(
    database: Database,
    provider: Provider,
    seal: Seal,
    browser: str,
    going: tuple[str, str],
    now: dt.datetime,
) -> str:
    """Note a sign-in that begins; return the address to send the browser to.

    `browser` is the secret of its cookie; `going` is where to come back, and the page wanted.
    """
    state = secrets.token_urlsafe(32)
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(48), *going)
    address = await provider.address(begun, state)
    row = OutsideSignIn(
        state_digest=token_text.digest(state),
        browser_digest=token_text.digest(browser),
        sealed=seal.close(dataclasses.asdict(begun)),
        ends_at=now + dt.timedelta(seconds=provider.settings.oidc_begun_seconds),
    )
    async with database.transaction() as session:
        await session.execute(delete(OutsideSignIn).where(OutsideSignIn.ends_at < now))
        session.add(row)
    return address


async def finish(
    database: Database,
    provider: Provider,
    seal: Seal,
    answered: tuple[str, str, str],
    asking: Asking,
    settings: PeopleSettings,
    now: dt.datetime,
) -> tuple[Opened, str]:
    """Open the session of the person whom the other system vouches for; return the page wanted.

    `answered` is state, code and the browser's secret. Every failure counts against the address
    as a wrong password does; a login locked by wrong passwords stays locked here too.
    """
    state, code, browser = answered
    async with database.transaction() as session:
        await lockout.take_a_try(session, None, asking.address, settings, now)
        begun = await _take(session, seal, state, browser, now)
    try:
        if begun is None:
            raise OutsideRefused("the sign-in was not begun here, or is over")
        login = await provider.login(begun, code)
    except OutsideFault as error:
        log.warning("an outside sign-in failed", why=str(error))
        raise
    async with database.transaction() as session:
        await lockout.forgive(session, None, asking.address, now)
    vouched = dataclasses.replace(asking, login=login)
    return await sessions.open_vouched(database, vouched, settings, now), begun.next


async def _take(
    session: AsyncSession, seal: Seal, state: str, browser: str, now: dt.datetime
) -> Begun | None:
    """Take a begun sign-in away, so that it is finished once; None if there is none."""
    row = (
        delete(OutsideSignIn)
        .where(OutsideSignIn.state_digest == token_text.digest(state))
        .where(OutsideSignIn.browser_digest == token_text.digest(browser))
        .returning(OutsideSignIn.sealed, OutsideSignIn.ends_at)
    )
    found = (await session.execute(row)).one_or_none()
    if found is None or found.ends_at <= now:
        return None
    return Begun(**seal.open(found.sealed))
