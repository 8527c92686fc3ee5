"""An agent works in a real Chromium: talks with a citizen, corrects the draft, sends it on."""

import asyncio
import os
import secrets
from pathlib import Path

from playwright.async_api import expect

from tests.backend.story import Story
from tests.end_to_end.at_the_desk import answered, rested, seated, tone_seconds
from tests.end_to_end.browser import (
    Wire,
    add_person,
    chromium,
    faults,
    keep,
    loudest,
    sign_in,
    tone,
)
from tests.end_to_end.running import Hotline

CALLER, IN_DANGER = "13800000081", "13800000082"
AGENT_HZ, CITIZEN_HZ, SERVICE_HZ = 1000.0, 600.0, 1400.0
CUT_SECONDS = 5.0
expect.set_options(timeout=45_000)


async def test_an_agent_and_a_citizen_hear_each_other_and_the_draft_is_sent_on(
    hotline: Hotline, tmp_path: Path
) -> None:
    citizen = tone(tmp_path / "citizen.wav", CITIZEN_HZ, 8000, 150)
    unit, wire = await hotline.unit("供热公司"), Wire()
    async with (
        chromium(tone(tmp_path / "agent.wav", AGENT_HZ)) as context,
        hotline.exchange() as exchange,
    ):
        await wire.lay(context)
        page = await seated(context, hotline, exchange)
        call = asyncio.create_task(
            exchange.place(caller=CALLER, wav=citizen, delay=4.0, keys=[(2.0, "0")], hangup=170)
        )
        await answered(page, CALLER)
        heard_by_agent = await loudest(page)
        await keep(page, "desk-talking")

        work = page.frame_locator("#work")
        await expect(work.get_by_role("heading", name="草稿")).to_be_visible()
        await work.locator("#f-place").fill("裕华路8号楼")
        await work.locator("#dispatch-unit_id").select_option(str(unit))
        await work.locator("#dispatch-basis").fill("供热问题由供热公司办理")
        await page.keyboard.press("Alt+Enter")
        await expect(work.locator("#notice")).to_contain_text("已派发承办单位")

        cut = asyncio.create_task(wire.cut(CUT_SECONDS))
        await expect(page.locator("#line-state")).to_have_text("电话重连中…")
        await cut
        await expect(page.locator("#line-state")).to_have_text("示闲")
        heard_after_cut = await loudest(page)
        await work.locator("body").press("h")
        placed = await call
        await rested(page)
    row = await hotline.told(placed)
    async with hotline.backend() as backend:
        ticket = (await backend.get(f"/api/tickets/{row['ticket']['number']}")).json()

    assert abs(heard_by_agent - CITIZEN_HZ) < 20
    assert abs(heard_after_cut - CITIZEN_HZ) < 20
    assert tone_seconds(placed.heard, AGENT_HZ) > 1
    assert placed.ended_by == "hotline"
    assert row["outcome"] == "transferred_agent"
    assert (ticket["state"], ticket["fields"]["place"]) == ("dispatched", "裕华路8号楼")


async def test_the_red_button_brings_a_service_into_the_talk(
    hotline: Hotline, tmp_path: Path
) -> None:
    service = tone(tmp_path / "service.wav", SERVICE_HZ, 8000, 60)
    async with (
        chromium(tone(tmp_path / "agent.wav", AGENT_HZ)) as context,
        hotline.exchange() as exchange,
    ):
        await exchange.behave("119", answer_after=1, wav=service, hangup=18)
        page = await seated(context, hotline, exchange)
        call = asyncio.create_task(exchange.place(caller=IN_DANGER, keys=[(2.0, "0")], hangup=170))
        await answered(page, IN_DANGER)
        await page.locator('[data-service="119"]').click()
        await expect(page.locator("#confirm")).to_contain_text("接入119")
        await page.keyboard.press("Enter")
        heard = 0.0
        while abs(heard - SERVICE_HZ) > 20 and not call.done():
            heard = await loudest(page, 2.0)
        await page.keyboard.press("h")
        placed = await call
        await exchange.forget("119")
        await rested(page)
        arrival = exchange.arrivals("119")[-1]
    row = await hotline.told(placed)

    assert abs(heard - SERVICE_HZ) < 20
    assert tone_seconds(placed.heard, AGENT_HZ) > 0.5
    assert tone_seconds(placed.heard, SERVICE_HZ, 0.2) > 0.5
    assert (arrival.caller, row["ticket"]["state"]) == (IN_DANGER, "emergency")


async def test_a_draft_is_taken_corrected_and_dispatched_by_keyboard(
    hotline: Hotline, tmp_path: Path
) -> None:
    login, mark = f"agent-{secrets.token_hex(3)}", secrets.token_hex(2)
    await add_person(hotline, login, "agent")
    story = Story()
    story.opened()
    story.heard(f"着火了没有，是莲池区裕华路{mark}号暖气停了三天了")
    story.closed()
    async with hotline.backend() as backend:
        unit = await hotline.unit(f"供热公司{mark}")
        assert (await backend.post("/api/journal", json={"entries": story.entries})).is_success
        number = (await backend.get(f"/api/calls/{story.call_id}")).json()["ticket"]["number"]
    async with chromium(tone(tmp_path / "agent.wav", AGENT_HZ)) as context:
        page = await sign_in(context, hotline, login)
        work = page.frame_locator("#work")
        row = work.locator("tr", has_text=number)
        await row.get_by_role("button", name="领取").click()
        await expect(work.get_by_role("heading", name=f"草稿 {number}")).to_be_visible()
        await keep(page, "desk-draft")
        found = await faults(page)
        assert not found, "\n".join(found)

        await work.locator("#f-place").fill(f"裕华路{mark}号8号楼")
        await work.locator("#dispatch-unit_id").select_option(str(unit))
        await expect(work.locator("#preview")).to_contain_text("前办结")
        await page.keyboard.press("Alt+Enter")
        await expect(work.locator("#notice")).to_contain_text(f"工单 {number} 已派发承办单位")
        await keep(page, "desk-list")
    async with hotline.backend() as backend:
        ticket = (await backend.get(f"/api/tickets/{number}")).json()

    assert ticket["state"] == "dispatched"
    assert ticket["fields"]["place"] == f"裕华路{mark}号8号楼"


async def test_axe_finds_nothing_serious_on_any_page_of_the_desk(
    hotline: Hotline, tmp_path: Path
) -> None:
    login, wrong = f"agent-{os.urandom(3).hex()}", list[str]()
    await add_person(hotline, login, "agent")
    base = f"http://127.0.0.1:{hotline.setting('BACKEND_PORT')}/console"
    async with chromium(tone(tmp_path / "agent.wav", AGENT_HZ)) as context:
        page = await sign_in(context, hotline, login)
        for path in ("desk/list", "desk/missed", "account", "sign-in", "nowhere"):
            await page.goto(f"{base}/{path}")
            await keep(page, path.replace("/", "-"))
            wrong += [f"{path}: {one}" for one in await faults(page)]

    assert not wrong, "\n".join(wrong)
