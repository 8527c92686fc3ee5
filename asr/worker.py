"""A recogniser process. It may die or hang alone: the server notices, and starts another.

Vosk: the model is loaded once and every seat is a fork of this process, so that memory is shared
and a crash ends one utterance. Whisper: every seat is a thread, since its library does not fork.
"""

import json
import os
import select
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from asr import seat
from asr.engines import Engine, Utterance
from asr.resample import Upsampler
from asr.seat import Word


class Seat:
    """One connection to the server, and the utterance it hears now."""

    def __init__(self, line: socket.socket, engine: Engine, home: int) -> None:
        self._line = line
        self._engine = engine
        self._home = home
        self._utterance: Utterance | None = None
        self._upsampler = Upsampler()

    def serve(self) -> None:
        """Hear utterance after utterance until the server hangs up."""
        self._tell(Word.HELLO, pid=os.getpid(), home=self._home, engine=self._engine.name)
        while (received := self._receive()) is not None:
            try:
                self._take(*received)
            except Exception as error:
                self._utterance = None
                self._tell(Word.FAILED, error=f"{type(error).__name__}: {error}"[:300])

    def _take(self, word: Word, payload: bytes) -> None:
        match word:
            case Word.OPEN:
                self._upsampler = Upsampler()
                self._utterance = self._engine.open(json.loads(payload).get("grammar") or ())
                self._tell(Word.OPENED)
            case Word.SOUND if self._utterance:
                self._tell_so_far(self._utterance.accept(self._upsampler.more(payload)))
            case Word.PAUSE if self._utterance:
                if not self._more_waits():
                    self._tell_so_far(self._utterance.pause())
            case Word.FINISH if self._utterance:
                heard = self._utterance.finish()
                self._utterance = None
                self._tell(Word.FINAL, **heard.to_json())
            case Word.DROP:
                self._utterance = None
            case _:
                pass

    def _more_waits(self) -> bool:
        return bool(select.select([self._line], [], [], 0)[0])

    def _tell_so_far(self, text: str | None) -> None:
        if text:
            self._tell(Word.SO_FAR, text=text)

    def _tell(self, word: Word, **facts: object) -> None:
        self._line.sendall(seat.told(word, **facts))

    def _receive(self) -> tuple[Word, bytes] | None:
        header = self._exactly(seat.HEADER.size)
        if header is None:
            return None
        size, word = seat.HEADER.unpack(header)
        payload = self._exactly(size)
        return None if payload is None else (Word(word), payload)

    def _exactly(self, size: int) -> bytes | None:
        held = bytearray()
        while len(held) < size:
            more = self._line.recv(size - len(held))
            if not more:
                return None
            held += more
        return bytes(held)


def _sit_down(address: str, engine: Engine, home: int) -> None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(address)
        Seat(line, engine, home).serve()
    except OSError:
        return
    finally:
        line.close()


def _parent_is_there() -> bool:
    """The server holds the other end of our standard input for as long as it lives."""
    readable, _, _ = select.select([sys.stdin], [], [], 0.1)
    return not (readable and not os.read(sys.stdin.fileno(), 1))


def serve_forked(address: str, engine: Engine, seats: int) -> None:
    """Keep so many forks of this process seated."""
    home = os.getpid()
    trial = engine.open()
    trial.accept(bytes(32000))
    trial.finish()
    children: dict[int, float] = {}
    while _parent_is_there():
        while children:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            if time.monotonic() - children.pop(pid) < 1:
                time.sleep(0.5)
        while len(children) < seats:
            pid = os.fork()
            if not pid:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                _sit_down(address, engine, home)
                os._exit(0)
            children[pid] = time.monotonic()
    for pid in children:
        os.kill(pid, signal.SIGTERM)


def serve_threads(address: str, engine: Engine, seats: int) -> None:
    """Keep so many threads of this process seated."""
    for _ in range(seats):
        seated = threading.Thread(
            target=_sit_down, args=(address, engine, os.getpid()), daemon=True
        )
        seated.start()
    while _parent_is_there():
        pass


def _load(asked: Namespace) -> Engine:
    if asked.engine == "vosk":
        from asr.engines.vosk import VoskEngine  # noqa: PLC0415  one library a process

        return VoskEngine(asked.model)
    from asr.engines.whisper import WhisperEngine  # noqa: PLC0415

    return WhisperEngine(asked.model, threads=asked.threads, beam=asked.beam, hints=asked.hints)


def main() -> int:
    """Load the model, then serve seats until the server is gone."""
    parser = ArgumentParser(prog="asr.worker")
    parser.add_argument("--engine", choices=("vosk", "whisper"), required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--seats", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beam", type=int, default=3)
    parser.add_argument("--hints", default="")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        engine = _load(asked)
    except Exception as error:
        sys.stderr.write(f"recogniser {asked.engine} does not start: {error}\n")
        return 2
    serve = serve_forked if asked.engine == "vosk" else serve_threads
    serve(asked.address, engine, asked.seats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
