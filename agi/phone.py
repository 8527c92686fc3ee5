"""What a call can do, in words a flow author would use."""

from enum import StrEnum
from typing import Protocol

from agi.party import Party
from agi.protocol import CallerLeft

__all__ = ["CallerLeft", "Dialled", "Party", "Phone", "Queued"]


class Dialled(StrEnum):
    """How one attempt to reach a number ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAR_HANGUP = "far_hangup"
    """Answered, and gone again within five seconds: nobody was helped."""
    FAILED = "failed"


class Queued(StrEnum):
    """How the waiting for an agent ended."""

    TALKED = "talked"
    NOBODY = "nobody"
    EMERGENCY_KEY = "emergency_key"
    CALL_BACK = "call_back"
    """The caller wants to be called back."""
    MESSAGE = "message"
    """The caller wants to leave a message."""
    DIALECT = "dialect"
    """The caller wants somebody who speaks the dialect."""

    @property
    def key(self) -> str:
        """The key that was pressed, or nothing."""
        return {"emergency_key": "9", "call_back": "1", "message": "2", "dialect": "3"}.get(
            self, ""
        )


class Phone(Protocol):
    """One telephone line, connected to one caller. Every method raises ``CallerLeft``."""

    @property
    def party(self) -> Party:
        """Who is calling."""
        ...

    def answer(self) -> None:
        """Pick up."""
        ...

    def play(self, sound: str, stop_keys: str = "") -> str:
        """Play a sound of the media directory; give the key that stopped it, or nothing."""
        ...

    def wait_for_key(self, seconds: float) -> str:
        """Wait for one key; give it, or nothing."""
        ...

    def connect_listener(self, listen_id: str) -> bool:
        """Give the sound of both directions to the recogniser until it is done.

        False when it broke while the caller is still there.
        """
        ...

    def record(self, name: str, longest_seconds: float, silence_seconds: int) -> str:
        """Record to ``<name>.wav`` of the media directory until a key, silence or the longest time.

        Gives the key that ended it, # or the emergency key; or nothing.
        """
        ...

    def within(self, seconds: int) -> None:
        """Let the exchange take the caller if nothing more is told to it for so long; 0: never."""
        ...

    def in_danger(self, service: str) -> None:
        """Let the exchange call this service by itself should the script be lost."""
        ...

    def dial(self, service: str, route: str, second: str | None) -> Dialled:
        """Ring one route of a service while the caller is told so, and connect both.

        ``route`` is ``number`` or ``number@trunk``; a ``second`` service joins the talk.
        """
        ...

    def told(self) -> None:
        """Note that the caller is told to hang up and dial: they must not be called back."""
        ...

    def queue(self, name: str, wait_seconds: int, *, ahead: bool = False) -> Queued:
        """Put the caller into a queue of agents, until one has talked with them or a key ends it.

        ``ahead`` puts them before those who came in the usual way.
        """
        ...

    def finished(self) -> None:
        """Tell the exchange that the call was carried to its end: nothing to fall back for."""
        ...
