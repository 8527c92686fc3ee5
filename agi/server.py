"""The FastAGI server: one thread a call, never more than it can carry, and a clean end."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from agi.protocol import Line, LineError, NothingSaid

log = structlog.get_logger(__name__)

_ENVIRONMENT_SECONDS = 5.0
"""How long a peer may take to say who it is."""


class Carrier(Protocol):
    """What carries a call once its line is open."""

    def __call__(self, line: Line, script: str) -> None:
        """Carry the call to its end; ``script`` is the path of the agi:// address."""
        ...


class AgiServer(socketserver.ThreadingTCPServer):
    """Listens for Asterisk. A call too many is refused at once, so that the dialplan takes it."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, address: tuple[str, int], carrier: Carrier, most_calls: int) -> None:
        self.carrier = carrier
        self._room = threading.BoundedSemaphore(most_calls)
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Conversation)

    @property
    def calls(self) -> int:
        """How many calls are carried now."""
        with self._lock:
            return len(self._lines)

    def process_request(self, request: object, client_address: object) -> None:
        """Give the call a thread, or refuse it when there is no room."""
        assert isinstance(request, socket.socket)
        if not self._room.acquire(blocking=False):
            log.warning("no room for another call, the exchange takes it")
            self.shutdown_request(request)
            return
        with self._lock:
            self._lines.add(request)
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            self._leave(request)
            raise

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Carry the call, then free its place."""
        assert isinstance(request, socket.socket)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._leave(request)

    def _leave(self, request: socket.socket) -> None:
        with self._lock:
            self._lines.discard(request)
        self._room.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep one bad line from touching any other."""
        log.exception("line broke")

    def stop(self, seconds: float, before_cutting: Callable[[], None] = lambda: None) -> None:
        """Take no more calls; those under way may end, then they fall back to the exchange."""
        self.shutdown()
        self.server_close()
        deadline = time.monotonic() + seconds
        while self.calls and time.monotonic() < deadline:
            time.sleep(0.05)
        before_cutting()
        with self._lock:
            left = list(self._lines)
        for line in left:
            _cut(line)
        deadline = time.monotonic() + 1.0
        while self.calls and time.monotonic() < deadline:
            time.sleep(0.02)


class _Conversation(socketserver.BaseRequestHandler):
    server: AgiServer
    request: socket.socket

    def handle(self) -> None:
        line_socket = self.request
        _set_up(line_socket)
        too_late = threading.Timer(_ENVIRONMENT_SECONDS, _cut, [line_socket])
        too_late.daemon = True
        too_late.start()
        source = line_socket.makefile("r", encoding="utf-8", errors="replace", newline="\n")
        sink = line_socket.makefile("w", encoding="utf-8", errors="replace", newline="\n")
        try:
            line = Line(source, sink)
        except NothingSaid:
            return
        except LineError as error:
            log.warning("not an AGI line", error=str(error))
            return
        finally:
            too_late.cancel()
        script = line.environment.get("agi_network_script", "").partition("?")[0].strip("/")
        self.server.carrier(line, script)


def _set_up(line: socket.socket) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
