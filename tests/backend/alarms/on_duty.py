"""Somebody on duty for tests: a real HTTP receiver on loopback that can refuse and be slow."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from backend.alarms.webhook import DELIVERY, MOMENT, SIGNATURE, signature

SECRET = "a-secret-of-the-duty-list"


@dataclass
class Told:
    """One request that came in."""

    path: str
    delivery: str
    body: dict[str, Any]
    signed: bool


@dataclass
class Receiver:
    """What was told so far; `answers` are the statuses given in turn, then 200 for ever."""

    port: int
    told: list[Told] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/duty") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def receiver(*answers: int, holds: bool = False) -> Iterator[Receiver]:
    """Run a receiver; with `holds` it answers only after `go_on` is set."""
    state = Receiver(0, answers=list(answers))
    if not holds:
        state.go_on.set()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            expected = signature(SECRET, self.headers[MOMENT], body)
            signed = self.headers[SIGNATURE] == expected
            state.told.append(Told(self.path, self.headers[DELIVERY], json.loads(body), signed))
            state.came.set()
            state.go_on.wait(60)
            with contextlib.suppress(OSError):
                self.send_response(state.answers.pop(0) if state.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
