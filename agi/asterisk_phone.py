"""The real line: how Asterisk does what a call can do."""

from collections.abc import Callable

from agi.party import Party
from agi.phone import Dialled, Queued
from agi.protocol import Answer, ApplicationFailed, CommandRefused, Line, quote

_KEYS = "waiting-keys"
"""Where the queue sends a caller who presses a key, its extension."""
_KEY = {
    "9": Queued.EMERGENCY_KEY,
    "1": Queued.CALL_BACK,
    "2": Queued.MESSAGE,
    "*": Queued.MESSAGE,
    "3": Queued.DIALECT,
}
_AHEAD = "5"
"""The priority of one who has waited already; who comes in the usual way has 0."""


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

    def record(self, name: str, longest_seconds: float, silence_seconds: int) -> str:
        """Record after a tone, which the dialplan makes; # and 9 end it, silence too."""
        path, most = f"{self._media}/{name}", int(longest_seconds * 1000)
        silence = f"s={silence_seconds}"
        self._try(lambda: self._line.command("GOSUB", "tone", "s", "1"))
        try:
            told = self._line.command("RECORD FILE", path, "wav", '"#9"', most, silence)
        except (ApplicationFailed, CommandRefused):
            return ""
        return _key(told)

    def within(self, seconds: int) -> None:
        """Set the time after which the dialplan's T extension takes the call."""
        self._line.set_variable("TIMEOUT(absolute)", str(seconds))

    def in_danger(self, service: str) -> None:
        """Set HOTLINE_SERVICE, which the dialplan asks for where no script carries the call."""
        self._line.set_variable("HOTLINE_SERVICE", service)

    def dial(self, service: str, route: str, second: str | None) -> Dialled:
        """Run the dialplan's ``route``: it rings, notes and connects, whatever becomes of us."""
        number, _, trunk = route.partition("@")
        if not all(part.isascii() and part.isdigit() for part in (service, number)):
            raise ValueError("only digits are dialled")
        asked = ",".join((service, number, trunk or self._trunk, second or ""))
        if not self._try(lambda: self._line.command("GOSUB", "route", "s", "1", quote(asked))):
            return Dialled.FAILED
        try:
            return Dialled(self._line.evaluate("${ROUTE}"))
        except ValueError:
            return Dialled.FAILED

    def told(self) -> None:
        """Run ``note-leg`` for the caller."""
        noted = f"{self._party.call_id},caller,told,"
        self._try(lambda: self._line.command("GOSUB", "note-leg", "s", "1", quote(noted)))

    def queue(self, name: str, wait_seconds: int, *, ahead: bool = False) -> Queued:
        """Wait in the queue; the call goes on here when the agent hangs up first (option c)."""
        noted = f'"note-leg,{self._party.call_id},agents,answered"'
        options = ("c", "", "", str(wait_seconds), "", noted)
        self._line.set_variable("QUEUE_PRIO", _AHEAD if ahead else "0")
        # A key sets no status, and where it led stays set: the status of before must not.
        self._line.set_variable("QUEUESTATUS", "")
        if not self._try(lambda: self._line.execute("Queue", name, *options)):
            return Queued.NOBODY
        match self._line.evaluate("${CONTEXT}|${EXTEN}|${QUEUESTATUS}").split("|"):
            case [context, key, ""] if context == _KEYS:
                return _KEY.get(key, Queued.NOBODY)
            case [_, _, "CONTINUE"]:
                return Queued.TALKED
        return Queued.NOBODY

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
