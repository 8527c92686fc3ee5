"""Reads and writes sound files; a file is either whole or not there."""

import os
import wave
from pathlib import Path

import numpy as np
import soundfile

from asr.resample import to_pcm, to_rate
from asr.voice import NoVoice, Speech

NARROW, WIDE = 8000, 16000


def read_speech(path: Path) -> Speech:
    """Read a WAV of any rate and width as mono; raises ``NoVoice`` for a broken one."""
    try:
        wave_form, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        raise NoVoice(f"{path.name} is no readable sound: {error}") from error
    return Speech(np.ascontiguousarray(wave_form.mean(axis=1)), int(rate))


def write_wav(path: Path, speech: Speech, rate: int) -> None:
    """Write 16-bit mono at a rate, in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with wave.open(str(part), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(to_pcm(to_rate(speech.wave, speech.rate, rate)))
    part.replace(path)


def write_both(base: Path, speech: Speech) -> None:
    """Write ``base.wav`` at 8 kHz and ``base.wav16`` at 16 kHz, as Asterisk looks for them."""
    write_wav(base.with_name(base.name + ".wav16"), speech, WIDE)
    write_wav(base.with_name(base.name + ".wav"), speech, NARROW)


def seconds_of(path: Path) -> float:
    """Measure a WAV."""
    with wave.open(str(path), "rb") as sound:
        return sound.getnframes() / sound.getframerate()
