import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from backend import ami
from backend.ami import Ami, AmiLogin, AmiLost, AmiRefused, AmiUnreachable

Fields = dict[str, str]
Reply = Callable[[Fields, asyncio.StreamWriter], Awaitable[None]]


async def succeed(asked: Fields, writer: asyncio.StreamWriter) -> None:
    """Say yes to everything."""
    writer.write(f"Response: Success\r\nActionID: {asked['ActionID']}\r\n\r\n".encode())


@asynccontextmanager
async def asterisk(
    reply: Reply = succeed, greeting: bytes = b"Asterisk Call Manager/11.0.0\r\n"
) -> AsyncIterator[AmiLogin]:
    """An Asterisk that greets, lets everybody in, and then replies as told."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(greeting)
        while block := await reader.read(65536):
            for text in block.decode().split("\r\n\r\n"):
                if not text:
                    continue
                asked = dict(line.split(": ", 1) for line in text.split("\r\n"))
                await (succeed if asked["Action"] == "Login" else reply)(asked, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield AmiLogin("127.0.0.1", server.sockets[0].getsockname()[1], "test", "secret")
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()


async def test_answers_find_their_questions_in_whatever_order_they_come() -> None:
    held: list[Fields] = []

    async def backwards(asked: Fields, writer: asyncio.StreamWriter) -> None:
        held.append(asked)
        if len(held) == 3:
            for one in reversed(held):
                text = (
                    f"Response: Success\r\nActionID: {one['ActionID']}\r\nValue: {one['Variable']}"
                )
                writer.write(f"{text}\r\n\r\n".encode())

    async with asterisk(backwards) as login, Ami(login) as control:
        answers = await asyncio.gather(
            *(control.ask("Getvar", {"Variable": name}) for name in ("a", "b", "c"))
        )

    assert [answer["Value"] for answer in answers] == ["a", "b", "c"]


async def test_a_refusal_is_told_with_its_reason() -> None:
    async def refuse(asked: Fields, writer: asyncio.StreamWriter) -> None:
        head = f"Response: Error\r\nActionID: {asked['ActionID']}\r\n"
        writer.write(f"{head}Message: No such channel\r\n\r\n".encode())

    async with asterisk(refuse) as login, Ami(login) as control:
        with pytest.raises(AmiRefused, match="Hangup: No such channel"):
            await control.ask("Hangup", {"Channel": "x"})


@pytest.mark.parametrize("value", ["a\r\nAction: Originate", "a\nb", "a\0b"])
async def test_a_value_cannot_become_a_second_header(value: str) -> None:
    async with asterisk() as login, Ami(login) as control:
        with pytest.raises(ValueError, match="holds a line break"):
            await control.ask("Setvar", {"Value": value})


async def test_no_answer_in_time_is_a_loss_and_not_a_wait() -> None:
    async def say_nothing(asked: Fields, writer: asyncio.StreamWriter) -> None:
        pass

    async with asterisk(say_nothing) as login, Ami(login, answer_seconds=0.2) as control:
        with pytest.raises(AmiLost, match="no answer to Ping"):
            await control.ask("Ping")


async def test_a_lost_connection_fails_what_is_open_and_what_comes_after() -> None:
    async def hang_up(asked: Fields, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with asterisk(hang_up) as login, Ami(login) as control:
        with control.listen() as events:
            with pytest.raises(AmiLost, match="closed"):
                await control.ask("Ping")
            with pytest.raises(AmiLost):
                await control.ask("Ping")
            with pytest.raises(AmiLost):
                await anext(events)


async def test_every_listener_sees_every_event() -> None:
    async def tell(asked: Fields, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"Event: Hangup\r\nUniqueid: 1\r\nChanVariable: a=1\r\nChanVariable: b=2\r\n\r\n"
        )
        await succeed(asked, writer)

    async with asterisk(tell) as login, Ami(login) as control:
        with control.listen() as first, control.listen() as second:
            await control.ask("Ping")
            seen = [await anext(first), await anext(second)]

    assert seen[0] == seen[1]
    assert seen[0]["Event"] == "Hangup"
    assert seen[0]["ChanVariable"] == "a=1\nb=2"


async def test_a_listener_who_does_not_read_loses_its_stream_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ami, "MOST_WAITING", 3)

    async def flood(asked: Fields, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Event: Newexten\r\n\r\n" * 10)
        await succeed(asked, writer)

    async with asterisk(flood) as login, Ami(login) as control:
        with control.listen() as events:
            await control.ask("Ping")
            for _ in range(3):
                await anext(events)
            with pytest.raises(AmiLost, match="not read in time"):
                await anext(events)
        await control.ask("Ping")


async def test_nobody_at_the_port_is_told_with_the_port() -> None:
    async with asterisk() as login:
        pass

    with pytest.raises(AmiUnreachable, match=f"no call control at 127.0.0.1 port {login.port}"):
        async with Ami(login):
            pass


async def test_a_stranger_at_the_port_is_not_taken_for_asterisk() -> None:
    async with asterisk(greeting=b"SSH-2.0-OpenSSH\r\n") as login:
        with pytest.raises(AmiUnreachable, match="is not Asterisk's call control"):
            async with Ami(login):
                pass


async def test_a_message_without_end_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def endless(asked: Fields, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Event: x\r\n" * 40_000)

    async with asterisk(endless) as login, Ami(login) as control:
        with pytest.raises(AmiLost):
            await control.ask("Ping")
