"""An agent at the telephone in the browser, and what is heard of a talk."""

import secrets
from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect

from hotline.exchange import Exchange
from tests.asterisk_conf.sounds import load, strength
from tests.end_to_end.browser import add_person, sign_in
from tests.end_to_end.running import Hotline

expect.set_options(timeout=45_000)


def loud_seconds(sound: Path, between: tuple[float, float]) -> float:
    """Tell for how many seconds anything is heard."""
    samples, size = load(sound)[int(between[0] * 8000) : int(between[1] * 8000)], 1600
    pieces = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size)]
    return float(sum(int(abs(one).max()) > 300 for one in pieces) * size / 8000)


def tone_seconds(
    sound: Path, frequency: float, share: float = 0.8, between: tuple[float, float] | None = None
) -> float:
    """Tell for how many seconds a tone has at least this share of what is heard."""
    samples, size = load(sound), 1600
    if between is not None:
        samples = samples[int(between[0] * 8000) : int(between[1] * 8000)]
    pieces = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size)]
    tones = [one for one in pieces if abs(one).max() > 500 and strength(one, frequency) > share]
    return len(tones) * size / 8000


async def seated(context: BrowserContext, hotline: Hotline, exchange: Exchange) -> Page:
    """Sign a new agent in, ready to be called; the numbers outside leave the call to them."""
    for number in ("8001", "8002"):
        await exchange.behave(number, no_answer=True)
    login = f"agent-{secrets.token_hex(3)}"
    await add_person(hotline, login, "agent")
    page = await sign_in(context, hotline, login)
    await page.locator("#ready").click()
    await expect(page.locator("#line-state")).to_have_text("示闲")
    return page


async def answered(page: Page, caller: str) -> None:
    """Answer the call that comes, by keyboard, once it is known who calls."""
    await expect(page.locator("#answer")).to_be_enabled()
    await expect(page.locator("#caller")).to_have_text(f"来电 {caller[:3]}****{caller[-4:]}")
    await page.keyboard.press("a")
    await expect(page.locator("#mute")).to_be_enabled()


async def rested(page: Page) -> None:
    """Let nobody else be called here."""
    await page.locator("#pause").click()
    await expect(page.locator("#line-state")).to_have_text("小休")
