"""Whisper decodes spoken Mandarin as it comes over a telephone line."""

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance.Levenshtein import distance

from asr.choose import hints_of
from asr.engines.ghosts import bare
from asr.engines.whisper import WhisperEngine
from asr.resample import Upsampler
from asr.speak_file import speak
from asr.vad import rms
from tests.asr.asterisk import pcm
from tests.asr.conftest import SENTENCE, server


def over_a_law(samples: bytes) -> bytes:
    """Bring sound through G.711 A-law and back."""
    wave = np.frombuffer(samples, dtype="<i2") / 32768
    a, loud = 87.6, np.abs(wave)
    scale = 1 + np.log(a)
    low = loud < 1 / a
    code = np.where(low, a * loud, 1 + np.log(np.maximum(a * loud, 1))) / scale
    code = np.round(code * 127) / 127 * scale
    back = np.where(code < 1, code, np.exp(np.maximum(code - 1, 0))) / a
    return bytes((np.sign(wave) * back * 32767).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def engine(models: Path) -> WhisperEngine:
    return WhisperEngine(models / "whisper-base", hints=hints_of("保定"))


def test_a_law_keeps_the_sound(mandarin: bytes) -> None:
    assert rms(over_a_law(mandarin)) == pytest.approx(rms(mandarin), rel=0.03)


def test_a_sentence_over_the_telephone_is_read(engine: WhisperEngine, mandarin: bytes) -> None:
    utterance = engine.open()
    utterance.accept(Upsampler().more(over_a_law(mandarin), last=True))

    so_far = utterance.pause()
    heard = utterance.finish()

    assert "三天" in heard.text
    assert distance(bare(heard.text), bare(SENTENCE)) <= len(SENTENCE) // 3
    assert heard.text == so_far
    assert heard.confidence
    assert heard.confidence > 0.4


def test_silence_and_hiss_say_nothing_long(engine: WhisperEngine) -> None:
    hiss = np.random.default_rng(2).normal(0, 30, 32000).astype("<i2").tobytes()
    utterance = engine.open()
    utterance.accept(hiss)

    assert len(utterance.finish().text) < 12


def test_a_long_speech_is_read_in_pieces(engine: WhisperEngine, mandarin: bytes) -> None:
    utterance = engine.open()
    sound = Upsampler().more(mandarin * 9, last=True)
    assert len(sound) > 30 * 32000
    utterance.accept(sound)

    assert utterance.finish().text.count("天") >= 4


async def test_a_citizen_is_heard_by_the_server(
    tmp_path: Path, models: Path, mandarin: bytes
) -> None:
    with server(tmp_path, MODELS=str(models), ASR_ENGINE="auto") as whisper:
        result, _ = await whisper.hear(over_a_law(mandarin))

    assert result["engine"] == "whisper:base"
    assert "三天" in result["text"]
    assert result["emergency"] is None


async def test_fire_is_noticed_in_mandarin(tmp_path: Path, models: Path, sounds: Path) -> None:
    speak("着火了，着火了，我们家着火了，快来人救火。", sounds / "fire.wav", voice="jf_nezumi")
    with server(tmp_path, MODELS=str(models)) as whisper:
        result, _ = await whisper.hear(pcm(sounds / "fire.wav"))

    assert result["emergency"]["service"] == "119"
