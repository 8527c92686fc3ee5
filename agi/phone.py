"""What a call can do, in words a flow author would use, and how Asterisk does it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote_to_bytes
from uuid import UUID, uuid4

from agi.protocol import Answer, ApplicationFailed, CallerLeft, CommandRefused, Line

__all__ = ["AsteriskPhone", "CallerLeft", "Dialled", "Party", "Phone", "read_party"]


@dataclass(frozen=True, slots=True)
class Party:
    """Who is calling, as far as the telephone network says. Never proof of identity."""

    call_id: str
    caller: str
    caller_name: str
    called: str
    sip_call_id: str
    channel: str


class Dialled(StrEnum):
    """How one attempt to reach a number ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


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

    def record(self, name: str, longest_seconds: float, silence_seconds: int) -> bool:
        """Record to ``<name>.wav`` of the media directory until #, silence or the longest time.

        False when nothing could be recorded.
        """
        ...

    def dial(self, number: str, wait_seconds: int, music: str | None) -> Dialled:
        """Ring a number while the caller waits, and connect both when it answers."""
        ...

    def queue(self, name: str, wait_seconds: int) -> bool:
        """Put the caller into a queue of agents; True when an agent talked with them."""
        ...

    def finished(self) -> None:
        """Tell the exchange that the call was carried to its end: nothing to fall back for."""
        ...


_ENDS = {
    "ANSWER": Dialled.ANSWERED,
    "BUSY": Dialled.BUSY,
    "NOANSWER": Dialled.NO_ANSWER,
    "CANCEL": Dialled.NO_ANSWER,
}

_PARTY = "|".join(
    f"${{URIENCODE(${{{variable}}})}}"
    for variable in (
        "HOTLINE_CALL_ID",
        "CALLERID(num)",
        "CALLERID(name)",
        "EXTEN",
        "CHANNEL(pjsip,call-id)",
    )
)


def read_party(line: Line) -> Party:
    """Ask who is calling; every part may be hostile and comes back harmless and short."""
    parts = [_clean(part) for part in line.evaluate(_PARTY).split("|")]
    call_id, caller, name, called, sip_call_id = (parts + [""] * 5)[:5]
    return Party(
        call_id=_uuid(call_id),
        caller=_digits(caller),
        caller_name=name[:80],
        called=_digits(called),
        sip_call_id=sip_call_id[:200],
        channel=_clean(line.environment.get("agi_channel", ""))[:80],
    )


def _clean(encoded: str) -> str:
    """Undo URIENCODE and drop what no name holds: control characters and broken UTF-8."""
    text = unquote_to_bytes(encoded).decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable())


def _digits(number: str) -> str:
    return "".join(c for c in number if c in "+0123456789")[:32]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


class AsteriskPhone:
    """The real line: a caller on an Asterisk channel, reached over AGI."""

    def __init__(self, line: Line, party: Party, media_inside: str, listener: str, trunk: str):
        self._line, self._party = line, party
        self._media, self._listener, self._trunk = media_inside.rstrip("/"), listener, trunk

    @property
    def party(self) -> Party:
        """Who is calling."""
        return self._party

    def answer(self) -> None:
        """Pick up; an answered channel stays as it is."""
        self._line.command("ANSWER")

    def play(self, sound: str, stop_keys: str = "") -> str:
        """Play a sound of the media directory; give the key that stopped it, or nothing."""
        answer = self._line.command("STREAM FILE", f"{self._media}/{sound}", f'"{stop_keys}"')
        return _key(answer)

    def wait_for_key(self, seconds: float) -> str:
        """Wait for one key; give it, or nothing."""
        return _key(self._line.command("WAIT FOR DIGIT", int(seconds * 1000)))

    def connect_listener(self, listen_id: str) -> bool:
        """Run AudioSocket; False when it broke while the caller is still there."""
        return self._try(lambda: self._line.execute("AudioSocket", listen_id, self._listener))

    def record(self, name: str, longest_seconds: float, silence_seconds: int) -> bool:
        """Record after a tone, which the dialplan makes; # ends it, silence too."""
        path, most = f"{self._media}/{name}", int(longest_seconds * 1000)
        silence = f"s={silence_seconds}"
        self._try(lambda: self._line.command("GOSUB", "tone", "s", "1"))
        return self._try(
            lambda: self._line.command("RECORD FILE", path, "wav", '"#"', most, silence)
        )

    def dial(self, number: str, wait_seconds: int, music: str | None) -> Dialled:
        """Dial through the trunk; the caller's leg outlives the other one (option g).

        The dialplan's ``note-leg`` writes down when it is answered (option U): a caller who hangs
        up takes this line along.
        """
        if not (number.isascii() and number.isdigit()):
            raise ValueError("only digits are dialled")
        waiting = f"m({music})" if music else "r"
        noted = f"U(note-leg^{self._party.call_id}^{number}^answered)"
        options = f"g{waiting}{noted}"
        place = f"PJSIP/{number}@{self._trunk}"
        if not self._try(lambda: self._line.execute("Dial", place, str(wait_seconds), options)):
            return Dialled.FAILED
        return _ENDS.get(self._line.evaluate("${DIALSTATUS}"), Dialled.FAILED)

    def queue(self, name: str, wait_seconds: int) -> bool:
        """Wait in the queue; the call goes on here when the agent hangs up first (option c)."""
        noted = f'"note-leg,{self._party.call_id},agents,answered"'
        options = ("c", "", "", str(wait_seconds), "", noted)
        self._try(lambda: self._line.execute("Queue", name, *options))
        return self._line.evaluate("${QUEUESTATUS}") == "CONTINUE"

    def finished(self) -> None:
        """Set HOTLINE_DONE, which the dialplan asks for after the script."""
        self._line.set_variable("HOTLINE_DONE", "1")

    def _try(self, run: Callable[[], Answer]) -> bool:
        try:
            return run().result not in {"-2", "-1"}
        except (ApplicationFailed, CommandRefused):
            return False


def _key(answer: Answer) -> str:
    code = int(answer.result) if answer.result.isdigit() else 0
    return chr(code) if 32 < code < 127 else ""
