"""Sound on its way into and out of the simulated telephone network."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from hotline.instance import InstanceError

RATES = {"sln": 8000, "sln16": 16000}
"""Asterisk's raw formats, by the ending of the file's name."""

LONGEST_SECONDS = 600.0
FRAME_SECONDS = 0.01
AUDIBLE_RMS = 100.0
"""Of 32,768: louder than A-law's idle noise (8), softer than a whisper on the line."""

Samples = npt.NDArray[np.int16]


class SoundError(InstanceError):
    """A WAV cannot be spoken; the text names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A WAV ready for the line; times in seconds from its first sample."""

    seconds: float
    voiced_from: float
    voiced_to: float


def read(wav: Path) -> tuple[npt.NDArray[np.float32], int]:
    """Read any WAV as one channel and its rate; raises SoundError in one clear line."""
    if not wav.is_file():
        raise SoundError(f"no such WAV: {wav}")
    try:
        sound, rate = soundfile.read(wav, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, OSError) as error:
        raise SoundError(f"{wav} is not a sound file that can be read: {error}") from None
    if not len(sound):
        raise SoundError(f"{wav} is empty: it holds no samples")
    if len(sound) > LONGEST_SECONDS * rate:
        raise SoundError(f"{wav} is longer than {LONGEST_SECONDS:g} s: cut it")
    return np.nan_to_num(sound.mean(axis=1, dtype=np.float32)), rate


def prepare(wav: Path, target: Path) -> Speech:
    """Write a WAV as ``target``.sln and .sln16, which Asterisk chooses from by the call's codec."""
    sound, rate = read(wav)
    lines = {ending: _on_the_line(sound, rate, to) for ending, to in RATES.items()}
    for ending, line in lines.items():
        Path(f"{target}.{ending}").write_bytes(line.astype("<i2").tobytes())
    return measure(lines["sln"], RATES["sln"])


def measure(line: Samples, rate: int) -> Speech:
    """Find the first and the last sound; a silent file is voiced from 0 to 0."""
    seconds = len(line) / rate
    loud = loudness(line, rate)
    audible = np.flatnonzero(loud > max(AUDIBLE_RMS, 0.03 * float(loud.max(initial=0.0))))
    if not len(audible):
        return Speech(seconds, 0.0, 0.0)
    first, last = audible[0] * FRAME_SECONDS, (audible[-1] + 1) * FRAME_SECONDS
    return Speech(seconds, float(first), min(float(last), seconds))


def loudness(line: Samples, rate: int) -> npt.NDArray[np.float64]:
    """Return the RMS of each 10 ms, of 32,768; a shorter rest is left out."""
    size = int(rate * FRAME_SECONDS)
    frames = line[: len(line) // size * size].reshape(-1, size).astype(np.float64)
    return np.sqrt(np.mean(frames**2, axis=1)) if len(frames) else np.zeros(0)


def first_sound(line: Samples, rate: int) -> float | None:
    """Tell after how many seconds something is heard, or None for silence."""
    audible = np.flatnonzero(loudness(line, rate) > AUDIBLE_RMS)
    return float(audible[0] * FRAME_SECONDS) if len(audible) else None


def keep_heard(raw: Path, wav: Path) -> Samples:
    """Turn what Asterisk recorded of a call (raw, 8 kHz) into a WAV; returns its samples."""
    data = raw.read_bytes() if raw.is_file() else b""
    line: Samples = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
    soundfile.write(wav, line, RATES["sln"], subtype="PCM_16")
    raw.unlink(missing_ok=True)
    return line


def _on_the_line(sound: npt.NDArray[np.float32], rate: int, to: int) -> Samples:
    resampled = sound if rate == to else soxr.resample(sound, rate, to)
    clipped: Samples = np.round(np.clip(resampled, -1.0, 1.0) * 32767).astype(np.int16)
    return clipped
