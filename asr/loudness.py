"""Makes spoken sounds equally loud and cuts the silence around them."""

import numpy as np

from asr.resample import Samples
from asr.voice import Speech

_TARGET_RMS = 0.1
"""-20 dBFS while somebody speaks: as loud as telephone prompts are."""
_PEAK = 0.85
_QUIET = 0.006
_WINDOW_SECONDS = 0.01


def trimmed(speech: Speech, around_seconds: float = 0.05) -> Speech:
    """Cut silence before and after, leaving a little."""
    window = max(1, int(speech.rate * _WINDOW_SECONDS))
    count = len(speech.wave) // window
    loud = np.abs(speech.wave[: count * window]).reshape(count, window).max(axis=1) > _QUIET
    where = np.flatnonzero(loud)
    if not len(where):
        return Speech(speech.wave[:0], speech.rate)
    around = int(around_seconds * speech.rate)
    start = max(0, int(where[0]) * window - around)
    return Speech(speech.wave[start : (int(where[-1]) + 1) * window + around], speech.rate)


def levelled(wave: Samples) -> Samples:
    """Bring speech to one loudness without clipping."""
    spoken = wave[np.abs(wave) > _QUIET]
    if not len(spoken):
        return wave
    gain = _TARGET_RMS / float(np.sqrt(np.mean(spoken.astype(np.float64) ** 2)))
    gain = min(gain, _PEAK / float(np.abs(wave).max()))
    return (wave * np.float32(gain)).astype(np.float32)
