"""Every page in a real browser, on a desk and on a telephone: no serious fault for anybody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from hotline.throwaway import free_port
from tests.backend.console_pages.district import District
from tests.backend.console_pages.heard import SECONDS, recorded
from tests.backend.console_pages.year import fill

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "var" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"desk": (1366, 900), "phone": (390, 844)}
PAGES = {
    "unit-inbox": ("clerk", "/console/unit/inbox"),
    "unit-ticket": ("bureau", "/console/unit/tickets/{signed}"),
    "supervisor-now": ("supervisor", "/console/supervisor"),
    "supervisor-late": ("supervisor", "/console/late"),
    "supervisor-returns": ("dispatcher", "/console/decisions"),
    "supervisor-extensions": ("dispatcher", "/console/decisions?kind=extension"),
    "supervisions": ("supervisor", "/console/supervisions"),
    "disputes": ("dispatcher", "/console/disputes"),
    "unit-cases": ("clerk", "/console/unit/cases"),
    "statistics": ("supervisor", "/console/statistics"),
    "knowledge": ("clerk", "/console/knowledge"),
    "knowledge-article": ("bureau", "/console/knowledge/1"),
    "flows": ("keeper", "/console/flows"),
    "prompts": ("keeper", "/console/prompts"),
    "people": ("keeper", "/console/people"),
    "person": ("keeper", "/console/people/1"),
    "units": ("keeper", "/console/units"),
    "unit": ("keeper", "/console/units/2"),
    "duties": ("dispatcher", "/console/duties"),
    "rates": ("supervisor", "/console/settings"),
    "audit": ("auditor", "/console/audit"),
    "emergencies": ("agent", "/console/emergencies"),
    "emergency": ("supervisor", "/console/emergencies/{call}"),
    "lines": ("keeper", "/console/lines"),
    "ratings": ("supervisor", "/console/ratings"),
    "rated-ticket": ("bureau", "/console/unit/tickets/{rated}"),
    "unit-redo": ("clerk", "/console/unit/tickets/{redo}"),
}
"""Picture -> who looks, and at what."""
LENGTH = """new Promise((told) => {
  const player = document.querySelector("audio.recording");
  if (player.duration) told(player.duration);
  player.onloadedmetadata = () => told(player.duration);
  player.onerror = () => told(player.error.message);
})"""
"""Tells how long the sound in the player is, or why it does not play."""


@contextlib.asynccontextmanager
async def served(district: District) -> AsyncIterator[str]:
    port = free_port()
    config = uvicorn.Config(district.console.app, port=port, lifespan="off", log_level="error")
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


async def signed_in(browser: Browser, base: str, district: District, who: str) -> Page:
    await district.who(who)
    kept = district.browsers[who].http.cookies
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    await context.add_cookies(
        [{"name": one.name, "value": one.value or "", "url": base} for one in kept.jar]
    )
    return await context.new_page()


def listen(page: Page, name: str, wrong: list[str]) -> None:
    """Note what the page's scripts and its policy complain of."""

    def told(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"{name}: {message.text}")

    page.on("pageerror", lambda error: wrong.append(f"{name}: {error}"))
    page.on("console", told)


async def faults(page: Page) -> list[str]:
    """Return what axe finds serious; it is put in past the page's policy, as a debugger may."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run()")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
        if one["impact"] in ("serious", "critical")
    ]


async def test_no_page_has_a_serious_fault_on_either_size(district: District) -> None:
    numbers = await fill(district)
    PICTURES.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    async with served(district) as base, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for name, (who, path) in PAGES.items():
            page = await signed_in(browser, base, district, who)
            listen(page, name, wrong)
            for size, (width, height) in SIZES.items():
                await page.set_viewport_size({"width": width, "height": height})
                answer = await page.goto(base + path.format(**numbers), wait_until="load")
                assert answer
                if answer.status != 200:
                    wrong.append(f"{name}: {answer.status}")
                await page.screenshot(path=PICTURES / f"{name}-{size}.png", full_page=True)
                wide = await page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    wrong.append(f"{name}-{size}: {wide} wide")
            wrong += [f"{name}: {one}" for one in await faults(page)]
            await page.context.close()
        await browser.close()

    assert wrong == []


async def test_a_recording_plays_on_the_page_of_its_ticket(district: District) -> None:
    number = await district.signed()
    await recorded(district.console, number)
    PICTURES.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    async with served(district) as base, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = await signed_in(browser, base, district, "bureau")
        listen(page, "recording", wrong)
        await page.goto(f"{base}/console/unit/tickets/{number}", wait_until="load")
        await page.fill("#why-hear", "核对诉求人说的地址")
        await page.click("#recording button")
        await page.locator("audio.recording").wait_for()
        seconds = await page.evaluate(LENGTH)
        await page.screenshot(path=PICTURES / "recording-desk.png", full_page=True)
        wrong += await faults(page)
        await page.context.close()
        await browser.close()

    assert wrong == []
    assert seconds == SECONDS
