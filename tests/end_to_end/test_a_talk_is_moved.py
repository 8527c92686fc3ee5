"""A talk is put on hold, muted, joined by a second agent, and given to them: heard by tones."""

import asyncio
import re
import time
from pathlib import Path

from playwright.async_api import Page, expect

from tests.end_to_end.at_the_desk import answered, loud_seconds, rested, seated, tone_seconds
from tests.end_to_end.browser import chromium, keep, loudest, tone
from tests.end_to_end.running import Hotline

CALLER = "13800000083"
FIRST_HZ, SECOND_HZ, CITIZEN_HZ = 1000.0, 1700.0, 600.0
STAY_SECONDS, EDGE_SECONDS = 4.0, 1.0
Span = tuple[float, float]


async def for_a_while(page: Page, key: str) -> Span:
    """Press a key, stay, and press it again; give the moments between which it held for sure."""
    button = page.locator(f'[data-key="{key}"]')
    await page.keyboard.press(key)
    await expect(button).to_have_attribute("aria-pressed", "true")
    began = time.time() + EDGE_SECONDS
    await asyncio.sleep(STAY_SECONDS + EDGE_SECONDS)
    ended = time.time()
    await page.keyboard.press(key)
    await expect(button).to_have_attribute("aria-pressed", "false")
    return began, ended


async def talked() -> Span:
    """Let both talk a while."""
    began = time.time() + EDGE_SECONDS
    await asyncio.sleep(STAY_SECONDS + EDGE_SECONDS)
    return began, time.time()


async def rung(second: Page) -> None:
    """Answer what rings at the second telephone."""
    await expect(second.locator("#caller")).to_contain_text("来电 138****0083")
    await second.keyboard.press("a")
    await expect(second.locator("#mute")).to_be_enabled()


async def test_the_tones_tell_who_hears_whom(hotline: Hotline, tmp_path: Path) -> None:
    citizen = tone(tmp_path / "citizen.wav", CITIZEN_HZ, 8000, 150)
    spans: dict[str, Span] = {}
    async with (
        chromium(tone(tmp_path / "first.wav", FIRST_HZ)) as one,
        chromium(tone(tmp_path / "second.wav", SECOND_HZ)) as other,
        hotline.exchange() as exchange,
    ):
        first = await seated(one, hotline, exchange)
        call = asyncio.create_task(
            exchange.place(caller=CALLER, wav=citizen, delay=4.0, keys=[(2.0, "0")], hangup=170)
        )
        await answered(first, CALLER)
        second = await seated(other, hotline, exchange)
        number = await second.locator("#telephone").get_attribute("data-me")
        assert number

        spans["talk"] = await talked()
        spans["hold"] = await for_a_while(first, "o")
        spans["mute"] = await for_a_while(first, "m")

        await first.locator("#colleague").select_option(number)
        await first.keyboard.press("Escape")
        await first.locator("#telephone").press("v")
        await rung(second)
        heard_in_three = await loudest(second, 2.0)
        spans["three"] = await talked()
        await keep(first, "desk-three")
        await second.keyboard.press("h")
        await expect(second.locator("#hang-up")).to_be_disabled()

        await first.locator("#colleague").select_option(number)
        await first.locator("#telephone").press("z")
        await rung(second)
        await expect(first.locator("#hang-up")).to_be_disabled()
        draft = second.frame_locator("#work").get_by_role("heading", name=re.compile(r"草稿 \d"))
        await expect(draft).to_be_visible()
        heard_by_second = await loudest(second, 2.0)
        spans["given"] = await talked()
        await second.keyboard.press("h")
        placed = await call
        await rested(first)
        await rested(second)

    assert placed.answered_at
    at = {name: (a - placed.answered_at, b - placed.answered_at) for name, (a, b) in spans.items()}

    def heard(frequency: float, span: str, share: float = 0.8) -> float:
        return tone_seconds(placed.heard, frequency, share, at[span])

    assert heard(FIRST_HZ, "talk") > 0.5
    assert heard(FIRST_HZ, "hold", 0.3) == 0
    assert loud_seconds(placed.heard, at["hold"]) > 1
    assert heard(FIRST_HZ, "mute", 0.3) == 0
    assert heard(FIRST_HZ, "three", 0.2) > 0.3
    assert heard(SECOND_HZ, "three", 0.2) > 0.3
    assert heard(SECOND_HZ, "given") > 0.5
    assert heard(FIRST_HZ, "given", 0.3) == 0
    assert min(abs(heard_in_three - one) for one in (CITIZEN_HZ, FIRST_HZ)) < 20
    assert abs(heard_by_second - CITIZEN_HZ) < 20
