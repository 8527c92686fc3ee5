"""A real Vosk model hears real calls: words while they are spoken, danger in mid-sentence."""

import subprocess
import sys
from pathlib import Path

from hotline.instance import CHECKOUT
from hotline.programs import environment
from tests.end_to_end.running import Hotline

THANKS = "감사합니다. 내일 다시 전화하겠습니다."
DANGER = "안녕하세요. 우리 집에 불이 났어요. 도와 주세요."
"""The recogniser writes its first word so that it ends in the cue of ``KOREAN_CUES``."""


def spoken(text: str, wav: Path) -> Path:
    """A Korean sentence, as the machine's plain voice says it."""
    command = [sys.executable, "-m", "asr", "say", text, "-o", str(wav), "--voice", "espeak:ko"]
    subprocess.run(command, env=environment({}), cwd=CHECKOUT, check=True)
    return wav


async def test_vosk_hears_a_real_call(korean_hotline: Hotline, tmp_path: Path) -> None:
    wav = spoken(THANKS, tmp_path / "thanks.wav")

    row = await korean_hotline.call(wav, caller="13800000041", delay=1.0, hangup=14)

    (heard, *_) = (await korean_hotline.detail(row["call_id"]))["utterances"]
    assert heard["engine"].startswith("vosk")
    assert heard["ended_by"] == "silence"
    assert row["transcript"]
    assert any("가" <= letter <= "힣" for letter in row["transcript"])
    assert 0 < heard["confidence"] <= 1


async def test_a_cue_in_mid_sentence_rings_119_before_the_sentence_is_over(
    korean_hotline: Hotline, tmp_path: Path
) -> None:
    wav = spoken(DANGER, tmp_path / "danger.wav")
    async with korean_hotline.exchange() as exchange:
        await exchange.behave("119", answer_after=0.5, hangup=7)
        placed = await exchange.place(caller="13800000042", wav=wav, delay=1.0, hangup=30)
        (arrival,) = [a for a in exchange.arrivals("119") if a.caller.endswith("0042")]

    row = await korean_hotline.told(placed)

    assert placed.spoke_to is not None
    assert arrival.invited_at < placed.spoke_to
    assert row["outcome"] == "transferred_emergency"
    assert row["ticket"]["kind"] == "紧急"
