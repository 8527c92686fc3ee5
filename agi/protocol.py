"""FastAGI made safe: the only place that knows pyst2.

pyst2's own constructor installs a signal handler and prints caller data, its quoting lets a
newline start a second command, and an end of file can make it loop for ever; none of that is
used here. Every surprise on the line becomes one of the errors below.
"""

from dataclasses import dataclass
from typing import Protocol, cast

from asterisk import agi as pyst

LONGEST_LINE = 8000
"""Bytes in one command; Asterisk reads at most 8,192."""
MOST_ENVIRONMENT_LINES = 200


class LineError(Exception):
    """Something went wrong on the AGI line."""


class CallerLeft(LineError):
    """The channel is gone; every later command would fail."""


class NotAsterisk(LineError):
    """What is at the other end does not speak AGI."""


class NothingSaid(NotAsterisk):
    """The peer left without a word: somebody only looked whether the port is open."""


class CommandRefused(LineError):
    """Asterisk does not know the command, or not in this form."""


class ApplicationFailed(LineError):
    """The command failed, and the caller is still there."""


class TextIn(Protocol):
    """What commands are answered through."""

    def readline(self, limit: int = -1, /) -> str:
        """Read up to and including a newline; nothing at the end of file."""
        ...


class TextOut(Protocol):
    """What commands are written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""
        ...

    def flush(self) -> object:
        """Send what was taken."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What Asterisk answered: its result and the text in brackets."""

    result: str
    data: str
    end: int = 0
    """Where a sound stopped, in samples at 8 kHz."""


class _Silent:
    def write(self, *_: object) -> int:
        return 0

    def flush(self) -> None: ...


class _Answers:
    """Answers as pyst2 wants to read them; the hang-ups it does not know become errors here."""

    def __init__(self, source: TextIn) -> None:
        self.source, self.hung_up = source, False

    def readline(self) -> str:
        while True:
            try:
                line = self.source.readline(LONGEST_LINE * 2)
            except (OSError, ValueError) as error:
                raise pyst.AGIHangup("line lost") from error
            if not line or line.startswith("511"):
                raise pyst.AGIHangup("channel is gone")
            if not line.endswith("\n"):
                raise pyst.AGIUnknownError("line without end")
            if line.strip() == "HANGUP":
                self.hung_up = True
            elif not line.startswith("100 "):  # GOSUB says first that it is trying
                return line


class _SafeAGI(pyst.AGI):  # type: ignore[misc]
    def __init__(self, source: TextIn, sink: TextOut) -> None:
        self.stdin, self.stdout, self.stderr = _Answers(source), sink, _Silent()
        self.env = _environment(source)

    @property
    def _got_sighup(self) -> bool:
        return self.stdin.hung_up

    def _quote(self, value: object) -> str:
        return quote(value)

    def send_command(self, command: str, *args: object) -> None:
        line = " ".join([command.strip(), *map(str, args)]).strip()
        if any(ord(c) < 32 or ord(c) == 127 for c in line):
            raise CommandRefused("control character in a command")
        if len(line.encode("utf-8", "replace")) > LONGEST_LINE:
            raise CommandRefused("command too long")
        try:
            self.stdout.write(line + "\n")
            self.stdout.flush()
        except (OSError, ValueError) as error:
            raise pyst.AGIHangup("line lost") from error


def quote(value: object) -> str:
    """Quote one argument so that it can end neither itself nor the command."""
    text = "".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in str(value))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _environment(source: TextIn) -> dict[str, str]:
    """Read what Asterisk says about the channel; of a name written twice the first holds."""
    found: dict[str, str] = {}
    for _ in range(MOST_ENVIRONMENT_LINES):
        try:
            line = source.readline(LONGEST_LINE)
        except (OSError, ValueError) as error:
            raise NotAsterisk("nothing was said in time") from error
        if not line and not found:
            raise NothingSaid("the peer left")
        if not line.strip():
            break
        name, colon, value = line.partition(":")
        if colon and name.strip().startswith("agi_"):
            found.setdefault(name.strip(), value.strip())
    else:
        raise NotAsterisk("the environment never ends")
    if "agi_uniqueid" not in found:
        raise NotAsterisk("no AGI environment came")
    return found


class Line:
    """One AGI conversation with Asterisk. Not for two threads at once."""

    def __init__(self, source: TextIn, sink: TextOut) -> None:
        self._agi = _SafeAGI(source, sink)
        self.environment: dict[str, str] = self._agi.env

    def command(self, command: str, *arguments: object) -> Answer:
        """Send one command and wait for its answer, however long it takes.

        Raises ``CallerLeft``, ``CommandRefused`` or ``ApplicationFailed``.
        """
        try:
            return self._execute(command, *arguments)
        except ApplicationFailed:
            if not self._still_up():
                raise CallerLeft(command) from None
            raise

    def _still_up(self) -> bool:
        try:
            return self._execute("CHANNEL STATUS").result != "0"
        except ApplicationFailed:
            return False

    def _execute(self, command: str, *arguments: object) -> Answer:
        try:
            found = cast(dict[str, tuple[str, str]], self._agi.execute(command, *arguments))
        except pyst.AGIHangup as error:
            raise CallerLeft(str(error)) from error
        except (pyst.AGIInvalidCommand, pyst.AGIUsageError) as error:
            raise CommandRefused(command) from error
        except pyst.AGIUnknownError as error:
            raise NotAsterisk(f"no answer to {command} could be read") from error
        except pyst.AGIAppError as error:
            raise ApplicationFailed(command) from error
        except ValueError as error:
            raise NotAsterisk(f"no answer to {command} could be read") from error
        result, data = found["result"]
        end = found.get("endpos", ("0", ""))[0]
        return Answer(result, data, int(end) if end.isdigit() else 0)

    def execute(self, application: str, *arguments: str) -> Answer:
        """Run a dialplan application; each argument is one of ours, without commas of others."""
        return self.command("EXEC", application, quote(",".join(arguments)))

    def evaluate(self, expression: str) -> str:
        """Evaluate a dialplan expression of ours.

        An ``x`` goes before the value, because pyst2 takes the value ``hangup`` for a hang-up.
        """
        return self.command("GET FULL VARIABLE", quote("x" + expression)).data[1:]

    def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable."""
        self.command("SET VARIABLE", name, quote(value))
