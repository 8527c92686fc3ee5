"""The telephone line of the dialler: places calls by call control, and hears how each ended."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from backend.ami import Ami, AmiError, AmiLogin, AmiLost, AmiRefused, Events, Message
from backend.surveys.settings import LineSettings

UP, RINGING, ASKED = "Up", "Ringing", "asked"
"""States of a channel; `asked` is one that Asterisk has not made yet."""
_NUMBER = re.compile(r"[0-9]{3,20}")


class LineAway(Exception):
    """Call control does not answer: it is not known what became of the calls."""


@dataclass(slots=True)
class Lines:
    """What is known of the channels: ours by call, and all the others."""

    ours: dict[str, str] = field(default_factory=dict)
    """Unique id -> state, of channels whose id is one of our calls."""
    others: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call of ours ended: the cause by Q.850, and the state its channel had reached."""

    call: uuid.UUID
    cause: int | None
    state: str


Ended = Callable[[Ending], None]


class Line:
    """One connection to call control; events of every call arrive, whoever placed it."""

    def __init__(self, settings: LineSettings, ami: Ami, ended: Ended) -> None:
        self._settings, self._ami, self._ended = settings, ami, ended
        self.lines = Lines()
        self._asked: dict[str, str] = {}
        self._lost = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: LineSettings, ended: Ended) -> AsyncIterator[Line]:
        """Connect, learn which channels there are, and follow them; raises LineAway."""
        login = AmiLogin(
            settings.ami_host, settings.ami_port, "hotline", settings.ami_secret.get_secret_value()
        )
        try:
            async with Ami(login) as ami:
                line = cls(settings, ami, ended)
                with ami.listen() as events:
                    await line._look(events)
                    follow = asyncio.create_task(line._follow(events))
                    try:
                        yield line
                    finally:
                        follow.cancel()
                        with contextlib.suppress(asyncio.CancelledError):
                            await follow
        except AmiError as error:
            raise LineAway(str(error)) from error

    def check(self) -> None:
        """Raise LineAway when call control was lost."""
        if self._lost:
            raise LineAway(self._lost)

    @property
    def busy(self) -> int:
        """How many calls of others the trunk carries: of citizens, and out to people on duty."""
        return len(self.lines.others)

    def has(self, call: uuid.UUID) -> bool:
        """Tell whether a call's channel is there."""
        return str(call) in self.lines.ours

    async def place(self, call: uuid.UUID, number: str) -> bool:
        """Have a number called; False when the exchange refuses. Raises LineAway."""
        if not _NUMBER.fullmatch(number):
            return False
        settings = self._settings
        headers = [
            ("Channel", f"PJSIP/{number}@{settings.survey_trunk}"),
            ("ChannelId", str(call)),
            ("Context", "survey"),
            ("Exten", "s"),
            ("Priority", "1"),
            ("Timeout", str(settings.survey_ring_seconds * 1000)),
            ("CallerID", f"<{settings.city_number}>"),
            ("Async", "true"),
            ("Variable", f"HOTLINE_CALL_ID={call}"),
            ("Variable", f"HOTLINE_CITIZEN={number}"),
            ("Variable", f"HOTLINE_SURVEY_SECONDS={settings.survey_longest_seconds}"),
        ]
        self.lines.ours.setdefault(str(call), ASKED)
        try:
            answer = await self._ami.ask("Originate", headers)
        except AmiRefused:
            self.lines.ours.pop(str(call), None)
            return False
        except AmiError as error:
            raise LineAway(str(error)) from error
        self._asked[answer["ActionID"]] = str(call)
        return True

    async def present(self) -> set[str]:
        """Ask which channels there are; raises LineAway."""
        with self._ami.listen() as events:
            return await self._status(events)

    async def _look(self, events: Events) -> None:
        for unique in await self._status(events):
            self._appeared(unique, "", "")

    async def _status(self, events: Events) -> set[str]:
        try:
            await self._ami.ask("Status")
            found = set()
            async with asyncio.timeout(5):
                async for event in events:
                    match event["Event"]:
                        case "Status":
                            found.add(event["Uniqueid"])
                            self._appeared(
                                event["Uniqueid"],
                                event.get("Channel", ""),
                                event.get("ChannelStateDesc", ""),
                            )
                        case "StatusComplete":
                            break
                        case _:
                            self._take(event)
        except (AmiError, TimeoutError) as error:
            raise LineAway(str(error) or "no list of channels") from error
        return found

    async def _follow(self, events: Events) -> None:
        try:
            async for event in events:
                self._take(event)
        except AmiLost as error:
            self._lost = str(error)

    def _take(self, event: Message) -> None:
        unique = event.get("Uniqueid", "")
        match event["Event"]:
            case "Newchannel" | "Newstate":
                self._appeared(unique, event.get("Channel", ""), event.get("ChannelStateDesc", ""))
            case "Hangup":
                self._left(unique, event)
            case "OriginateResponse":
                ours = self._asked.pop(event.get("ActionID", ""), "")
                if event.get("Response") == "Failure" and self.lines.ours.get(ours) == ASKED:
                    # No channel could be made: there will be no Hangup event.
                    self._left(ours, {"Cause": "34"})

    def _appeared(self, unique: str, channel: str, state: str) -> None:
        if _call_of(unique):
            if state and self.lines.ours.get(unique) != UP:
                self.lines.ours[unique] = state
        elif channel.startswith(f"PJSIP/{self._settings.survey_trunk}-"):
            self.lines.others.add(unique)

    def _left(self, unique: str, event: Message) -> None:
        self.lines.others.discard(unique)
        state = self.lines.ours.pop(unique, None)
        call = _call_of(unique)
        if state is not None and call:
            cause = event.get("Cause", "")
            self._ended(Ending(call, int(cause) if cause.isdigit() else None, state))


def _call_of(unique: str) -> uuid.UUID | None:
    """Return the call that a channel's id names; other channels have ids of Asterisk's own."""
    try:
        return uuid.UUID(unique)
    except ValueError:
        return None
