"""Renders the fixed sentences once, at set-up: recorded sounds win, the rest is spoken."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from asr import kokoro
from asr.fragments import fragments, joined, key_of
from asr.loudness import levelled, trimmed
from asr.numbers import as_said
from asr.settings import VoiceSettings
from asr.sound_files import read_speech, seconds_of, write_both
from asr.speech import EspeakVoice
from asr.voice import NoVoice, Speech, Voice

_PROCESSES = 2
LONGEST_SECONDS = 8.0
"""A prompt before the caller may speak takes no longer."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rendered:
    """One prompt as sound."""

    name: str
    seconds: float
    voice: str
    made: bool


def voice_of(settings: VoiceSettings) -> Voice:
    """Load the neural voice, or give the plain one where it is not installed."""
    if settings.voice_engine == "espeak" or not kokoro.installed():
        return EspeakVoice()
    return kokoro.KokoroVoice(settings.voice, settings.voice_speed, threads=1)


class Studio:
    """Renders sentences into the voice cache and copies them to where Asterisk plays them."""

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._style = f"{settings.voice}@{settings.voice_speed}"
        neural = settings.voice_engine != "espeak" and kokoro.installed()
        self.engine = "kokoro" if neural else "espeak"
        self._voice: Voice | None = None

    def render(self, name: str, text: str) -> Rendered:
        """Put one prompt in place; a recorded WAV of its name wins; raises ``NoVoice``."""
        base = self._settings.media / "sounds" / "zh" / name
        recorded = self._settings.home / "recorded" / f"{name}.wav"
        if recorded.is_file():
            speech = trimmed(read_speech(recorded))
            write_both(base, Speech(levelled(speech.wave), speech.rate))
            return Rendered(name, seconds_of(base.with_name(f"{name}.wav")), "recorded", True)
        kept = self._settings.voice_cache / f"{key_of(text, self.engine, self._style, 'prompt')}"
        made = not kept.with_suffix(".wav").is_file()
        if made:
            write_both(kept, self._say(text))
        base.parent.mkdir(parents=True, exist_ok=True)
        for ending in (".wav16", ".wav"):
            part = base.with_name(f".{name}{ending}")
            shutil.copyfile(f"{kept}{ending}", part)
            part.replace(base.with_name(f"{name}{ending}"))
        return Rendered(name, seconds_of(base.with_name(f"{name}.wav")), self.engine, made)

    def _say(self, text: str) -> Speech:
        if self._voice is None:
            self._voice = voice_of(self._settings)
        voice = self._voice
        return joined([(voice.say(f.text), f.pause_seconds) for f in fragments(as_said(text))])


_studio: Studio | None = None


def _open_studio(settings: VoiceSettings) -> None:
    global _studio
    _studio = Studio(settings)


def _render(name: str, text: str) -> Rendered:
    if _studio is None:
        raise NoVoice("the studio is not open")
    return _studio.render(name, text)


def fixed_sentences() -> dict[str, str]:
    """Give the text of every prompt that does not depend on the call."""
    from ivr_flows.prompts import load_prompts  # noqa: PLC0415  read when wanted

    prompts = load_prompts()
    return {name: prompt.say for name, prompt in prompts.items() if not prompt.dynamic}


def render_all(settings: VoiceSettings, sentences: dict[str, str], tell: Tell) -> int:
    """Put every prompt in place, telling each; gives how many could not be made."""
    failed = 0
    spawn = get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, spawn, _open_studio, (settings,)) as pool:
        wanted: list[tuple[str, Future[Rendered]]] = [
            (name, pool.submit(_render, name, text)) for name, text in sentences.items()
        ]
        for count, (name, one) in enumerate(wanted, 1):
            try:
                done = one.result()
            except NoVoice as error:
                failed += 1
                tell(f"[{count}/{len(wanted)}] {name}: {error}")
                continue
            long = "  longer than 8 s" if done.seconds > LONGEST_SECONDS else ""
            state = done.voice if done.made else "kept"
            tell(f"[{count}/{len(wanted)}] {name:<28} {done.seconds:5.2f} s  {state}{long}")
    return failed
