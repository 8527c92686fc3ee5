"""The telephone line of the dialler: places calls by call control, and hears how each ended."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from backend.ami import Ami, AmiError, AmiLogin, AmiLost, AmiRefused, Events, Message
from backend.surveys.channels import Channels, Ending
from backend.surveys.settings import LineSettings

_NUMBER = re.compile(r"[0-9]{3,20}")


class LineAway(Exception):
    """Call control does not answer: it is not known what became of the calls."""


Ended = Callable[[Ending], None]


class Line:
    """One connection to call control; events of every call arrive, whoever placed it."""

    def __init__(self, settings: LineSettings, ami: Ami, ended: Ended) -> None:
        self._settings, self._ami, self._ended = settings, ami, ended
        self.channels = Channels(settings.survey_trunk)
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
                    await line._status(events)
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
        """End the calls that never came to be; raise LineAway when call control was lost."""
        if self._lost:
            raise LineAway(self._lost)
        for ending in self.channels.never_made(time.monotonic()):
            self._ended(ending)

    @property
    def busy(self) -> int:
        """How many calls of others the trunk carries: of citizens, and out to people on duty."""
        return len(self.channels.others)

    def has(self, call: uuid.UUID) -> bool:
        """Tell whether a call's channel is there."""
        return str(call) in self.channels.ours

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
            # Counted among the lines of the trunk from the first ring on.
            ("Variable", "GROUP(side)=out"),
            ("Variable", f"HOTLINE_CALL_ID={call}"),
            ("Variable", f"HOTLINE_CITIZEN={number}"),
            ("Variable", f"HOTLINE_SURVEY_SECONDS={settings.survey_longest_seconds}"),
        ]
        self.channels.ask(call, time.monotonic())
        try:
            answer = await self._ami.ask("Originate", headers)
        except AmiRefused:
            self.channels.refused(call)
            return False
        except AmiError as error:
            raise LineAway(str(error)) from error
        self.channels.accepted(call, answer["ActionID"])
        return True

    async def present(self) -> set[str]:
        """Ask which channels there are; raises LineAway."""
        with self._ami.listen() as events:
            return await self._status(events)

    async def _status(self, events: Events) -> set[str]:
        try:
            await self._ami.ask("Status")
            found = set()
            async with asyncio.timeout(5):
                async for event in events:
                    if event["Event"] == "StatusComplete":
                        break
                    if event["Event"] == "Status":
                        found.add(event["Uniqueid"])
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
        if ending := self.channels.take(event, time.monotonic()):
            self._ended(ending)
