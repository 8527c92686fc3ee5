"""Says sentences during calls: from the cache, by the neural voice in time, else by espeak."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

import structlog

from asr.fragments import Fragment, fragments, joined, key_of
from asr.numbers import as_said
from asr.sound_files import read_speech, seconds_of, write_both, write_wav
from asr.speech import EspeakVoice
from asr.voice import NoVoice, Said, Speech, Voice

log = structlog.get_logger(__name__)


class Slow(Protocol):
    """A voice that takes its time; ``say`` writes a WAV, or raises ``NoVoice``."""

    name: str

    def say(self, text: str, wav: Path) -> Awaitable[None]:
        """Write the sound of a text."""
        ...


class Speaker:
    """Makes sentences of fragments, each of which is made once and kept."""

    def __init__(
        self,
        media: Path,
        cache: Path,
        best: Slow | None,
        plain: Voice | None = None,
        style: str = "",
    ) -> None:
        self._media = media
        self._cache = cache
        self._best = best
        self._plain = plain or EspeakVoice()
        self._style = style
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def say(self, text: str, within_seconds: float = 1.5) -> Said:
        """Say a sentence, the neural voice as far as it is in time; raises ``NoVoice``."""
        said = as_said(text)
        found = fragments(said)
        if not found:
            raise NoVoice("there is nothing to say")
        deadline = asyncio.get_running_loop().time() + within_seconds
        made = await asyncio.gather(*(self._part(piece, deadline) for piece in found))
        parts = [(one, piece.pause_seconds) for one, piece in zip(made, found, strict=True)]
        engine = "kokoro" if all(best for (_, best), _ in parts) else "espeak"
        base = f"speech/{key_of(said, self._style, engine)}"
        wav = self._media / f"{base}.wav"
        if not wav.is_file() or engine == "espeak":
            sounds = [(speech, pause) for (speech, _), pause in parts]
            await asyncio.to_thread(lambda: write_both(self._media / base, joined(sounds)))
        return Said(base, engine, round(seconds_of(wav), 2))

    async def _part(self, piece: Fragment, deadline: float) -> tuple[Speech, bool]:
        best = self._cache / f"{key_of(piece.text, 'kokoro', self._style)}.wav"
        if self._best and not best.is_file():
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(asyncio.shield(self._make(piece.text, best)), max(0, left))
            except (TimeoutError, NoVoice) as error:
                log.info("said by espeak", why=str(error) or "not in time", hanzi=len(piece.text))
        if best.is_file():
            return await asyncio.to_thread(read_speech, best), True
        return await self._plainly(piece.text), False

    def _make(self, text: str, wav: Path) -> asyncio.Task[None]:
        """Begin to make a fragment, once; it goes on when nobody waits any more."""
        if wav not in self._making and self._best:
            task = asyncio.ensure_future(self._best.say(text, wav))
            self._making[wav] = task

            def forget(done: asyncio.Task[None]) -> None:
                self._making.pop(wav, None)
                if not done.cancelled():
                    done.exception()

            task.add_done_callback(forget)
        return self._making[wav]

    async def _plainly(self, text: str) -> Speech:
        kept = self._cache / f"{key_of(text, self._plain.name, '')}.wav"
        if not kept.is_file():
            speech = await asyncio.to_thread(self._plain.say, text)
            write_wav(kept, speech, speech.rate)
            return speech
        return await asyncio.to_thread(read_speech, kept)
