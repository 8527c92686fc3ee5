"""A small real HTTP server that stands in for the recogniser: it knows the words of each sound."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Recogniser(ThreadingHTTPServer):
    """Set `words[sound]`; a sound it does not know fails. `slow_seconds` delays every result."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.words: dict[str, str] = {}
        self.asked: list[str] = []
        self.full = False
        self.slow_seconds = 0.0
        self.tasks: dict[str, tuple[str, float]] = {}

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Answer(BaseHTTPRequestHandler):
    server: Recogniser

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body["sound"])
        if self.server.full:
            return self._send(429, {"error": "full", "retry_after_seconds": 1})
        task = str(uuid.uuid4())
        self.server.tasks[task] = (body["sound"], time.monotonic() + self.server.slow_seconds)
        return self._send(202, {"id": task})

    def do_GET(self) -> None:
        sound, ready = self.server.tasks[urlsplit(self.path).path.rsplit("/", 1)[-1]]
        if time.monotonic() < ready:
            time.sleep(0.05)
            return self._send(200, {"state": "working"})
        text = self.server.words.get(sound)
        if text is None:
            return self._send(200, {"state": "failed", "error": "cannot be decoded"})
        done = {"state": "done", "text": text, "words": [], "confidence": 0.8, "engine": "fake"}
        return self._send(200, done)

    def _send(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def recogniser() -> Iterator[Recogniser]:
    """Run one until the end of the block."""
    server = Recogniser()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
