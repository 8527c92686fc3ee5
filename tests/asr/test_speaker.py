import asyncio
from pathlib import Path

import numpy as np
import pytest

from asr.fragments import fragments
from asr.prompts import Studio, fixed_sentences
from asr.settings import VoiceSettings
from asr.sound_files import read_speech, seconds_of, write_wav
from asr.speaker import Speaker
from asr.speech import EspeakVoice
from asr.voice import NoVoice, Speech


def beep(seconds: float, rate: int = 24000) -> Speech:
    at = np.arange(int(seconds * rate)) / rate
    return Speech((0.3 * np.sin(2 * np.pi * 300 * at)).astype(np.float32), rate)


class PlainVoice:
    name = "espeak"

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> Speech:
        self.said.append(text)
        return beep(0.5)


class SlowVoice:
    name = "kokoro"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.said: list[str] = []

    async def say(self, text: str, wav: Path) -> None:
        self.said.append(text)
        await asyncio.sleep(self.seconds)
        write_wav(wav, beep(0.5), 24000)


async def test_a_voice_in_time_is_used_and_kept(tmp_path: Path) -> None:
    slow, plain = SlowVoice(0.01), PlainVoice()
    speaker = Speaker(tmp_path / "media", tmp_path / "cache", slow, plain)

    first = await speaker.say("莲池区裕华路，供热问题。")
    await speaker.say("莲池区裕华路，噪声问题。")

    assert (first.engine, plain.said) == ("kokoro", [])
    assert slow.said == ["莲池区裕华路，", "供热问题。", "噪声问题。"]
    assert (tmp_path / "media" / f"{first.file}.wav16").is_file()


async def test_a_voice_that_is_late_is_replaced_now_and_used_next_time(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "media", tmp_path / "cache", SlowVoice(0.3), PlainVoice())

    first = await speaker.say("供热问题。", within_seconds=0.05)
    await asyncio.sleep(0.5)
    second = await speaker.say("供热问题。", within_seconds=0.05)

    assert (first.engine, second.engine) == ("espeak", "kokoro")
    assert first.file != second.file


async def test_nothing_to_say_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoVoice):
        await Speaker(tmp_path, tmp_path, None, PlainVoice()).say("，。")


def test_a_sentence_is_cut_at_its_pauses() -> None:
    assert [f.text for f in fragments("您好，莲池区裕华路，供热问题。对吗？")] == [
        "您好，莲池区裕华路，",
        "供热问题。",
        "对吗？",
    ]


def test_espeak_says_mandarin_in_a_process_of_its_own() -> None:
    assert EspeakVoice().say("您好，请说您的事情").seconds > 1


def test_an_espeak_that_hangs_is_ended() -> None:
    with pytest.raises(NoVoice, match="hung"):
        EspeakVoice(limit_seconds=0.01).say("您好")


def test_a_recorded_prompt_wins_at_any_rate(tmp_path: Path) -> None:
    settings = VoiceSettings(
        home=tmp_path, media=tmp_path / "m", voice_cache=tmp_path / "c", voice_engine="espeak"
    )
    write_wav(tmp_path / "recorded" / "greeting.wav", beep(1.0), 44100)

    recorded = Studio(settings).render("greeting", "您好")
    spoken = Studio(settings).render("goodbye", "再见")
    again = Studio(settings).render("goodbye", "再见")

    assert (recorded.voice, spoken.voice) == ("recorded", "espeak")
    assert (spoken.made, again.made) == (True, False)
    assert read_speech(tmp_path / "m/sounds/zh/greeting.wav").rate == 8000
    assert seconds_of(tmp_path / "m/sounds/zh/greeting.wav16") == pytest.approx(1.0, abs=0.15)


def test_every_fixed_prompt_has_a_text_without_placeholders() -> None:
    sentences = fixed_sentences()

    assert "greeting" in sentences
    assert not [name for name, text in sentences.items() if "{" in text]
