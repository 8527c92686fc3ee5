"""Tells speech from the rest of a telephone line, 20 ms at a time."""

import numpy as np
import webrtcvad

from asr.audiosocket import FRAME_BYTES, RATE

QUIET_RMS = 300.0
"""Below this a line is quiet: recognisers write near silence as words."""


def rms(samples: bytes) -> float:
    """Measure the loudness of 16-bit sound, 0 to 32767."""
    if len(samples) < 2:
        return 0.0
    wave = np.frombuffer(samples, dtype="<i2").astype(np.float64)
    return float(np.sqrt(np.mean(wave * wave)))


class SpeechDetector:
    """Says for each 20 ms frame of 8 kHz sound whether somebody speaks in it."""

    def __init__(self, aggressiveness: int = 2) -> None:
        self._vad = webrtcvad.Vad(aggressiveness)

    def is_speech(self, frame: bytes) -> bool:
        """Judge one frame of exactly 320 bytes."""
        if len(frame) != FRAME_BYTES:
            raise ValueError(f"a frame of {len(frame)} bytes instead of {FRAME_BYTES}")
        speech = bool(self._vad.is_speech(frame, RATE))
        return speech and rms(frame) > QUIET_RMS
