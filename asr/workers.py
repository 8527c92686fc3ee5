"""Starts recogniser processes, keeps their seats, and starts them again when they die."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from asr import seat
from asr.engines import Heard
from asr.recognition import OPEN_SECONDS, Chair, RecognitionFailed, SeatLost
from asr.seat import Word

log = structlog.get_logger(__name__)

CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Plan:
    """Which processes to run: ``arguments`` for asr.worker, so many processes and seats in each."""

    engine: str
    arguments: tuple[str, ...]
    processes: int
    seats: int
    nice: int = 0


@dataclass(slots=True, eq=False)
class WorkerSeat:
    """One connection from a recogniser process."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    engine: str = ""
    pid: int = 0
    home: int = 0
    lost: bool = False
    _opened: asyncio.Future[None] | None = None
    _final: asyncio.Future[Heard] | None = None
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    _so_far: Callable[[str], None] = field(default=lambda _: None)

    def tell(self, word: Word, payload: bytes = b"") -> None:
        """Say something down the line; raises ``SeatLost``."""
        if self.lost:
            raise SeatLost(f"recogniser process {self.pid} died")
        if word is Word.FINISH:
            self._final = asyncio.get_running_loop().create_future()
        if word is Word.DROP:
            self._so_far = lambda _: None
        self.writer.write(seat.message(word, payload))

    async def open(self, grammar: Sequence[str], so_far: Callable[[str], None]) -> None:
        """Begin an utterance."""
        self._so_far = so_far
        self._opened = asyncio.get_running_loop().create_future()
        self.tell(Word.OPEN, json.dumps({"grammar": list(grammar)}).encode())
        try:
            await asyncio.wait_for(self._opened, OPEN_SECONDS)
        except TimeoutError:
            raise SeatLost(f"recogniser process {self.pid} does not answer") from None

    async def final(self, within_seconds: float) -> Heard:
        """Wait for the words after FINISH."""
        if self._final is None:
            raise RecognitionFailed("nothing was finished")
        try:
            return await asyncio.wait_for(self._final, within_seconds)
        except TimeoutError:
            raise SeatLost(f"recogniser process {self.pid} hangs") from None

    def condemn(self) -> None:
        """End the process, which hangs."""
        if not self.lost:
            log.warning("recogniser hangs, ended", pid=self.pid)
            if self.pid > 0:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
        self.lose()

    def lose(self) -> None:
        """Note that the process is gone; whoever waits is told."""
        self.lost = True
        self.writer.close()
        for waiting in (self._opened, self._final):
            if waiting and not waiting.done():
                waiting.set_exception(SeatLost(f"recogniser process {self.pid} died"))
                waiting.exception()

    async def listen(self) -> None:
        """Read what the process says until it is gone."""
        while True:
            size, word = seat.HEADER.unpack(await self.reader.readexactly(seat.HEADER.size))
            if size > seat.LONGEST:
                raise ValueError("a recogniser's message is too long")
            self._take(Word(word), json.loads(await self.reader.readexactly(size) or b"{}"))

    def _take(self, word: Word, facts: dict[str, object]) -> None:
        match word:
            case Word.HELLO:
                self.pid, self.home = int(str(facts["pid"])), int(str(facts["home"]))
                self.engine = str(facts["engine"])
                self.greeted.set()
            case Word.OPENED if self._opened and not self._opened.done():
                self._opened.set_result(None)
            case Word.SO_FAR:
                self._so_far(str(facts["text"]))
            case Word.FINAL if self._final and not self._final.done():
                self._final.set_result(Heard.from_json(facts))
            case Word.FAILED:
                self._fail(RecognitionFailed(str(facts.get("error"))))
            case _:
                pass

    def _fail(self, error: RecognitionFailed) -> None:
        log.warning("recogniser refused an utterance", error=str(error), pid=self.pid)
        for waiting in (self._opened, self._final):
            if waiting and not waiting.done():
                waiting.set_exception(error)


class Workers:
    """The pool of seats. ``start`` it once; ``stop`` ends every process."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._free: deque[WorkerSeat] = deque()
        self._seats: set[WorkerSeat] = set()
        self._came = asyncio.Event()
        self._homes: dict[int, asyncio.subprocess.Process] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._folder = Path(tempfile.mkdtemp(prefix="hotline-asr-"))
        self._server: asyncio.Server | None = None
        self.restarts = 0
        self.engine = plan.engine

    async def start(self) -> None:
        """Listen for seats and start the processes."""
        address = str(self._folder / "seats")
        self._server = await asyncio.start_unix_server(self._seated, address)
        for _ in range(self._plan.processes):
            task = asyncio.create_task(self._keep_one(address))
            self._tasks.add(task)

    async def ready(self, within_seconds: float) -> bool:
        """Wait for the first seat."""
        with suppress(RecognitionFailed):
            self.give_back(await self.take(within_seconds))
            return True
        return False

    async def take(self, within_seconds: float) -> Chair:
        """Give a free seat, the one that has rested longest."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_seconds
        while True:
            while self._free:
                chair = self._free.popleft()
                if not chair.lost:
                    return chair
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), max(0.01, deadline - clock()))
            except TimeoutError:
                raise RecognitionFailed("no recogniser is free") from None

    def give_back(self, chair: Chair) -> None:
        """Free a seat."""
        if isinstance(chair, WorkerSeat) and not chair.lost:
            if chair.home not in self._homes:
                chair.lose()
                return
            self._free.append(chair)
            self._came.set()

    def report(self) -> list[dict[str, object]]:
        """Tell which processes live, and how often one was started again."""
        return [
            {"pid": s.pid, "home": s.home, "alive": not s.lost, "restarts": self.restarts}
            for s in sorted(self._seats, key=lambda s: s.pid)
            if s.pid
        ]

    @property
    def free(self) -> int:
        """Count the seats that wait for an utterance."""
        return len(self._free)

    async def stop(self) -> None:
        """End every process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            self._server.close()
        for chair in list(self._seats):
            chair.lose()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _seated(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chair = WorkerSeat(reader, writer)
        listening = asyncio.create_task(chair.listen())
        greeted = asyncio.ensure_future(chair.greeted.wait())
        self._seats.add(chair)
        try:
            await asyncio.wait({listening, greeted}, return_when=asyncio.FIRST_COMPLETED)
            if chair.pid:
                self.engine = chair.engine
                self.give_back(chair)
            await listening
        except (OSError, EOFError, ValueError, asyncio.CancelledError):
            listening.cancel()
        finally:
            if not chair.lost and chair.home in self._homes:
                self.restarts += 1
                log.warning("recogniser process died", pid=chair.pid, engine=self.engine)
            greeted.cancel()
            chair.lose()
            self._seats.discard(chair)
            if chair in self._free:
                self._free.remove(chair)

    async def _keep_one(self, address: str) -> None:
        """Run one process for ever; one that dies at once is started more and more slowly."""
        pause = 0.1
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            command = [sys.executable, "-m", "asr.worker", *self._plan.arguments]
            command += ["--address", address, "--seats", str(self._plan.seats)]
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, cwd=CHECKOUT
            )
            self._homes[process.pid] = process
            try:
                await process.wait()
            finally:
                self._homes.pop(process.pid, None)
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            pause = 0.1 if clock() - began > 20 else min(pause * 3, 30)
            self.restarts += 1
            log.warning("recogniser process ended", code=process.returncode, again_seconds=pause)
            await asyncio.sleep(pause)
