"""The simulated telephone network: place calls into the hotline, and say what a number does."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self
from uuid import uuid4

from backend.ami import Ami, AmiError, AmiLogin, AmiUnreachable
from hotline import exchange_sound as sound
from hotline.exchange_arrivals import Arrival, read_arrivals
from hotline.exchange_leg import Leg, PlacedCall
from hotline.instance import PREFIX, InstanceError

CODECS = ("alaw", "ulaw", "g722")
NUMBER = re.compile(r"\+?[0-9]{3,20}")
NAME = re.compile(r"[^\x00-\x1f\x7f]*")
LONGEST_NAME = 240
"""Bytes; the exchange leaves a longer name out of the call."""
KEYS = re.compile(r"[0-9*#A-D]")
RING_SECONDS = 60
LONGEST_SECONDS = 300.0
Turn = str | Path | tuple[str, Path]
"""Keys to press, a WAV to speak, a key pressed with a WAV's last word, or ``h`` to hang up."""
Key = tuple[float, str]
"""Seconds after the answer, and one of 0-9 * # A-D."""


class ExchangeError(InstanceError):
    """A call could not be placed; the text names the remedy."""


class Exchange:
    """The telephone network of one instance, for use as ``async with Exchange(env) as exchange``.

    ``env`` holds the instance's variables with their prefix HOTLINE_.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        def setting(name: str) -> str:
            value = env.get(f"{PREFIX}{name}", "")
            if not value:
                raise ExchangeError(f"{PREFIX}{name} is not set: run `hotline init`")
            return value

        self._port = int(setting("EXCHANGE_AMI_PORT"))
        self._ami = Ami(
            AmiLogin("127.0.0.1", self._port, "exchange", setting("EXCHANGE_AMI_SECRET"))
        )
        root = setting("ASTERISK_ROOT").rstrip("/")
        self.directory = Path(f"{root}/srv/{setting('INSTANCE')}/exchange")

    async def __aenter__(self) -> Self:
        try:
            await self._ami.__aenter__()
        except AmiUnreachable:
            raise ExchangeError(
                f"the exchange does not answer at port {self._port}: start it with `make up`"
            ) from None
        except AmiError as error:
            raise ExchangeError(f"the exchange refuses us: {error}; see `hotline logs`") from None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ami.__aexit__()

    async def place(
        self,
        *,
        caller: str,
        called: str = "12345",
        name: str = "",
        wav: Path | None = None,
        delay: float = 6.0,
        keys: Sequence[Key] = (),
        hangup: float | None = None,
        codec: str = "alaw",
        longest: float = LONGEST_SECONDS,
        leaves: asyncio.Event | None = None,
    ) -> PlacedCall:
        """Place one call, stay until it ends, and tell what happened on the caller's side.

        The WAV is spoken ``delay`` seconds after the answer; ``keys`` and ``hangup`` count from
        the answer too; the caller hangs up before when ``leaves`` is set. Raises SoundError or
        ExchangeError before anything is dialled.
        """
        _check(caller, called, name, keys, codec)
        channel_id = str(uuid4())
        spoken = self.directory / "sounds" / channel_id
        speech = await asyncio.to_thread(sound.prepare, wav, spoken) if wav else None
        leg = Leg(self._ami, channel_id, keys, min(hangup or longest, longest), leaves)
        try:
            with self._ami.listen() as events:
                await leg.dial(
                    {
                        "Channel": f"PJSIP/{called}@{codec}",
                        "ChannelId": channel_id,
                        "Context": "caller",
                        "Exten": "s",
                        "Priority": "1",
                        "Async": "true",
                        "Timeout": str(RING_SECONDS * 1000),
                    },
                    {
                        "CONNECTEDLINE(num)": caller,
                        "CONNECTEDLINE(name)": _quoted(name),
                        "WAV": channel_id if wav else "",
                        "DELAY": f"{max(delay, 0.0):.3f}",
                        "LONGEST": f"{longest + 5:.0f}",
                    },
                )
                async with asyncio.timeout(RING_SECONDS + longest + 15):
                    await leg.follow(events)
        except (AmiError, TimeoutError) as error:
            raise ExchangeError(f"the call was lost sight of: {error or 'no end to it'}") from None
        finally:
            await leg.leave()
            for ending in sound.RATES:
                spoken.with_name(f"{channel_id}.{ending}").unlink(missing_ok=True)
        raw = self.directory / "heard" / f"{channel_id}.sln"
        heard = raw.with_suffix(".wav")
        await asyncio.to_thread(settled, raw)
        line = await asyncio.to_thread(sound.keep_heard, raw, heard)
        return leg.told(speech, heard, sound.first_sound(line, sound.RATES["sln"]))

    async def behave(
        self,
        number: str,
        *,
        answer_after: float | None = None,
        busy: bool = False,
        no_answer: bool = False,
        failed: bool = False,
        wav: Path | None = None,
        keys: str = "",
        hangup: float | None = None,
    ) -> None:
        """Say what a number does from now on when it is called.

        It answers after so many seconds, unless it is busy, never answers, or fails (503). After
        the answer it speaks the WAV, presses the keys (``w`` waits half a second) and hangs up
        after ``hangup`` seconds, or stays until the other side leaves.
        """
        if not NUMBER.fullmatch(number) or not re.fullmatch(r"[0-9*#A-Dw]*", keys):
            raise ExchangeError(f"not a number with keys: {number!r} {keys!r}")
        kinds = {"busy": busy, "no_answer": no_answer, "failed": failed}
        kind = next((name for name, wanted in kinds.items() if wanted), "answer")
        named = f"behaviour-{number}" if wav else ""
        if wav:
            await asyncio.to_thread(sound.prepare, wav, self.directory / "sounds" / named)
        after = 0.0 if answer_after is None else answer_after
        value = f"{kind}|{after:g}|{named}|{keys}|{'' if hangup is None else f'{hangup:g}'}"
        pair = {"Family": "behaviour", "Key": number, "Val": value}
        await self._ami.ask("DBPut", pair)

    async def talk(self, number: str, turns: Sequence[Turn], *, answer_after: float = 1.0) -> None:
        """Let a number hold a conversation: each turn waits for the other side to fall silent.

        After the last turn it stays until the other side leaves.
        """
        acts = [await asyncio.to_thread(self._act, turn) for turn in turns]
        value = f"talk|{answer_after:g}||{'-'.join(acts)}|"
        await self._ami.ask("DBPut", {"Family": "behaviour", "Key": number, "Val": value})

    def _act(self, turn: Turn) -> str:
        """Write a turn as the exchange's dialplan reads it, its sound made ready."""
        key, wav = turn if isinstance(turn, tuple) else ("", turn)
        if not isinstance(wav, Path):
            if not re.fullmatch(r"h|[0-9*#]+", wav):
                raise ExchangeError(f"not a turn: {wav!r}")
            return wav
        named = f"turn_{wav.stem.replace('-', '_')}{'_cut' if key else ''}"
        file = self.directory / "sounds" / named
        speech = sound.prepare(wav, file)
        for ending, rate in sound.RATES.items() if key else ():
            spoken = file.with_name(f"{named}.{ending}")
            spoken.write_bytes(spoken.read_bytes()[: int(speech.voiced_to * rate) * 2])
        return f"c{key}{named}" if key else f"s{named}"

    async def fail(self, number: str, kind: str) -> None:
        """Let a number be ``switched_off``, ``invalid``, ``busy``, ``no_answer`` or ``failed``."""
        value = f"{kind}|0|||"
        await self._ami.ask("DBPut", {"Family": "behaviour", "Key": number, "Val": value})

    async def forget(self, number: str) -> None:
        """Let a number do again what a number does by itself: answer after 2 s, leave after 20."""
        with suppress(AmiError):
            await self._ami.ask("DBDel", {"Family": "behaviour", "Key": number})

    def arrivals(self, number: str) -> list[Arrival]:
        """Return the calls that reached a number, oldest first, with their moments so far."""
        return read_arrivals(self.directory, number)


