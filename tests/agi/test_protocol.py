"""FastAGI over a real socket, with all that has been seen to go wrong on such a line."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from agi.asterisk_phone import AsteriskPhone
from agi.party import Party, read_party
from agi.phone import Dialled, Queued
from agi.protocol import (
    ApplicationFailed,
    CallerLeft,
    CommandRefused,
    Line,
    LineError,
    NotAsterisk,
    quote,
)

GREETING = b"agi_network: yes\nagi_uniqueid: 1.1\nagi_channel: PJSIP/trunk-1\n\n"


class Exchange:
    """The far side of the line: sends bytes as told, and keeps what it was sent."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.sent_by_us = b""

    def answer(self, *lines: bytes) -> None:
        """Answer each coming command with one of these, in order; then hang up."""

        def run() -> None:
            with self.far.makefile("rb") as commands:
                for line in lines:
                    command = commands.readline()
                    if not command:
                        return
                    self.sent_by_us += command
                    self.far.sendall(line)
                self.far.shutdown(socket.SHUT_WR)
                self.sent_by_us += commands.read()

        self.thread = threading.Thread(target=run)
        self.thread.start()

    def line(self) -> Line:
        source = self.near.makefile("r", encoding="utf-8", errors="replace", newline="\n")
        sink = self.near.makefile("w", encoding="utf-8", errors="replace", newline="\n")
        return Line(source, sink)

    def commands(self) -> list[bytes]:
        self.near.shutdown(socket.SHUT_WR)
        self.thread.join(5)
        return self.sent_by_us.splitlines()


@contextmanager
def exchange(greeting: bytes = GREETING) -> Iterator[Exchange]:
    near, far = socket.socketpair()
    near.settimeout(5)
    far.settimeout(5)
    with near, far:
        far.sendall(greeting)
        yield Exchange(near, far)


def outcome(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except LineError as error:
        return type(error)


@pytest.mark.parametrize(
    ("answers", "comes_of_it"),
    [
        ([b"200 result=0\n"], "0"),
        ([b"200 result=48 endpos=1600\n"], "48"),
        ([b"HANGUP\n200 result=0\n"], "0"),
        ([b"100 result=0 Trying...\n200 result=0 Gosub complete\n"], "0"),
        ([b"511 Command Not Permitted on a dead channel or intercept routine\n"], CallerLeft),
        ([b"510 Invalid or unknown command\n"], CommandRefused),
        ([b"520-Invalid command syntax.  Proper usage:\nUsage\n520 End.\n"], CommandRefused),
        ([b"520-Invalid command syntax.\nand then nothing\n"], CallerLeft),
        ([b"200 result=-1\n", b"200 result=6\n"], ApplicationFailed),
        ([b"200 result=-1\n", b"200 result=0\n"], CallerLeft),
        ([b"200 result=-1\n", b"200 result=-1\n"], CallerLeft),
        ([b"200 result=-1\n", b"511 dead\n"], CallerLeft),
        ([b"HANGUP\n200 result=-1\n"], CallerLeft),
        ([b"200 result=1 (hangup)\n"], CallerLeft),
        ([b""], CallerLeft),
        ([b"half a li"], NotAsterisk),
        ([b"nonsense\n"], NotAsterisk),
        ([b"999 what\n"], NotAsterisk),
        ([b"x" * 20_000 + b"\n"], NotAsterisk),
        ([b"200 result=1 (\xff\xfe\xc3)\n"], "1"),
    ],
)
def test_whatever_is_answered_becomes_an_answer_or_a_named_error(
    answers: list[bytes], comes_of_it: object
) -> None:
    with exchange() as far:
        far.answer(*answers)
        line = far.line()

        found = outcome(lambda: line.command("STREAM FILE", "x", '""').result)

        assert found == comes_of_it
        far.commands()


def test_after_a_hang_up_line_the_next_command_is_not_sent() -> None:
    with exchange() as far:
        far.answer(b"HANGUP\n200 result=0\n", b"200 result=0\n")
        line = far.line()
        line.command("NOOP")

        with pytest.raises(CallerLeft):
            line.command("NOOP")

        assert far.commands() == [b"NOOP"]


def test_after_a_usage_answer_the_line_goes_on() -> None:
    with exchange() as far:
        far.answer(b"520-Usage\nmore\n520 End.\n", b"200 result=7\n")
        line = far.line()
        assert outcome(lambda: line.command("RECORD FILE")) is CommandRefused

        assert line.command("NOOP").result == "7"
        far.commands()


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"agi_network: yes\n\n",
        b"agi_uniqueid: 1.1\n" * 300,
        b"a" * 100_000,
    ],
)
def test_a_peer_that_is_not_asterisk_is_told_from_one(greeting: bytes) -> None:
    near, far = socket.socketpair()
    near.settimeout(0.3)
    with near, far:
        sending = threading.Thread(target=_send_all, args=(far, greeting))
        sending.start()
        with pytest.raises(NotAsterisk):
            Exchange(near, far).line()
        near.close()
        sending.join(5)


