"""Citizens' pages in a real browser, on a small telephone and at a desk, with scripts off."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from backend.forms import links
from hotline.throwaway import free_port
from tests.backend.forms.test_links import SATISFIED, SETTINGS, survey_of, unreached
from tests.backend.reports.city import BAD, GOOD, City
from tests.grounds import Ground

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "var" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"phone": (360, 740), "desk": (1280, 800)}


@pytest.fixture
def ground(sqlite_ground: Ground) -> Ground:
    """One kind of database is enough to look at pages."""
    return sqlite_ground


@contextlib.asynccontextmanager
async def served(city: City) -> AsyncIterator[str]:
    port = free_port()
    config = uvicorn.Config(city.office.app, port=port, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def filled(city: City) -> tuple[str, str]:
    """Fill the city and publish a month; return a ticket's number and the path of a link."""
    for district in ("莲池区", "竞秀区", "满城区", "易县"):
        await city.closed(GOOD, many=11, district=district)
        await city.closed(BAD, many=2, district=district, category="噪声")
    await city.closed(GOOD, many=3, district="涞源县", unit="street")
    await city.closed("not_reached", many=7)
    await city.browsers["supervisor"].post("/api/figures", json={"month": "2026-11"})
    number = await unreached(city)
    async with city.office.database.transaction() as session:
        survey = await survey_of(session, number)
        token = await links.issue(session, survey, city.office.now, SETTINGS)
    return number, f"/s/{token}"


async def serious(page: Page) -> list[str]:
    """Return what axe finds that keeps people out."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run()")
    return [
        f"{page.url}: {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


async def looked_at(browser: Browser, base: str, paths: dict[str, str]) -> list[str]:
    faults = []
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            context = await browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN", color_scheme=scheme
            )
            page = await context.new_page()
            for name, path in paths.items():
                await page.goto(base + path)
                wide = await page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{name} is wider than a {size}"
                picture = PICTURES / f"citizen-{name}-{size}-{scheme}.png"
                await page.screenshot(path=picture, full_page=True)
                faults += await serious(page)
            assert await context.cookies() == []
            await context.close()
    return faults


async def test_citizens_use_every_page_on_a_telephone_without_scripts(city: City) -> None:
    number, link = await filled(city)
    PICTURES.mkdir(parents=True, exist_ok=True)

    async with served(city) as base, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        paths = {"home": "/citizen", "progress": "/citizen/progress", "survey": link}
        faults = await looked_at(browser, base, {**paths, "figures": "/citizen/figures"})
        context = await browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="zh-CN"
        )
        page = await context.new_page()

        await page.goto(f"{base}/citizen/progress")
        await page.get_by_label("工单号").fill(number)
        await page.get_by_label("查询码").fill("1234")
        await page.get_by_role("button", name="查询").click()
        told = await page.inner_text("main")
        await page.screenshot(path=PICTURES / "citizen-told.png", full_page=True)

        await page.goto(base + link)
        for words in ("联系过", "已解决", "满意"):
            await page.get_by_label(words, exact=True).check()
        await page.get_by_role("button", name="提交评价").click()
        thanks = await page.inner_text("main")
        await page.goto(base + link)
        again = await page.inner_text("main")
        await browser.close()

    assert faults == []
    assert "市供热公司" in told
    assert "感谢" in thanks
    assert "您已经评价过了" in again
    async with city.office.database.transaction(writes=False) as session:
        assert (await survey_of(session, number)).answers == "/".join(SATISFIED.values())
