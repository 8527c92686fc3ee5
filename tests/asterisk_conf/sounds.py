"""Tones to say and to recognise."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from tests.asterisk_conf.stack import PROMPTS

Samples = npt.NDArray[np.int16]


def write_tone(path: Path, rate: int, frequency: float, seconds: float = 1.0) -> Path:
    """Write half a second of silence, so many seconds of tone, half a second of silence."""
    at = np.arange(int(rate * seconds)) / rate
    quiet = np.zeros(rate // 2)
    sound = np.concatenate([quiet, 0.4 * np.sin(2 * np.pi * frequency * at), quiet])
    soundfile.write(path, sound, rate, subtype="PCM_16")
    return path


def load(path: Path) -> Samples:
    """Read 8 kHz sound: a WAV, or raw from a recording."""
    if path.suffix == ".wav":
        samples, rate = soundfile.read(path, dtype="int16")
        assert rate == 8000
        return np.asarray(samples, dtype=np.int16)
    return np.frombuffer(path.read_bytes(), dtype="<i2").astype(np.int16)


def strength(samples: Samples, frequency: float) -> float:
    """Tell how much of the sound's energy lies within 15 Hz of a frequency, 0 to 1."""
    if not len(samples):
        return 0.0
    power = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / 8000) - frequency) <= 15
    return float(power[near].sum() / max(power.sum(), 1.0))


def prompts_heard(samples: Samples) -> list[str]:
    """Name the prompts that were heard, in their order, from their tones."""
    heard: list[str] = []
    size = 1600
    for start in range(0, len(samples) - size + 1, size // 2):
        piece = samples[start : start + size]
        if np.abs(piece).max() < 500:
            continue
        name = max(PROMPTS, key=lambda prompt: strength(piece, PROMPTS[prompt]))
        if strength(piece, PROMPTS[name]) > 0.9 and (not heard or heard[-1] != name):
            heard.append(name)
    return heard