def _send_all(far: socket.socket, data: bytes) -> None:
    try:
        far.sendall(data)
    except OSError:
        return


def test_of_a_name_written_twice_the_first_holds() -> None:
    with exchange(b"agi_uniqueid: 1.1\nagi_channel: real\nagi_channel: forged\n\n") as far:
        assert far.line().environment["agi_channel"] == "real"


@pytest.mark.parametrize(
    "hostile",
    [
        'x" 1\nSET VARIABLE HOTLINE_DONE 1',
        "x\r\nHANGUP",
        "\\",
        '\\"',
        "${SHELL(reboot)}\x00",
        "a" * 300,
    ],
)
def test_a_hostile_text_stays_one_argument_of_one_command(hostile: str) -> None:
    with exchange() as far:
        far.answer(b"200 result=1\n")

        far.line().set_variable("X", hostile)

        (command,) = far.commands()
        inside = command.decode().removeprefix('SET VARIABLE X "').removesuffix('"')
        assert '"' not in inside.replace("\\\\", "").replace('\\"', "")
        assert not any(ord(c) < 32 for c in inside)


def test_a_control_character_outside_quotes_is_never_sent() -> None:
    with exchange() as far:
        far.answer(b"200 result=1\n")
        line = far.line()

        with pytest.raises(CommandRefused):
            line.command("STREAM FILE", "a\nEXEC System x")

        assert far.commands() == []


def test_a_line_longer_than_asterisk_reads_is_never_sent() -> None:
    with exchange() as far:
        far.answer(b"200 result=1\n")
        line = far.line()

        with pytest.raises(CommandRefused):
            line.set_variable("X", "保" * 3000)

        assert far.commands() == []


def test_quoting_leaves_harmless_text_as_it_is() -> None:
    assert quote("保定 12345") == '"保定 12345"'


def party_of(*parts: str) -> Party:
    with exchange() as far:
        far.answer(f"200 result=1 (x{'|'.join(parts)})\n".encode())
        party = read_party(far.line())
        far.commands()
        return party


CALL_ID = "0b0e2b3c-9d62-4a60-8a3e-6d2e7a4c1f00"


def test_a_caller_is_read_with_name_and_number() -> None:
    party = party_of(CALL_ID, "13800000000", "%E7%8E%8B", "12345", "abc%40exchange")

    assert party.call_id == CALL_ID
    assert (party.caller, party.caller_name, party.called) == ("13800000000", "王", "12345")
    assert (party.sip_call_id, party.channel) == ("abc@exchange", "PJSIP/trunk-1")


def test_a_hostile_name_comes_back_harmless_and_short() -> None:
    name = "%22%0ASET%20VARIABLE%20X%201%00%FF%FE" + "%E4%BF%9D" * 300

    party = party_of(CALL_ID, "%2B86138%3B0000%0A0000%22", name, "", "")

    assert party.caller == "+8613800000000"
    assert party.caller_name.startswith('"SET VARIABLE X 1')
    assert len(party.caller_name) == 80
    assert party.caller_name.isprintable()


