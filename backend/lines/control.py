"""What the backend has Asterisk do: ring a citizen, join a service to a talk, ask for a state."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from backend.ami import Ami, AmiError, AmiLogin, AmiRefused


class Rang(StrEnum):
    """How the ringing of a number ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


_REASONS = {"1": Rang.NO_ANSWER, "3": Rang.NO_ANSWER, "4": Rang.ANSWERED, "5": Rang.BUSY}
"""Asterisk's reasons in an OriginateResponse."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One ringing: whom, and where in the dialplan the line goes once it is answered."""

    channel: str
    context: str
    exten: str
    seconds: int
    variables: tuple[tuple[str, str], ...] = ()
    channel_id: str | None = None
    """Chosen by us, so that the same ringing cannot be begun twice."""


class Control:
    """Call control over one connection; methods raise AmiError."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami

    @staticmethod
    @asynccontextmanager
    async def open(login: AmiLogin) -> AsyncIterator[Control]:
        """Log in for a while."""
        async with Ami(login) as ami:
            yield Control(ami)

    async def ring(self, ring: Ring) -> Rang:
        """Ring a number and wait until it is answered, or is not."""
        headers = [
            ("Channel", ring.channel),
            ("Context", ring.context),
            ("Exten", ring.exten),
            ("Priority", "1"),
            ("Timeout", str(ring.seconds * 1000)),
            ("Async", "true"),
            *(("Variable", f"{name}={value}") for name, value in ring.variables),
        ]
        if ring.channel_id:
            headers.append(("ChannelId", ring.channel_id))
        with self._ami.listen() as events:
            asked = (await self._ami.ask("Originate", headers))["ActionID"]
            try:
                async with asyncio.timeout(ring.seconds + 10):
                    async for event in events:
                        if event["Event"] == "OriginateResponse" and event["ActionID"] == asked:
                            if event.get("Response") == "Success":
                                return Rang.ANSWERED
                            return _REASONS.get(event.get("Reason", ""), Rang.FAILED)
            except TimeoutError:
                return Rang.FAILED
        return Rang.FAILED

    async def is_up(self, channel: str, call_id: uuid.UUID) -> bool:
        """Tell whether a call's line is there; an exchange started anew names its lines anew."""
        asked = {"Channel": channel, "Variable": "HOTLINE_CALL_ID"}
        try:
            answer = await self._ami.ask("Getvar", asked)
        except AmiRefused:
            return False
        return answer.get("Value", "").strip() == str(call_id)

    async def talks(self, channel: str) -> bool | None:
        """Tell whether a line is connected with another; None when it is not there."""
        try:
            answer = await self._ami.ask("Getvar", {"Channel": channel, "Variable": "BRIDGEPEER"})
        except AmiRefused:
            return None
        return bool(answer.get("Value", "").strip())

    async def state_of(self, trunk: str) -> str:
        """Return what Asterisk's OPTIONS tell of a trunk: NOT_INUSE, UNAVAILABLE, ..."""
        question = {"Variable": f"DEVICE_STATE(PJSIP/{trunk})"}
        return (await self._ami.ask("Getvar", question)).get("Value", "").strip()

    async def join(self, service: str, channel: str, call_id: uuid.UUID, citizen: str) -> None:
        """Ring a service by its routes and join it to a talk; returns once it is being rung."""
        await self._ami.ask(
            "Originate",
            [
                ("Channel", f"Local/{service}@join-service/n"),
                ("Application", "BridgeAdd"),
                ("Data", channel),
                ("Timeout", "60000"),
                ("Async", "true"),
                # The trunk's own: sound that had to be changed over (slin, Asterisk's choice) was
                # lost one way, now and then, once the agent had left the talk.
                ("Codecs", "alaw"),
                ("Variable", f"__HOTLINE_CALL_ID={call_id}"),
                ("Variable", f"__HOTLINE_CITIZEN={citizen}"),
            ],
        )

    async def send_to(self, channel: str, context: str, exten: str) -> None:
        """Move a line that talks with nobody to another place of the dialplan."""
        where = {"Channel": channel, "Context": context, "Exten": exten, "Priority": "1"}
        await self._ami.ask("Redirect", where)


__all__ = ["AmiError", "Control", "Rang", "Ring"]
