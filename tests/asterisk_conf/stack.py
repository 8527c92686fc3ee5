"""Both Asterisks of one instance, started for tests on ports and in directories of their own.

The full system's tests build on it: ``Stack(env)`` takes any instance's variables.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import soundfile

from hotline.instance import CHECKOUT, PORTS, PREFIX, Place, settings_of

PROMPTS = {
    "apology": 500.0,
    "transfer_agent": 620.0,
    "leave_message": 740.0,
    "message_thanks": 860.0,
    "hold": 980.0,
    "lines_busy": 1100.0,
    "which_service": 1220.0,
    "called_back": 1340.0,
    "agent_for_emergency": 1460.0,
    "dial_119": 1580.0,
    "transfer_119": 1700.0,
}
"""A tone in place of each prompt, so that a test can tell which one was heard, in Hz."""

PROMPT_SECONDS = 0.6
START_SECONDS = 20.0
STOP_SECONDS = 5.0


def free_base() -> int:
    """Find a port base of which every named port is free now."""
    for _ in range(200):
        base = random.randrange(20000, 27000, 10)
        if all(_free(base + i) for i in range(len(PORTS))):
            return base
    raise AssertionError("no free ports between 20000 and 27000")


def instance_env(home: Path, name: str, **more: str) -> dict[str, str]:
    """Make the variables of a fresh instance that shares the checkout's Asterisk."""
    place = Place(home, name, free_base())
    settings = settings_of(place)
    if root := os.environ.get(f"{PREFIX}ASTERISK_ROOT"):
        inside = settings["MEDIA_INSIDE"]
        settings |= {"ASTERISK_ROOT": root, "MEDIA": f"{root.rstrip('/')}{inside}"}
    return {f"{PREFIX}{name}": value for name, value in {**settings, **more}.items()}


class Asterisk:
    """One Asterisk, run in the foreground by its start script."""

    def __init__(self, which: str, env: Mapping[str, str]) -> None:
        self.which, self.env = which, env
        self.base = Path(f"{env[f'{PREFIX}ASTERISK_ROOT']}/srv/{env[f'{PREFIX}INSTANCE']}")
        if which == "exchange":
            self.base /= "exchange"
        port = "AMI_PORT" if which == "hotline" else "EXCHANGE_AMI_PORT"
        self._ami_port = int(env[f"{PREFIX}{port}"])
        self._process: subprocess.Popen[bytes] | None = None
        self._output = Path(env[f"{PREFIX}HOME"]) / f"{which}.log"

    def start(self) -> None:
        """Start it and wait until it has loaded everything and takes calls."""
        self._output.parent.mkdir(parents=True, exist_ok=True)
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [str(CHECKOUT / "asterisk_conf" / "start.sh"), self.which],
                env={**os.environ, **self.env},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o027,
            )
        until = time.monotonic() + START_SECONDS
        while not self._booted():
            assert self._process.poll() is None, self._output.read_text()
            assert time.monotonic() < until, self._output.read_text()
            time.sleep(0.1)

    def stop(self) -> float:
        """Ask it to end (SIGTERM); returns the seconds that took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return time.monotonic() - began

    def kill(self) -> None:
        """End it the hard way, with all it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def alive(self) -> bool:
        """Tell whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def gone(self, within_seconds: float) -> list[int]:
        """Wait for everything it started to end; returns the processes still there."""
        until = time.monotonic() + within_seconds
        while (left := self._group()) and time.monotonic() < until:
            time.sleep(0.1)
        return left

    def _group(self) -> list[int]:
        assert self._process is not None
        found = subprocess.run(
            ["ps", "-o", "pid=", "-g", str(self._process.pid)], capture_output=True, check=False
        )
        return [int(pid) for pid in found.stdout.split()]

    def log(self, since: int = 0) -> str:
        """Return what it has logged since its start, or since it had logged so many characters."""
        return (self.base / "log" / "messages.log").read_text(errors="replace")[since:]

    def faults(self) -> list[str]:
        """Return the lines of its log that an operator would have to look into."""
        return [x for x in self.log().splitlines() if "ERROR[" in x or "WARNING[" in x]

    def ask(self, command: str) -> str:
        """Run one command of Asterisk's own command line."""
        root = self.env[f"{PREFIX}ASTERISK_ROOT"]
        inside = str(self.base).removeprefix(root.rstrip("/"))
        line = ["chroot", root, "asterisk", "-C", f"{inside}/etc/asterisk.conf", "-rx", command]
        return subprocess.run(line, capture_output=True, text=True, check=False).stdout

    def _booted(self) -> bool:
        """Whether call control greets: it does so when every module has been loaded."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._ami_port), 1) as line:
            greeted = line.recv(21) == b"Asterisk Call Manager"
            return greeted and "fully booted" in self.ask("core waitfullybooted")
        return False


class Stack:
    """The hotline's Asterisk and the telephone network's, of one instance."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.hotline = Asterisk("hotline", env)
        self.exchange = Asterisk("exchange", env)
        self.media = Path(env[f"{PREFIX}MEDIA"])

    def start(self) -> None:
        """Start both, the network first: an unanswered trunk is asked again only after 15 s."""
        self.exchange.start()
        self.hotline.start()

    def stop(self) -> None:
        """Stop both and remove what they wrote."""
        for asterisk in (self.hotline, self.exchange):
            if asterisk.alive():
                asterisk.stop()
        shutil.rmtree(self.hotline.base, ignore_errors=True)

    def write_prompts(self) -> None:
        """Put a tone where each prompt of the dialplan belongs."""
        folder = self.media / "sounds" / "zh"
        folder.mkdir(parents=True, exist_ok=True)
        for name, frequency in PROMPTS.items():
            at = np.arange(int(8000 * PROMPT_SECONDS)) / 8000
            tone = (8000 * np.sin(2 * np.pi * frequency * at)).astype(np.int16)
            soundfile.write(folder / f"{name}.wav", tone, 8000, subtype="PCM_16")

    def recordings(self, ending: str) -> list[Path]:
        """Return the recordings with this ending, oldest first."""
        found = (self.media / "recordings").glob(f"*{ending}")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def wait_for_recording(self, within_seconds: float = 5.0) -> None:
        """Wait until a call is being recorded."""
        until = time.monotonic() + within_seconds
        while not self.recordings("-caller.sln"):
            assert time.monotonic() < until, "no call has come in"
            time.sleep(0.05)


@contextmanager
def running(env: Mapping[str, str]) -> Iterator[Stack]:
    """Run both Asterisks with tones for prompts, and leave nothing behind."""
    stack = Stack(env)
    stack.write_prompts()
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def install() -> None:
    """Install Asterisk where the tests look for it, if it is missing."""
    root = os.environ.get(f"{PREFIX}ASTERISK_ROOT", str(CHECKOUT / "var" / "asterisk"))
    env = {**os.environ, f"{PREFIX}ASTERISK_ROOT": root}
    subprocess.run([str(CHECKOUT / "asterisk_conf" / "install.sh")], env=env, check=True)


def _free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
