"""The caller's leg of one call: what is done on it, and what the exchange tells about it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from backend.ami import Ami, AmiError, Events, Message
from hotline.exchange_sound import Speech

KEY_MILLISECONDS = 120
NORMAL_CLEARING = "16"


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """What happened on the caller's side of one call; times are epoch seconds."""

    channel_id: str
    sip_call_id: str
    """Empty if the call was never answered."""
    invited_at: float
    answered_at: float | None
    ended_at: float
    ended_by: str
    """``caller`` or ``hotline``."""
    cause: str
    """Why it ended, as ``number text`` of Q.850."""
    heard: Path
    """A WAV of what the caller heard from the answer on, 8 kHz; empty if never answered."""
    first_sound_at: float | None
    spoke_from: float | None
    """When the first voiced sample of the WAV was sent."""
    spoke_to: float | None
    """When the last voiced sample of the WAV was sent, or the call ended in the middle of it."""


class Leg:
    """One call being placed: dial, follow to the end, tell."""

    def __init__(
        self,
        ami: Ami,
        channel_id: str,
        keys: Sequence[tuple[float, str]],
        hangup: float,
        leaves: asyncio.Event | None = None,
    ) -> None:
        self._ami, self.channel_id = ami, channel_id
        self._leaves = leaves or asyncio.Event()
        self._keys, self._hangup = sorted(keys), hangup
        self._acts: asyncio.Task[None] | None = None
        self._action_id = ""
        self._hung_up = False
        self._sip_call_id = ""
        self._cause = ""
        self._invited: float | None = None
        self._answered: float | None = None
        self._speaks: float | None = None
        self._ended: float | None = None

    async def dial(self, headers: Mapping[str, str], variables: Mapping[str, str]) -> None:
        """Ask the exchange for the call; it rings after this returns."""
        pairs = [*headers.items(), *(("Variable", f"{k}={v}") for k, v in variables.items())]
        answer = await self._ami.ask("Originate", pairs)
        self._action_id = answer["ActionID"]

    async def follow(self, events: Events) -> None:
        """Take in events until the call has ended."""
        async for event in events:
            if event.get("Uniqueid") == self.channel_id:
                self._take(event)
            elif event["Event"] == "OriginateResponse":
                self._take_response(event)
            if self._ended is not None:
                return

    async def leave(self) -> None:
        """Stop acting, and hang up what is still there."""
        if self._acts:
            self._acts.cancel()
            with suppress(asyncio.CancelledError, AmiError):
                await self._acts
        if self._ended is None and self._invited is not None:
            with suppress(AmiError):
                await self._ami.ask("Hangup", {"Channel": self.channel_id})

    def told(self, speech: Speech | None, heard: Path, first_sound: float | None) -> PlacedCall:
        """Put together what is known after the end."""
        ended = self._ended or 0.0
        spoke = speech is not None and speech.voiced_to > 0 and self._speaks is not None
        began = (self._speaks or 0.0) + (speech.voiced_from if speech else 0.0)
        finished = (self._speaks or 0.0) + (speech.voiced_to if speech else 0.0)
        return PlacedCall(
            channel_id=self.channel_id,
            sip_call_id=self._sip_call_id,
            invited_at=self._invited or ended,
            answered_at=self._answered,
            ended_at=ended,
            ended_by="caller" if self._hung_up else "hotline",
            cause=self._cause,
            heard=heard,
            first_sound_at=_after(self._answered, first_sound),
            spoke_from=began if spoke and began < ended else None,
            spoke_to=min(finished, ended) if spoke and began < ended else None,
        )

    def _take(self, event: Message) -> None:
        at = float(event["Timestamp"])
        match event["Event"], event.get("UserEvent") or event.get("ChannelStateDesc"):
            case "Newchannel", _:
                self._invited = at
            case "Newstate", "Up":
                self._answered = at
                self._acts = asyncio.create_task(self._act())
            case "UserEvent", "Answered":
                self._sip_call_id = event.get("SipCallId", "")
            case "UserEvent", "Speaks":
                self._speaks = at
            case "Hangup", _:
                self._ended = at
                self._cause = f"{event.get('Cause', '')} {event.get('Cause-txt', '')}".strip()
            case _:
                pass

    def _take_response(self, event: Message) -> None:
        """A call that found no line never has a channel: its failure is all that is told."""
        ours = event.get("ActionID") == self._action_id
        if ours and event.get("Response") == "Failure" and self._invited is None:
            self._ended = float(event["Timestamp"])
            self._cause = f"no line ({event.get('Reason', '')})"

    async def _act(self) -> None:
        """Press the keys and hang up, each at its second after the answer."""
        began = asyncio.get_running_loop().time()
        for seconds, key in self._keys:
            if seconds < self._hangup:
                await self._until(began + seconds)
                press = {"Channel": self.channel_id, "Digit": key, "Duration": KEY_MILLISECONDS}
                await self._ami.ask("PlayDTMF", {k: str(v) for k, v in press.items()})
        with suppress(TimeoutError):
            async with asyncio.timeout_at(began + self._hangup):
                await self._leaves.wait()
        self._hung_up = True
        leave = {"Channel": self.channel_id, "Cause": NORMAL_CLEARING}
        await self._ami.ask("Hangup", leave)

    @staticmethod
    async def _until(moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


def _after(start: float | None, seconds: float | None) -> float | None:
    return None if start is None or seconds is None else start + seconds
