"""The FastAGI server with real sockets: many calls, too many, strangers, and the end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from agi.protocol import CallerLeft, Line
from agi.server import AgiServer, Carrier
from agi.simulated import SimulatedAsterisk
from ivr_flows.loader import load_book


@contextmanager
def serving(carrier: Carrier, most_calls: int = 50) -> Iterator[AgiServer]:
    server = AgiServer(("127.0.0.1", 0), carrier, most_calls)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.stop(0.2)
        thread.join(5)


def address(server: AgiServer) -> tuple[str, int]:
    return "127.0.0.1", server.server_address[1]


def asks_once(line: Line, script: str) -> None:
    line.set_variable("SCRIPT", script)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_call_is_carried_under_the_name_of_its_script() -> None:
    with serving(asks_once) as server, SimulatedAsterisk(address(server), "inbound?x=1") as peer:
        assert peer.run() == ['SET VARIABLE SCRIPT "inbound"']


def test_a_hundred_calls_at_once_do_not_mix() -> None:
    def echo(line: Line, script: str) -> None:
        line.set_variable("A", script)
        line.set_variable("B", script)

    found: dict[str, list[str]] = {}

    def one(name: str, to: tuple[str, int]) -> None:
        with SimulatedAsterisk(to, name) as peer:
            found[name] = peer.run()

    with serving(echo, most_calls=200) as server:
        names = [f"call{n}" for n in range(100)]
        calls = [threading.Thread(target=one, args=(n, address(server))) for n in names]
        for call in calls:
            call.start()
        for call in calls:
            call.join(20)

    wanted = {n: [f'SET VARIABLE A "{n}"', f'SET VARIABLE B "{n}"'] for n in names}
    assert found == wanted


def test_a_call_too_many_is_refused_at_once_and_the_others_go_on() -> None:
    leave = threading.Event()

    def waits(line: Line, script: str) -> None:
        leave.wait(10)
        line.set_variable("X", "1")

    with serving(waits, most_calls=1) as server:
        first = SimulatedAsterisk(address(server), "first")
        with first, SimulatedAsterisk(address(server), "second") as second:
            running = threading.Thread(target=first.run)
            running.start()
            until(lambda: server.calls == 1)
            try:
                refused = second.run()
            except OSError:
                refused = []
            leave.set()
            running.join(10)

            assert refused == []
            assert first.commands == ['SET VARIABLE X "1"']
        until(lambda: server.calls == 0)
        with SimulatedAsterisk(address(server), "third") as third:
            assert third.run() == ['SET VARIABLE X "1"']


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 2000 + b"\n\n"])
def test_strangers_touch_no_call(said: bytes) -> None:
    with serving(asks_once) as server:
        with socket.create_connection(address(server)) as stranger:
            stranger.sendall(said)
        with SimulatedAsterisk(address(server), "inbound") as peer:
            assert peer.run() == ['SET VARIABLE SCRIPT "inbound"']


def test_a_call_that_breaks_frees_its_place() -> None:
    def breaks(line: Line, script: str) -> None:
        raise RuntimeError("boom")

    with serving(breaks, most_calls=1) as server:
        for _ in range(3):
            with SimulatedAsterisk(address(server), "x") as peer:
                assert peer.run() == []
            until(lambda: server.calls == 0)


def test_a_stop_lets_a_short_call_end_and_cuts_a_long_one() -> None:
    ended: list[str] = []
    short_may_end = threading.Event()

    def carries(line: Line, script: str) -> None:
        try:
            if script == "short":
                short_may_end.wait(10)
                line.set_variable("X", "1")
            else:
                line.command("WAIT FOR DIGIT", 60_000)
            ended.append(script)
        except CallerLeft:
            ended.append(f"{script} cut")

    with serving(carries) as server:
        near = SimulatedAsterisk(address(server), "short")
        with near, socket.create_connection(address(server)) as far:
            far.sendall(b"agi_uniqueid: 1\nagi_network_script: long\n\n")
            running = threading.Thread(target=near.run)
            running.start()
            until(lambda: server.calls == 2)
            threading.Timer(0.1, short_may_end.set).start()

            server.stop(1.0)

            running.join(5)
        until(lambda: len(ended) == 2)

    assert sorted(ended) == ["long cut", "short"]


@contextmanager
def program(folder: Path, **changes: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "HOTLINE_HOME": str(folder),
        "HOTLINE_MEDIA": str(folder),
        "HOTLINE_MEDIA_INSIDE": "/srv/media",
        "HOTLINE_SERVICE_TOKEN": "token",
        "HOTLINE_DATA_KEY": Fernet.generate_key().decode(),
        "HOTLINE_AGI_PORT": str(port),
        "HOTLINE_ASR_PORT": "9",
        "HOTLINE_AUDIOSOCKET_PORT": "9",
        "HOTLINE_BACKEND_PORT": "9",
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    wanted = {name: value for name, value in (variables | changes).items() if value}
    command = [sys.executable, "-m", "agi"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=clean | wanted, text=True, **pipes) as running:  # type: ignore[call-overload]
        try:
            yield running, port
        finally:
            running.kill()


def started(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    while "ready" not in running.stdout.readline():
        assert running.poll() is None


def test_the_program_carries_a_call_without_its_neighbours_and_stops_in_time(
    tmp_path: Path,
) -> None:
    with program(tmp_path) as (running, port):
        started(running)
        with SimulatedAsterisk(("127.0.0.1", port), "leave_message") as peer:
            commands = peer.run()
        asked = time.monotonic()
        running.send_signal(signal.SIGTERM)
        output, _ = running.communicate(timeout=10)

    assert commands[1].startswith("ANSWER")
    assert commands[3].startswith("STREAM FILE /srv/media/sounds/zh/message ")
    assert commands[-1] == 'SET VARIABLE HOTLINE_DONE "1"'
    assert running.returncode == 0
    assert time.monotonic() - asked < 5
    assert "call closed" in output


def test_the_program_stops_in_time_with_a_call_under_way_and_keeps_its_record(
    tmp_path: Path,
) -> None:
    with program(tmp_path) as (running, port):
        started(running)
        with socket.create_connection(("127.0.0.1", port), 10) as far:
            far.sendall(b"agi_uniqueid: 1\nagi_network_script: inbound\n\n")
            assert far.recv(4096).startswith(b"GET FULL VARIABLE")
            far.sendall(b"200 result=1 (x|13800000000||12345|)\n")
            assert far.recv(4096).startswith(b"ANSWER")
            far.sendall(b"200 result=0\n")
            assert far.recv(4096).startswith(b"SET VARIABLE TIMEOUT")
            far.sendall(b"200 result=1\n")
            assert far.recv(4096).startswith(b"STREAM FILE")
            asked = time.monotonic()
            running.send_signal(signal.SIGTERM)
            output, _ = running.communicate(timeout=10)

    assert running.returncode == 0
    assert time.monotonic() - asked < 5
    assert "outcome=broken" in output
    assert "13800000000" not in output
    assert "138****0000" in output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"HOTLINE_ASR_PORT": ""}, "HOTLINE_ASR_PORT: field required; set it in"),
        ({"HOTLINE_ASR_PORT": "many"}, "HOTLINE_ASR_PORT"),
        ({"HOTLINE_ROUTES_119": "119,fire"}, "HOTLINE_ROUTES_119"),
        ({"HOTLINE_ROUTES_119": " , "}, "HOTLINE_ROUTES_119"),
        ({"HOTLINE_DATA_KEY": "short"}, "HOTLINE_DATA_KEY"),
        ({"HOTLINE_HOME": "/proc/nowhere"}, "mend its rights"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with program(tmp_path, **changes) as (running, _):
        _, errors = running.communicate(timeout=20)

    assert running.returncode == 2
    assert said in errors
    assert len(errors.strip().splitlines()) == 1


def test_every_address_the_exchange_calls_is_a_flow() -> None:
    dialplan = Path(__file__).parents[2] / "asterisk_conf" / "hotline" / "extensions.conf"
    lines = [line for line in dialplan.read_text("utf-8").splitlines() if "AGI(agi://" in line]

    called = {line.split("@AGI_PORT@/")[1].rstrip(")") for line in lines}

    assert called
    assert called <= load_book().flows.keys()


def test_every_service_has_its_sentence_while_it_rings() -> None:
    classes = Path(__file__).parents[2] / "asterisk_conf" / "hotline" / "musiconhold.conf"

    told = classes.read_text("utf-8")

    assert all(f"[transfer_{service}]" in told for service in ["110", "119", "120", "122"])
