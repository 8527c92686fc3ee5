"""Says one text from standard input by pyttsx3; the process does nothing else."""

import os
import sys
from pathlib import Path

import pyttsx3
from pyttsx3.drivers import _espeak


def say_here(language: str, words_a_minute: int, wav: Path, text: str) -> None:
    """Write the sound of a text under a passing name, then move it into place."""
    part = wav.with_suffix(".part")
    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", language)
    engine.setProperty("rate", words_a_minute)
    engine.save_to_file(text, str(part))
    engine.runAndWait()
    _espeak.Synchronize()
    part.replace(wav)


if __name__ == "__main__":
    say_here(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.stdin.buffer.read().decode())
    os._exit(0)