def settled(file: Path, within_seconds: float = 5.0) -> None:
    """Wait until a file has stopped growing: Asterisk closes it a moment after the hang-up."""
    until = time.monotonic() + within_seconds
    size, since = -1, time.monotonic()
    while time.monotonic() < until and time.monotonic() - since < 0.3:
        now = file.stat().st_size if file.exists() else 0
        if now != size:
            size, since = now, time.monotonic()
        time.sleep(0.05)


def _quoted(name: str) -> str:
    """Mark what separates one variable from the next."""
    return re.sub(r'([",\\])', r"\\\1", name)


def _check(caller: str, called: str, name: str, keys: Sequence[Key], codec: str) -> None:
    for number in (caller, called):
        if not NUMBER.fullmatch(number):
            raise ExchangeError(f"{number!r} is not a telephone number: give 3 to 20 digits")
    if not NAME.fullmatch(name) or len(name.encode()) > LONGEST_NAME:
        raise ExchangeError(f"a caller's name has at most {LONGEST_NAME} bytes and no line break")
    if codec not in CODECS:
        raise ExchangeError(f"{codec!r} is not a codec of the line: choose {', '.join(CODECS)}")
    for seconds, key in keys:
        if seconds < 0 or not KEYS.fullmatch(key):
            raise ExchangeError(f"{seconds:g}s:{key} is not a key press: 2s:1 is")
