"""Every page in a real browser, on a desk and on a telephone: no serious fault for anybody."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from hotline.throwaway import free_port
from tests.backend.console_pages.district import District
from tests.backend.console_pages.heard import SECONDS, recorded
from tests.backend.console_pages.pages import PAGES
from tests.backend.console_pages.year import fill

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "backend" / "console" / "templates"
PICTURES = ROOT / "var" / "screenshots"
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"desk": (1366, 900), "phone": (390, 844)}
LENGTH = """new Promise((told) => {
  const player = document.querySelector("audio.recording");
  if (player.duration) told(player.duration);
  player.onloadedmetadata = () => told(player.duration);
  player.onerror = () => told(player.error.message);
})"""
"""Tells how long the sound in the player is, or why it does not play."""


BADGES = sorted(
    set(
        re.findall(
            r"\bbg-[a-z]+(?:-lt)?\b", "".join(map(Path.read_text, TEMPLATES.rglob("*.html")))
        )
    )
)
"""The colours of badges in use."""
CONTRAST = """(names) => {
  const part = (one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return [r, g, b].map((one) => part(a * one + (1 - a) * 255))
      .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  };
  return names.map((name) => {
    const badge = document.createElement("span");
    badge.className = `badge ${name}`;
    document.body.append(badge);
    const { color, backgroundColor } = getComputedStyle(badge);
    badge.remove();
    const [dark, bright] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
    return [name, (bright + 0.05) / (dark + 0.05)];
  });
}"""
"""Computes the contrast between the letters of each badge and its ground (WCAG 1.4.3)."""


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


async def pale(page: Page) -> list[str]:
    """Return the badges whose letters are too pale to be read."""
    found = await page.evaluate(CONTRAST, BADGES)
    return [f"{name} has a contrast of {ratio:.2f}" for name, ratio in found if ratio < 4.5]


async def looked_at(page: Page, name: str, address: str) -> list[str]:
    """Open a page, keep its picture in both sizes, and return what is wrong with it."""
    wrong = []
    answer = await page.goto(address, wait_until="load")
    if answer is None or answer.status != 200:
        wrong.append(f"{name}: {answer and answer.status}")
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.screenshot(path=PICTURES / f"{name}-{size}.png", full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong.append(f"{name}-{size}: {wide} wide")
    return wrong + [f"{name}: {one}" for one in await faults(page)]


async def test_no_page_has_a_serious_fault_on_either_size(district: District) -> None:
    numbers = await fill(district)
    PICTURES.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    async with served(district) as base, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for who in dict.fromkeys(one for one, _ in PAGES.values()):
            page = await signed_in(browser, base, district, who)
            listen(page, who, wrong)
            for name, (looks, path) in PAGES.items():
                if looks == who:
                    wrong += await looked_at(page, name, base + path.format(**numbers))
            wrong += [f"{who}: {one}" for one in await pale(page)]
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


async def test_a_list_takes_in_what_is_new_and_leaves_the_hands_alone(district: District) -> None:
    first = await district.console.draft()
    waiting = await district.dispatched()
    await district.act("clerk", waiting, "return", reason="不属本单位", basis="三定方案第四条")
    async with served(district) as base, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = await signed_in(browser, base, district, "agent")
        await page.goto(f"{base}/console/desk/list")
        await page.focus(f"#take-{first}")
        second = await district.console.draft()
        await page.evaluate("document.dispatchEvent(new CustomEvent('hotline:drafts'))")
        await page.locator(f"#take-{second}").wait_for()
        focused = await page.evaluate("document.activeElement.id")

        page = await signed_in(browser, base, district, "dispatcher")
        await page.goto(f"{base}/console/decisions")
        await page.locator("details summary").first.click()
        typed = page.locator("#list textarea, #list input[name=reason]").first
        await typed.fill("确属其他单位")
        async with page.expect_response(lambda one: "HX-Request" not in one.url):
            await page.evaluate("document.dispatchEvent(new CustomEvent('hotline:lists'))")
        await page.wait_for_timeout(100)
        kept = await typed.input_value()
        await browser.close()

    assert focused == f"take-{first}"
    assert kept == "确属其他单位"


async def test_an_alarm_does_not_take_the_place_of_what_was_told(district: District) -> None:
    async with served(district) as base, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = await browser.new_page()
        await page.goto(f"{base}/console/sign-in")
        for kind, text in (("notice", "正在接入119"), ("alarm", "警报：线路")):
            await page.evaluate(
                "([kind, text]) => document.dispatchEvent("
                "new CustomEvent(`hotline:${kind}`, {detail: text}))",
                [kind, text],
            )
        told = await page.inner_text("#notice"), await page.inner_text("#alarm-line")
        await browser.close()

    assert told == ("正在接入119", "警报：线路")
