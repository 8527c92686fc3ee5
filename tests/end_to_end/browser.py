"""A real Chromium with a microphone that says a tone, and people who sign in with it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np
import soundfile
from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute, async_playwright

from hotline.instance import CHECKOUT
from tests.end_to_end.running import Hotline

PASSWORD = "correct horse battery"
SCREENSHOTS = CHECKOUT / "var" / "screenshots"
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
BURST_SECONDS, PERIOD_SECONDS = 0.5, 0.8


def tone(path: Path, frequency: float, rate: int = 48000, seconds: float = 8.0) -> Path:
    """Bursts of a tone: a steady one would be taken for noise."""
    at = np.arange(int(rate * seconds)) / rate
    sound = 0.5 * np.sin(2 * np.pi * frequency * at) * ((at % PERIOD_SECONDS) < BURST_SECONDS)
    soundfile.write(path, sound, rate, subtype="PCM_16")
    return path


class Wire:
    """The telephone's way from the page to Asterisk, which can be cut."""

    def __init__(self) -> None:
        self._whole, self._ends = True, list[WebSocketRoute]()

    async def lay(self, context: BrowserContext) -> None:
        """Lead the telephone of every page that is opened from now on."""
        await context.route_web_socket(re.compile("^wss:"), self._lead)

    async def cut(self, seconds: float) -> None:
        """End what goes over it, and let nothing through for so long."""
        self._whole = False
        ends, self._ends = self._ends, []
        for end in ends:
            await end.close()
        await asyncio.sleep(seconds)
        self._whole = True

    async def _lead(self, page: WebSocketRoute) -> None:
        if self._whole:
            self._ends += [page, page.connect_to_server()]
        else:
            await page.close()


@asynccontextmanager
async def chromium(microphone: Path) -> AsyncIterator[BrowserContext]:
    """Start Debian's Chromium, which reaches nothing but this machine."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
                "--autoplay-policy=no-user-gesture-required",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        context = await browser.new_context(
            ignore_https_errors=True,
            viewport={"width": 1440, "height": 1000},
            locale="zh-CN",
        )
        context.set_default_timeout(45_000)
        await context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), _refuse)
        try:
            yield context
        finally:
            await browser.close()


async def add_person(hotline: Hotline, login: str, *roles: str) -> None:
    """Add somebody who has chosen a password already."""
    url = f"http://127.0.0.1:{hotline.setting('BACKEND_PORT')}"
    first = await hotline.person(login, roles)
    async with httpx.AsyncClient(base_url=url) as client:
        answer = await client.post("/api/sessions", json={"login": login, "password": first})
        head = {"Authorization": f"Bearer {answer.json()['token']}"}
        sent = {"old": first, "new": PASSWORD}
        changed = await client.put("/api/people/me/password", json=sent, headers=head)
        assert changed.status_code == 200, changed.text


async def sign_in(context: BrowserContext, hotline: Hotline, login: str) -> Page:
    """Open the console and sign in."""
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{hotline.setting('BACKEND_PORT')}/console/sign-in")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(re.compile(r"/console/(?!sign-in)"))
    return page


async def keep(page: Page, name: str) -> None:
    """Keep a picture of the page beside the run."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def faults(page: Page) -> list[str]:
    """Return what axe-core finds serious or worse, in the frame of the work too."""
    found = []
    for frame in page.frames:
        await frame.evaluate(AXE.read_text("utf-8"))
        told = await frame.evaluate("axe.run(document, {iframes: false})")
        found += [
            f"{one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in told["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    return found


async def loudest(page: Page, seconds: float = 3.0) -> float:
    """Return the frequency that is loudest in what the page plays, in Hz."""
    script = """async ([seconds]) => {
      const context = new AudioContext();
      const source = context.createMediaStreamSource(document.getElementById("voice").srcObject);
      const reader = context.createAnalyser();
      reader.fftSize = 8192;
      source.connect(reader);
      const sums = new Float64Array(reader.frequencyBinCount);
      const now = new Float32Array(reader.frequencyBinCount);
      for (let i = 0; i < seconds * 10; i += 1) {
        await new Promise((done) => setTimeout(done, 100));
        reader.getFloatFrequencyData(now);
        now.forEach((level, at) => { sums[at] += 10 ** (Math.max(level, -200) / 10); });
      }
      const best = sums.indexOf(Math.max(...sums));
      return best * context.sampleRate / reader.fftSize;
    }"""
    return float(await page.evaluate(script, [seconds]))


async def _refuse(route: Route) -> None:
    await route.abort()
