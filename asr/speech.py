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
                "asr.speech",
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


def _say_here(language: str, words_a_minute: int, wav: Path, text: str) -> None:
    """Say one text in this process, which does nothing else and ends afterwards."""
    import pyttsx3  # noqa: PLC0415  loads espeak, which must happen in this process only
    from pyttsx3.drivers import _espeak  # noqa: PLC0415

    part = wav.with_suffix(".part")
    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", language)
    engine.setProperty("rate", words_a_minute)
    engine.save_to_file(text, str(part))
    engine.runAndWait()
    _espeak.Synchronize()
    part.replace(wav)


if __name__ == "__main__":
    _say_here(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.stdin.read())
    os._exit(0)
