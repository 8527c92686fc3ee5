"""A telephone exchange that only speaks call control: rings as told, and notes what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from backend.lines.settings import LineSettings

Fields = dict[str, str]


@dataclass
class FakeExchange:
    """``reasons`` are given to the ringings in turn: 4 is answered, 5 busy, 3 nobody came."""

    reasons: list[str] = field(default_factory=list)
    channels: dict[str, str] = field(default_factory=dict)
    """The lines that are up, each with whom it talks, or nothing."""
    states: dict[str, str] = field(default_factory=dict)
    asked: list[Fields] = field(default_factory=list)
    when_answered: Callable[[], None] = lambda: None
    port: int = 0

    def actions(self, name: str) -> list[Fields]:
        """What was asked for by this action."""
        return [one for one in self.asked if one["Action"] == name]

    def settings(self, **more: object) -> LineSettings:
        """Settings that lead here."""
        made = LineSettings(ami_port=self.port, ami_secret=SecretStr("x"))
        return made.model_copy(update={"call_back_pause_seconds": 0.0, **more})

    def answer(self, asked: Fields) -> list[Fields]:
        """Give the answer to one action, and the events that follow."""
        self.asked.append(asked)
        number = {"ActionID": asked["ActionID"]}
        yes = {"Response": "Success", **number}
        match asked["Action"]:
            case "Getvar" if "Channel" in asked:
                if asked["Channel"] not in self.channels:
                    return [{"Response": "Error", "Message": "No such channel", **number}]
                return [yes | {"Value": self.channels[asked["Channel"]]}]
            case "Getvar":
                return [yes | {"Value": self.states.get(asked["Variable"], "UNAVAILABLE")}]
            case "Originate" if "Context" in asked:
                reason = self.reasons.pop(0)
                told = "Success" if reason == "4" else "Failure"
                if reason == "4":
                    self.when_answered()
                event = {"Event": "OriginateResponse", "Response": told, "Reason": reason}
                return [yes, event | number]
        return [yes]


@asynccontextmanager
async def exchange(*reasons: str) -> AsyncIterator[FakeExchange]:
    """Serve call control on a free port."""
    fake = FakeExchange(list(reasons))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                text = (await reader.readuntil(b"\r\n\r\n")).decode().strip()
                asked: Fields = {}
                for name, _, value in (line.partition(": ") for line in text.split("\r\n")):
                    asked[name] = f"{asked[name]}\n{value}" if name in asked else value
                for told in fake.answer(asked):
                    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
                    writer.write(f"{lines}\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
        await server.wait_closed()
