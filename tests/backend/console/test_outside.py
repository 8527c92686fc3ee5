"""People sign in at another system: a real provider over HTTP, and every way it may go wrong."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from backend.people.audit import Act, AuditEntry
from backend.people.models import Person
from backend.people.oidc import Provider as Client
from backend.people.outside_settings import OutsideSettings
from backend.people.roles import Role
from backend.settings import load
from tests.backend.console.desk import Browser, Console
from tests.backend.console.oidc_provider import CLIENT, OTHER, SECRET, Provider, provider

START = "/console/sign-in/outside"
REFUSED, UNKNOWN = "认证结果无效或已过期", "没有可用账号"


@dataclass
class Elsewhere:
    """The console, and the system at which its people sign in."""

    console: Console
    provider: Provider

    async def sign_in(self, browser: Browser, next: str = "/console") -> httpx.Response:
        """Go there and come back."""
        return await browser.http.get(await self.way_back(browser, next))

    async def way_back(self, browser: Browser, next: str = "/console") -> str:
        """Return the address by which the browser comes back."""
        sent = await browser.http.get(START, params={"next": next})
        assert sent.status_code == 303, sent.text
        async with httpx.AsyncClient() as outside:
            back = await outside.get(sent.headers["location"])
        return str(back.headers["location"])


@pytest.fixture
async def elsewhere(console: Console) -> AsyncIterator[Elsewhere]:
    with provider() as kept:
        settings = OutsideSettings(
            oidc_issuer=kept.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
        )
        console.app.state.provider = Client(settings)
        yield Elsewhere(console, kept)


async def acts(console: Console) -> list[tuple[str, dict[str, Any]]]:
    async with console.app.state.database.transaction(writes=False) as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [(row.act, row.data) for row in rows]


async def test_without_an_issuer_nothing_of_it_is_there(console: Console) -> None:
    browser = console.browser()

    shown = await browser.get("/console/sign-in")

    assert "统一身份认证" not in shown.text
    assert (await browser.http.get(START)).status_code == 404


async def test_a_person_added_beforehand_signs_in_and_out_on_record(elsewhere: Elsewhere) -> None:
    console, browser = elsewhere.console, elsewhere.console.browser()
    elsewhere.provider.person = (await console.person(Role.AGENT)).upper()

    shown = await browser.get("/console/sign-in")
    answer = await elsewhere.sign_in(browser, "/console/account")

    assert f'href="{START}?next=%2Fconsole"' in shown.text
    assert answer.status_code == 200
    assert answer.headers["refresh"] == "0; url=/console/account"
    account = await browser.get("/console/account")
    assert account.status_code == 200
    assert (Act.SIGNED_IN, {"vouched": True}) in await acts(console)
    await browser.post("/console/sign-out")
    assert (await browser.http.get("/console/account")).status_code in (303, 401)
    assert (await acts(console))[-1][0] == Act.SIGNED_OUT


async def test_a_first_password_nobody_used_keeps_nobody_out(elsewhere: Elsewhere) -> None:
    console, browser = elsewhere.console, elsewhere.console.browser()
    login = elsewhere.provider.person = await console.person(Role.AUDITOR)
    async with console.app.state.database.transaction() as session:
        person = (await session.scalars(select(Person).where(Person.login == login))).one()
        person.must_change = True

    await elsewhere.sign_in(browser)

    assert (await browser.get("/console/audit")).status_code == 200


SOON = {"iat": int(time.time()), "exp": int(time.time()) - 3600}
SPOILT: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://login.example"},
    "audience": {"aud": "another"},
    "audience of two without a party": {"aud": [CLIENT, "another"]},
    "party": {"azp": "another"},
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "expired": SOON,
    "no end": {"exp": None},
    "no login": {"preferred_username": None},
    "login that is a list": {"preferred_username": ["agent"]},
}


@pytest.mark.parametrize("wrong", SPOILT)
async def test_a_token_that_proves_nothing_is_refused(elsewhere: Elsewhere, wrong: str) -> None:
    elsewhere.provider.person = await elsewhere.console.person(Role.AGENT)
    elsewhere.provider.claims = SPOILT[wrong]

    await refused(elsewhere, REFUSED)


async def test_a_token_signed_by_somebody_else_is_refused(elsewhere: Elsewhere) -> None:
    elsewhere.provider.person = await elsewhere.console.person(Role.AGENT)
    elsewhere.provider.key = OTHER

    await refused(elsewhere, REFUSED)


async def test_who_was_not_added_beforehand_gains_nothing(elsewhere: Elsewhere) -> None:
    elsewhere.provider.person = "a-stranger"

    await refused(elsewhere, UNKNOWN)


async def test_another_browser_or_the_same_address_twice_is_refused(elsewhere: Elsewhere) -> None:
    console, browser = elsewhere.console, elsewhere.console.browser()
    elsewhere.provider.person = await console.person(Role.AGENT)
    first, second = await elsewhere.way_back(browser), await elsewhere.way_back(browser)

    stolen = await console.browser().http.get(first)
    done = await browser.http.get(second)
    again = await browser.http.get(second)

    assert [one.status_code for one in (stolen, done, again)] == [401, 200, 401]
    assert REFUSED in stolen.text
    assert REFUSED in again.text


async def test_a_code_replayed_under_a_fresh_state_is_refused_by_the_provider(
    elsewhere: Elsewhere,
) -> None:
    browser, other = elsewhere.console.browser(), elsewhere.console.browser()
    elsewhere.provider.person = await elsewhere.console.person(Role.AGENT)
    used = await elsewhere.way_back(browser)
    await browser.http.get(used)
    fresh = await elsewhere.way_back(other)
    code = parse_qs(urlsplit(used).query)["code"][0]
    state = parse_qs(urlsplit(fresh).query)["state"][0]

    answer = await other.http.get(f"{START}/answer", params={"code": code, "state": state})

    assert (answer.status_code, elsewhere.provider.refused) == (401, [code])
    assert REFUSED in answer.text


async def test_a_provider_that_is_away_or_calls_itself_otherwise_is_said_so(
    elsewhere: Elsewhere,
) -> None:
    elsewhere.provider.calls_itself = "https://login.example"
    browser = elsewhere.console.browser()

    otherwise = await browser.http.get(START)
    away = OutsideSettings(
        oidc_issuer="http://127.0.0.1:9", oidc_client_id="a", oidc_client_secret="b"
    )
    elsewhere.console.app.state.provider = Client(away)
    gone = await browser.http.get(START)

    assert [one.status_code for one in (otherwise, gone)] == [503, 503]
    assert "暂时无法访问" in gone.text


async def test_a_login_locked_by_wrong_passwords_is_locked_here_too(elsewhere: Elsewhere) -> None:
    console, browser = elsewhere.console, elsewhere.console.browser()
    login = elsewhere.provider.person = await console.person(Role.AGENT)
    for _ in range(console.app.state.people.settings.lock_after):
        await browser.sign_in(login, "a wrong password")

    answer = await elsewhere.sign_in(browser)

    assert (answer.status_code, "锁定" in answer.text) == (429, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("OIDC_ISSUER", "http://login.example"), ("OIDC_CLIENT_ID", ""), ("OIDC_CLIENT_SECRET", "")],
)
def test_half_a_setting_ends_the_program_and_names_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "a"}
    for one, given in ({**whole, "OIDC_CLIENT_SECRET": "b"} | {name: value}).items():
        monkeypatch.setenv(f"HOTLINE_{one}", given)

    with pytest.raises(SystemExit):
        load(OutsideSettings)

    assert f"HOTLINE_{name}:" in capsys.readouterr().err


async def refused(elsewhere: Elsewhere, said: str) -> None:
    browser = elsewhere.console.browser()

    answer = await elsewhere.sign_in(browser)

    assert answer.status_code == 401
    assert said in answer.text
    assert "hotline_session" not in browser.http.cookies
