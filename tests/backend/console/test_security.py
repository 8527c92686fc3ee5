"""The console's ground: headers, form tokens, cookies, strangers."""

import re

import pytest

from backend.people.roles import Role
from tests.backend.console.desk import PASSWORD, Console


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/account", "/console/nowhere"])
async def test_every_page_forbids_scripts_and_styles_that_are_not_our_files(
    console: Console, path: str
) -> None:
    browser = await console.signed_in(Role.AGENT)

    answer = await browser.get(path)

    rules = dict(
        line.split(" ", 1) for line in answer.headers["content-security-policy"].split("; ")
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert (rules["frame-ancestors"], rules["base-uri"]) == ("'self'", "'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert " onclick" not in answer.text


async def test_the_cookie_is_out_of_reach_of_scripts_of_other_sites_and_of_plain_http(
    console: Console,
) -> None:
    browser = console.browser()

    answer = await browser.sign_in(await console.person(Role.AGENT))

    kept = next(one for one in answer.headers.get_list("set-cookie") if "hotline_session" in one)
    assert {"HttpOnly", "Secure", "SameSite=strict"} <= set(kept.split("; "))


@pytest.mark.parametrize("path", ["/console", "/console/account"])
async def test_a_stranger_is_sent_to_the_sign_in_page(console: Console, path: str) -> None:
    answer = await console.browser().get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/sign-in")


@pytest.mark.parametrize("sent", ["", "0" * 64])
async def test_a_change_without_the_sessions_own_form_token_is_refused(
    console: Console, sent: str
) -> None:
    browser = await console.signed_in(Role.AGENT)
    browser.token = sent

    answer = await browser.post("/console/account/sessions/end")

    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert (await browser.get("/console/account")).status_code == 200


async def test_the_token_of_another_session_does_not_pass(console: Console) -> None:
    one, other = await console.signed_in(Role.AGENT), await console.signed_in(Role.AGENT)
    one.token = other.token

    assert (await one.post("/console/sign-out")).status_code == 403


async def test_a_wrong_password_is_told_in_chinese_and_locks_after_five(console: Console) -> None:
    login = await console.person(Role.AGENT)

    answers = [await console.browser().sign_in(login, "wrong") for _ in range(6)]

    assert "账号或密码不对" in answers[0].text
    assert answers[5].status_code == 429
    assert "暂时锁定" in answers[5].text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/console//evil", "/\\evil", "/api/x"]
)
async def test_signing_in_never_leads_out_of_the_console(console: Console, wanted: str) -> None:
    browser = console.browser()
    await browser.get("/console/sign-in")

    answer = await browser.post(
        "/console/sign-in", login=await console.person(Role.AGENT), password=PASSWORD, next=wanted
    )

    assert answer.headers["location"] == "/console"


async def test_signing_out_everywhere_ends_every_browser(console: Console) -> None:
    login = await console.person(Role.AGENT)
    one, other = console.browser(), console.browser()
    await one.sign_in(login)
    await other.sign_in(login)
    page = await one.get("/console/account")

    answer = await one.post("/console/account/sessions/end")

    assert page.text.count("退出该设备") == 1
    assert answer.status_code == 303
    assert (await other.get("/console/account")).status_code == 303


async def test_one_device_is_signed_out_from_another_and_nobody_elses(console: Console) -> None:
    login = await console.person(Role.AGENT)
    one, other = console.browser(), console.browser()
    stranger = await console.signed_in(Role.AGENT)
    await one.sign_in(login)
    await other.sign_in(login)
    page = (await one.get("/console/account")).text
    (path,) = re.findall(r'action="(/console/account/sessions/\d+/end)"', page)

    refused = await stranger.post(path)
    ended = await one.post(path)

    assert (refused.status_code, ended.status_code) == (404, 303)
    assert (await other.get("/console/account")).status_code == 303
    assert (await one.get("/console/account")).status_code == 200


async def test_static_files_are_kept_for_good_and_only_those_allowed(console: Console) -> None:
    browser = console.browser()
    page = (await browser.get("/console/sign-in")).text
    address = page.split('href="/console/static/console.css', 1)[1].split('"', 1)[0]

    style = await browser.get(f"/console/static/console.css{address}")
    secret = await browser.get("/console/static/..%2f..%2fsettings.py")

    assert "immutable" in style.headers["cache-control"]
    assert secret.status_code == 404
    for name in ("tabler.css", "htmx.js", "echarts.js", "jssip.js"):
        assert (await browser.get(f"/console/static/{name}")).status_code == 200
