"""Call control of an Asterisk over its management interface (AMI): questions, answers, events."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

LONGEST_MESSAGE = 256 * 1024
"""Bytes that one message may have; Asterisk's longest are a few thousand."""

MOST_WAITING = 10_000
"""Events kept for one listener that does not read; more than this ends its stream."""

Headers = Iterable[tuple[str, str]] | Mapping[str, str]
Message = dict[str, str]
"""One answer or event; a header that comes twice holds its values on lines of their own."""


class AmiError(Exception):
    """Call control failed; the text is one line.

    AmiError
    ├── AmiUnreachable  nobody answers at the port, or what answers is no AMI
    ├── AmiRefused      Asterisk said no to the login or to an action
    └── AmiLost         the connection ended, or a listener fell too far behind
    """


class AmiUnreachable(AmiError):
    """Nobody answers at the port, or what answers is no AMI."""


class AmiRefused(AmiError):
    """Asterisk said no to the login or to an action."""


class AmiLost(AmiError):
    """The connection ended, or a listener fell too far behind."""


@dataclass(frozen=True, slots=True)
class AmiLogin:
    """Where one user of an Asterisk logs in."""

    host: str
    port: int
    username: str
    secret: str


class Events:
    """The events that arrived since the listening began; iterate once."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message | AmiLost] = asyncio.Queue(MOST_WAITING + 1)
        self._ended = False

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        """Wait for the next event; raises AmiLost when there can be no more."""
        event = await self._queue.get()
        if isinstance(event, AmiLost):
            raise event
        return event

    def put(self, event: Message) -> None:
        """Take an event in, or end the stream when its reader is too far behind."""
        if self._ended:
            return
        if self._queue.qsize() >= MOST_WAITING:
            self.end(AmiLost(f"{MOST_WAITING} events were not read in time"))
        else:
            self._queue.put_nowait(event)

    def end(self, reason: AmiLost) -> None:
        """Let the reader finish what there is, then raise the reason."""
        if not self._ended:
            self._ended = True
            self._queue.put_nowait(reason)


class Ami:
    """One logged-in connection, for use as ``async with Ami(login) as ami``.

    Answers are matched by their ActionID, so many tasks may ask at once. A lost connection fails
    every open question with AmiLost and is never retried here: an Originate sent twice would ring
    a citizen twice.
    """

    def __init__(self, login: AmiLogin, *, answer_seconds: float = 5.0) -> None:
        self._login = login
        self._answer_seconds = answer_seconds
        self._numbers = itertools.count(1)
        self._open: dict[str, asyncio.Future[Message]] = {}
        self._listeners: set[Events] = set()
        self._lost: AmiLost | None = None

    async def __aenter__(self) -> Self:
        login = self._login
        where = f"{login.host} port {login.port}"
        try:
            async with asyncio.timeout(self._answer_seconds):
                self._reader, self._writer = await asyncio.open_connection(
                    login.host, login.port, limit=LONGEST_MESSAGE
                )
                greeting = await self._reader.readline()
        except (OSError, TimeoutError, ValueError) as error:
            raise AmiUnreachable(f"no call control at {where}: {_why(error)}") from error
        if not greeting.startswith(b"Asterisk Call Manager"):
            self._writer.close()
            raise AmiUnreachable(f"what answers at {where} is not Asterisk's call control")
        self._reading = asyncio.create_task(self._read())
        try:
            await self.ask("Login", {"Username": login.username, "Secret": login.secret})
        except AmiError:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._fail(AmiLost("call control was closed"))
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def ask(self, action: str, headers: Headers = ()) -> Message:
        """Send one action and wait for its answer.

        Raises AmiRefused when Asterisk says no, AmiLost when it says nothing in time, ValueError
        for a header that could be read as two.
        """
        if self._lost:
            raise self._lost
        number = str(next(self._numbers))
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        text = _message([("Action", action), ("ActionID", number), *pairs])
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._open[number] = answer
        try:
            self._writer.write(text)
            async with asyncio.timeout(self._answer_seconds):
                await self._writer.drain()
                told = await answer
        except TimeoutError:
            raise AmiLost(f"no answer to {action} in {self._answer_seconds:g} s") from None
        except OSError as error:
            raise AmiLost(f"call control was lost: {_why(error)}") from error
        finally:
            self._open.pop(number, None)
        if told["Response"] not in ("Success", "Follows", "Goodbye"):
            raise AmiRefused(f"{action}: {told.get('Message', 'refused')}")
        return told

    @contextmanager
    def listen(self) -> Iterator[Events]:
        """Give a stream of the events from now on; several may listen, each sees all."""
        events = Events()
        self._listeners.add(events)
        if self._lost:
            events.end(self._lost)
        try:
            yield events
        finally:
            self._listeners.discard(events)

    async def _read(self) -> None:
        try:
            while True:
                self._take(_parse(await self._reader.readuntil(b"\r\n\r\n")))
        except asyncio.IncompleteReadError:
            self._fail(AmiLost("Asterisk closed call control"))
        except (OSError, asyncio.LimitOverrunError) as error:
            self._fail(AmiLost(f"call control was lost: {_why(error)}"))

    def _take(self, message: Message) -> None:
        if "Event" in message:
            for events in self._listeners:
                events.put(message)
        elif "Response" in message:
            waiting = self._open.get(message.get("ActionID", ""))
            if waiting and not waiting.done():
                waiting.set_result(message)

    def _fail(self, reason: AmiLost) -> None:
        self._lost = self._lost or reason
        for waiting in self._open.values():
            if not waiting.done():
                waiting.set_exception(reason)
        for events in self._listeners:
            events.end(reason)


def _message(pairs: Iterable[tuple[str, str]]) -> bytes:
    lines = []
    for name, value in pairs:
        if any(character in name + value for character in "\r\n\0"):
            raise ValueError(f"the header {name!r} holds a line break")
        lines.append(f"{name}: {value}\r\n")
    return ("".join(lines) + "\r\n").encode()


def _parse(raw: bytes) -> Message:
    message: Message = {}
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, sign, value = line.partition(":")
        if sign:
            value = value.removeprefix(" ")
            message[name] = f"{message[name]}\n{value}" if name in message else value
    return message


def _why(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).strip()