def test_a_caller_named_hangup_has_not_hung_up() -> None:
    with exchange() as far:
        far.answer(b"200 result=1 (xhangup)\n")

        assert far.line().evaluate("${CALLERID(name)}") == "hangup"
        far.commands()


@pytest.mark.parametrize("call_id", ["", "../../etc/passwd", "12"])
def test_a_call_without_a_good_id_gets_one(call_id: str) -> None:
    assert len(party_of(call_id, "", "", "", "").call_id) == 36


def phone_on(far: Exchange) -> AsteriskPhone:
    party = Party(CALL_ID, "138", "", "12345", "", "")
    return AsteriskPhone(far.line(), party, "/srv/media", "127.0.0.1:9", "trunk")


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([b"200 result=0\n", b"200 result=1 (xanswered)\n"], Dialled.ANSWERED),
        ([b"200 result=0\n", b"200 result=1 (xbusy)\n"], Dialled.BUSY),
        ([b"200 result=0\n", b"200 result=1 (xno_answer)\n"], Dialled.NO_ANSWER),
        ([b"200 result=0\n", b"200 result=1 (xfar_hangup)\n"], Dialled.FAR_HANGUP),
        ([b"200 result=0\n", b"200 result=1 (xwhatever)\n"], Dialled.FAILED),
        ([b"200 result=0\n", b"200 result=0\n"], Dialled.FAILED),
        ([b"200 result=-2\n"], Dialled.FAILED),
        ([b"200 result=-1\n", b"200 result=6\n"], Dialled.FAILED),
    ],
)
def test_dialling_tells_how_it_ended(answers: list[bytes], result: Dialled) -> None:
    with exchange() as far:
        far.answer(*answers)

        assert phone_on(far).dial("119", "03121190000@second", "120") is result

        assert far.commands()[0].decode() == 'GOSUB route s 1 "119,03121190000,second,120"'


@pytest.mark.parametrize("number", ["119,30", "119&SIP/x", "", "١١٩", "119)"])
def test_only_digits_are_ever_dialled(number: str) -> None:
    with exchange() as far:
        far.answer()
        phone = phone_on(far)

        with pytest.raises(ValueError, match="digits"):
            phone.dial("119", number, None)

        assert far.commands() == []


@pytest.mark.parametrize(
    ("where", "ended"),
    [
        (b"inbound|12345|CONTINUE", Queued.TALKED),
        (b"inbound|12345|TIMEOUT", Queued.NOBODY),
        (b"inbound|12345|", Queued.NOBODY),
        (b"waiting-keys|9|", Queued.EMERGENCY_KEY),
        (b"waiting-keys|1|", Queued.CALL_BACK),
        (b"waiting-keys|*|", Queued.MESSAGE),
        (b"waiting-keys|3|", Queued.DIALECT),
        (b"waiting-keys|3|TIMEOUT", Queued.NOBODY),
    ],
)
def test_waiting_for_an_agent_tells_how_it_ended(where: bytes, ended: Queued) -> None:
    with exchange() as far:
        far.answer(*[b"200 result=0\n"] * 3, b"200 result=1 (x" + where + b")\n")

        assert phone_on(far).queue("agents", 30) is ended
        far.commands()


def test_a_listener_that_breaks_is_not_a_caller_who_left() -> None:
    with exchange() as far:
        far.answer(b"200 result=-1\n", b"200 result=6\n")
        assert phone_on(far).connect_listener(CALL_ID) is False

        assert far.commands()[0].decode() == f'EXEC AudioSocket "{CALL_ID},127.0.0.1:9"'


def test_keys_are_read_from_a_prompt_and_after_it() -> None:
    with exchange() as far:
        far.answer(b"200 result=48 endpos=800\n", b"200 result=0\n", b"200 result=35\n")
        phone = phone_on(far)

        keys = (
            phone.play("sounds/zh/greeting", "019#"),
            phone.wait_for_key(4),
            phone.wait_for_key(4),
        )

        assert keys == ("0", "", "#")
        assert far.commands()[0] == b'STREAM FILE /srv/media/sounds/zh/greeting "019#"'
