"""What call control's events tell of channels: which are ours, how far each came, how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

UP, RINGING, ASKED = "Up", "Ringing", "asked"
"""States of a channel; `asked` is one that Asterisk has not made yet."""
NEVER_MADE = 34
"""The cause of a call for which there was no line (Q.850)."""
OVERTAKEN_SECONDS = 2.0
"""How long a channel's own events may be overtaken by the word that its call failed."""
UNHEARD_SECONDS = 30.0
"""How long a call that was asked for may be without a channel and without such a word."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call of ours ended: the cause by Q.850, and the state its channel had reached."""

    call: uuid.UUID
    cause: int | None
    state: str


class Channels:
    """The channels of one Asterisk; `trunk` names the endpoint whose others are counted."""

    def __init__(self, trunk: str) -> None:
        self._prefix = f"PJSIP/{trunk}-"
        self.ours: dict[str, str] = {}
        """Unique id -> state, of channels whose id is one of our calls."""
        self.others: set[str] = set()
        self._actions: dict[str, str] = {}
        self._given_up_at: dict[str, float] = {}

    def ask(self, call: uuid.UUID, now: float) -> None:
        """Note that a call is being asked for."""
        self.ours.setdefault(str(call), ASKED)
        self._given_up_at[str(call)] = now + UNHEARD_SECONDS

    def accepted(self, call: uuid.UUID, action: str) -> None:
        """Note the action by whose id it will be told whether the call came to be."""
        self._actions[action] = str(call)

    def refused(self, call: uuid.UUID) -> None:
        """Forget a call that Asterisk would not place."""
        self.ours.pop(str(call), None)

    def take(self, event: Mapping[str, str], now: float) -> Ending | None:
        """Take in an event that came at `now` (monotonic seconds); return what ended by it."""
        unique = event.get("Uniqueid", "")
        match event["Event"]:
            case "Newchannel" | "Newstate" | "Status":
                self._appeared(unique, event.get("Channel", ""), event.get("ChannelStateDesc", ""))
            case "Hangup":
                cause = event.get("Cause", "")
                return self._left(unique, int(cause) if cause.isdigit() else None)
            case "OriginateResponse":
                ours = self._actions.pop(event.get("ActionID", ""), "")
                if ours in self._given_up_at and event.get("Response") == "Failure":
                    self._given_up_at[ours] = now + OVERTAKEN_SECONDS
            case _:
                pass
        return None

    def never_made(self, now: float) -> Iterator[Ending]:
        """Return the calls that failed without a channel: no event will tell of their end."""
        for unique, until in list(self._given_up_at.items()):
            waits = self.ours.get(unique) == ASKED
            if waits and now < until:
                continue
            del self._given_up_at[unique]
            if waits and (ending := self._left(unique, NEVER_MADE)):
                yield ending

    def _appeared(self, unique: str, channel: str, state: str) -> None:
        if _call_of(unique):
            if state and self.ours.get(unique) != UP:
                self.ours[unique] = state
        elif channel.startswith(self._prefix):
            self.others.add(unique)

    def _left(self, unique: str, cause: int | None) -> Ending | None:
        self.others.discard(unique)
        state, call = self.ours.pop(unique, None), _call_of(unique)
        return Ending(call, cause, state) if state is not None and call else None


def _call_of(unique: str) -> uuid.UUID | None:
    """Return the call that a channel's id names; other channels have ids of Asterisk's own."""
    try:
        return uuid.UUID(unique)
    except ValueError:
        return None
