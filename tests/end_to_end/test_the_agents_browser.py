"""An agent works in a real Chromium: takes a draft, corrects it, sends it on by keyboard."""

import os
import secrets
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.backend.story import Story
from tests.end_to_end.browser import add_person, chromium, faults, keep, sign_in, tone
from tests.end_to_end.running import Hotline

AGENT_HZ = 1000.0
expect.set_options(timeout=45_000)


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


@pytest.mark.parametrize("path", ["desk/list", "desk/missed", "account", "sign-in", "nowhere"])
async def test_axe_finds_nothing_serious(hotline: Hotline, tmp_path: Path, path: str) -> None:
    login = f"agent-{os.urandom(3).hex()}"
    await add_person(hotline, login, "agent")
    async with chromium(tone(tmp_path / "agent.wav", AGENT_HZ)) as context:
        page = await sign_in(context, hotline, login)
        await page.goto(f"http://127.0.0.1:{hotline.setting('BACKEND_PORT')}/console/{path}")
        await keep(page, path.replace("/", "-"))

        found = await faults(page)
        assert not found, "\n".join(found)
