"""Changes the rate of sound: as a stream for recognisers, as a whole for files."""

import numpy as np
import numpy.typing as npt
import soxr

Samples = npt.NDArray[np.float32]


class Upsampler:
    """Brings 8 kHz 16-bit sound to 16 kHz piece by piece, without seams."""

    def __init__(self) -> None:
        self._stream = soxr.ResampleStream(8000, 16000, 1, dtype="int16", quality="MQ")

    def more(self, samples: bytes, *, last: bool = False) -> bytes:
        """Take the next piece; what is still inside the filter comes with the last one."""
        wave = np.frombuffer(samples, dtype="<i2")
        return bytes(self._stream.resample_chunk(wave, last=last).astype("<i2").tobytes())


def to_rate(wave: Samples, have: int, want: int) -> Samples:
    """Bring a whole sound from one rate to another; mono float32 in -1..1."""
    if have == want or not len(wave):
        return wave
    return np.asarray(soxr.resample(wave, have, want), dtype=np.float32)


def to_pcm(wave: Samples) -> bytes:
    """Write float sound as signed 16-bit little-endian."""
    return bytes((np.clip(wave, -1, 1) * 32767).astype("<i2").tobytes())


def from_pcm(samples: bytes) -> Samples:
    """Read signed 16-bit little-endian as float sound in -1..1."""
    return np.frombuffer(samples, dtype="<i2").astype(np.float32) / 32768.0
