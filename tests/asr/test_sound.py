import numpy as np
import pytest

from asr.loudness import levelled, trimmed
from asr.resample import Upsampler, from_pcm, to_pcm
from asr.timeline import Timeline
from asr.vad import SpeechDetector, rms
from asr.voice import Speech


def tone(seconds: float, hertz: float = 440, rate: int = 8000, loud: float = 0.3) -> np.ndarray:
    at = np.arange(int(seconds * rate)) / rate
    return (loud * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def share_of_speech(sound: bytes) -> float:
    detector = SpeechDetector()
    frames = [sound[i : i + 320] for i in range(0, len(sound) - 319, 320)]
    return sum(map(detector.is_speech, frames)) / len(frames)


def test_speech_is_told_from_silence_and_faint_hiss(korean: bytes) -> None:
    hiss = to_pcm(np.random.default_rng(1).normal(0, 0.004, 16000).astype(np.float32))

    assert share_of_speech(korean) > 0.5
    assert share_of_speech(bytes(16000)) == 0
    assert share_of_speech(hiss) == 0


def test_a_frame_that_is_not_20_ms_is_refused() -> None:
    with pytest.raises(ValueError, match="100 bytes"):
        SpeechDetector().is_speech(bytes(100))


def test_loudness_of_nothing_is_nothing() -> None:
    assert rms(b"") == 0


def test_upsampling_piece_by_piece_is_as_good_as_at_once() -> None:
    sound = to_pcm(tone(1.0))

    whole = Upsampler().more(sound, last=True)
    stream = Upsampler()
    pieces = [stream.more(sound[i : i + 320]) for i in range(0, len(sound), 320)]
    pieces.append(stream.more(b"", last=True))

    joined = from_pcm(b"".join(pieces))
    assert abs(len(joined) - 16000) <= 2
    np.testing.assert_allclose(joined[500:15000], from_pcm(whole)[500:15000], atol=1e-3)


def test_speech_is_trimmed_and_made_equally_loud() -> None:
    silence = np.zeros(4000, dtype=np.float32)
    speech = trimmed(Speech(np.concatenate([silence, tone(1, loud=0.02), silence]), 8000))

    assert speech.seconds == pytest.approx(1.1, abs=0.03)
    assert np.abs(levelled(speech.wave)).max() == pytest.approx(0.14, abs=0.02)


def test_a_recognisers_seconds_are_found_in_the_whole_sound() -> None:
    timeline = Timeline()
    for frame in range(50):
        timeline.told(2.0 + frame * 0.02, 0.02)
    for frame in range(50):
        timeline.told(8.0 + frame * 0.02, 0.02)

    assert timeline.whole(0.5) == pytest.approx(2.5)
    assert timeline.whole(1.5) == pytest.approx(8.5)
