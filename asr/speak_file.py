"""Speaks a sentence into a file: test callers and demonstrations."""

from functools import lru_cache
from pathlib import Path

from asr import kokoro
from asr.fragments import fragments, joined
from asr.numbers import as_said
from asr.sound_files import write_wav
from asr.speech import EspeakVoice
from asr.voice import NoVoice, Voice


@lru_cache(maxsize=4)
def _voice(name: str, speed: float) -> Voice:
    if name.startswith("espeak:"):
        return EspeakVoice(name.removeprefix("espeak:"), words_a_minute=int(150 * speed))
    return kokoro.KokoroVoice(name, speed)


def speak(
    text: str, output: Path, *, voice: str = "jm_kumo", speed: float = 1.0, rate: int = 8000
) -> float:
    """Write a sentence as WAV and give its seconds; ``espeak:ko`` names an espeak voice."""
    speaker = _voice(voice, speed)
    found = fragments(as_said(text))
    if not found:
        raise NoVoice("there is nothing to say")
    speech = joined([(speaker.say(piece.text), piece.pause_seconds) for piece in found])
    write_wav(output, speech, rate)
    return speech.seconds
