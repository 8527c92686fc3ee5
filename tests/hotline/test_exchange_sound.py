from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.exchange_sound import SoundError, first_sound, keep_heard, measure, prepare


def speech(path: Path, rate: int, channels: int = 1, subtype: str = "PCM_16") -> Path:
    """Write half a second of silence, one of tone, half of silence."""
    at = np.arange(rate) / rate
    quiet = np.zeros(rate // 2)
    sound = np.concatenate([quiet, 0.5 * np.sin(2 * np.pi * 400 * at), quiet])
    soundfile.write(path, np.column_stack([sound] * channels), rate, subtype=subtype)
    return path


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24000, 44100, 48000])
def test_any_rate_becomes_what_the_line_carries(tmp_path: Path, rate: int) -> None:
    told = prepare(speech(tmp_path / "a.wav", rate), tmp_path / "out")

    assert told.seconds == pytest.approx(2, abs=0.01)
    assert told.voiced_from == pytest.approx(0.5, abs=0.02)
    assert told.voiced_to == pytest.approx(1.5, abs=0.02)
    assert (tmp_path / "out.sln").stat().st_size == pytest.approx(2 * 2 * 8000, abs=200)
    assert (tmp_path / "out.sln16").stat().st_size == pytest.approx(2 * 2 * 16000, abs=400)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT", "ALAW", "ULAW"])
def test_any_kind_of_samples_is_read(tmp_path: Path, subtype: str) -> None:
    told = prepare(speech(tmp_path / "a.wav", 8000, 2, subtype), tmp_path / "out")

    assert told.voiced_from == pytest.approx(0.5, abs=0.02)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"no such WAV: .*nothing\.wav"):
        prepare(tmp_path / "nothing.wav", tmp_path / "out")


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF, but not a WAV")

    with pytest.raises(SoundError, match=r"a\.wav is not a sound file") as told:
        prepare(tmp_path / "a.wav", tmp_path / "out")

    assert "\n" not in str(told.value)


def test_a_file_cut_off_in_its_head_is_named(tmp_path: Path) -> None:
    whole = speech(tmp_path / "a.wav", 8000).read_bytes()
    (tmp_path / "b.wav").write_bytes(whole[:30])

    with pytest.raises(SoundError, match=r"b\.wav"):
        prepare(tmp_path / "b.wav", tmp_path / "out")


@pytest.mark.parametrize("nothing", [b"", None])
def test_an_empty_file_is_named(tmp_path: Path, nothing: bytes | None) -> None:
    wav = tmp_path / "a.wav"
    if nothing is None:
        soundfile.write(wav, np.zeros(0), 8000)
    else:
        wav.write_bytes(nothing)

    with pytest.raises(SoundError, match=r"a\.wav is (empty|not a sound file)"):
        prepare(wav, tmp_path / "out")

    assert list(tmp_path.iterdir()) == [wav]


def test_silence_has_no_voice_and_no_first_sound() -> None:
    silence = np.full(8000, 8, dtype=np.int16)

    assert measure(silence, 8000).voiced_to == 0
    assert first_sound(silence, 8000) is None
    assert first_sound(silence[:3], 8000) is None


def test_the_first_sound_is_found_within_its_ten_milliseconds() -> None:
    line = np.zeros(8000, dtype=np.int16)
    line[2000:] = 1000

    assert first_sound(line, 8000) == pytest.approx(0.25)


def test_what_was_heard_becomes_a_wav_and_an_odd_byte_harms_nothing(tmp_path: Path) -> None:
    raw = tmp_path / "heard.sln"
    raw.write_bytes(b"\x01\x00\x02\x00\x03")

    line = keep_heard(raw, tmp_path / "heard.wav")

    assert line.tolist() == [1, 2]
    assert soundfile.info(tmp_path / "heard.wav").frames == 2
    assert not raw.exists()


def test_a_call_without_sound_leaves_an_empty_wav(tmp_path: Path) -> None:
    line = keep_heard(tmp_path / "never.sln", tmp_path / "heard.wav")

    assert len(line) == 0
    assert soundfile.info(tmp_path / "heard.wav").frames == 0
