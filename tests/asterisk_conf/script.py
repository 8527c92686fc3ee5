"""A stand-in for the call scripts: speaks just enough FastAGI to steer a call from a test."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self


class Line:
    """One call as a call script sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.environment: dict[str, str] = {}

    async def read_environment(self) -> None:
        """Take in the lines with which Asterisk begins."""
        while line := (await self._reader.readline()).decode("utf-8", "replace").strip():
            name, _, value = line.partition(": ")
            self.environment[name] = value

    async def command(self, text: str) -> str:
        """Send one command; returns the reply, empty when the caller has left."""
        self._writer.write(text.encode() + b"\n")
        reply = "100"
        while reply.startswith("100"):
            reply = (await self._reader.readline()).decode("utf-8", "replace").strip()
        return "" if reply == "HANGUP" else reply

    async def value(self, expression: str) -> str:
        """Evaluate a dialplan expression on the call."""
        reply = await self.command(f'GET FULL VARIABLE "{expression}"')
        return reply.partition("(")[2].rpartition(")")[0]

    def drop(self) -> None:
        """End the connection as a killed process would."""
        self._writer.transport.abort()


Carry = Callable[[Line], Awaitable[None]]


class Script:
    """Listens where the dialplan expects call scripts; ``carry`` is run for each call."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.carry: Carry = hang_up
        self.calls: list[Line] = []
        self.errors: list[Exception] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for line in self.calls:
            line.drop()
        await self._server.wait_closed()
        assert not self.errors

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        self.calls.append(line)
        try:
            await line.read_environment()
            await self.carry(line)
        except ConnectionError:
            pass
        except Exception as error:
            self.errors.append(error)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def hang_up(line: Line) -> None:
    """Answer, and give the call its end."""
    await line.command("ANSWER")
    await line.command("SET VARIABLE HOTLINE_DONE 1")
    await line.command("HANGUP")
