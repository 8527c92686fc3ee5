"""The voice that is always there: pyttsx3 on espeak-ng, each text in a process of its own.

The library is known to hang, to return before its file exists and to write only the last of two
texts; so one process says one text, has a time limit, and writes under a passing name.
"""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from asr.sound_files import read_speech
from asr.voice import NoVoice, Speech

MANDARIN = "sit/cmn"
_SECONDS = 6.0
_WORDS_A_MINUTE = 170
CHECKOUT = Path(__file__).parent.parent


def espeak_folder() -> Path | None:
    """Find the packaged espeak-ng, whose Mandarin is right where older ones' is not."""
    spec = find_spec("espeakng_loader")
    return Path(spec.origin).parent if spec and spec.origin else None


def environment() -> dict[str, str]:
    """Point a process at the packaged espeak-ng."""
    folder = espeak_folder()
    if folder is None:
        return dict(os.environ)
    data = {"ESPEAK_DATA_PATH": str(folder / "espeak-ng-data"), "LD_LIBRARY_PATH": str(folder)}
    return {**os.environ, **data}


class EspeakVoice:
    """Says texts by pyttsx3. ``language`` is an espeak voice such as ``sit/cmn`` or ``ko``."""

    name = "espeak"

    def __init__(
        self,
        language: str = MANDARIN,
        *,
        words_a_minute: int = _WORDS_A_MINUTE,
        limit_seconds: float = _SECONDS,
    ) -> None:
        self._language = language
        self._pace = words_a_minute
        self._limit = limit_seconds

    def say(self, text: str) -> Speech:
        """Say a text; raises ``NoVoice`` when the process fails or takes too long."""
        with tempfile.TemporaryDirectory(prefix="hotline-say-") as folder:
            wav = Path(folder) / "said.wav"
            command = [
                sys.executable,
                "-m",
                "asr.say_one",
                self._language,
                str(self._pace),
                str(wav),
            ]
            try:
                done = subprocess.run(
                    command,
                    input=text.encode(),
                    env=environment(),
                    cwd=CHECKOUT,
                    timeout=self._limit,
                    capture_output=True,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise NoVoice(f"espeak hung over {len(text)} characters") from None
            if done.returncode or not wav.is_file():
                why = done.stderr.decode(errors="replace").strip().splitlines()
                raise NoVoice(f"espeak failed: {why[-1] if why else done.returncode}")
            return read_speech(wav)
