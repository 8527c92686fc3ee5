"""A real HTTP server in place of the backend, that dies when it is told to."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Moment = Callable[[list[dict[str, Any]]], str | None]
"""Looks at the entries of a request and names what goes wrong with it, or nothing."""


class BackendOnAPort:
    """Takes a journal as the real one does: an entry it has seen counts once."""

    def __init__(self, wrong: Moment = lambda _: None) -> None:
        self.wrong = wrong
        self.accepted: list[dict[str, Any]] = []
        self.deliveries: Counter[str] = Counter()
        self._seen = set[str]()
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._post(self)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        entries: list[dict[str, Any]] = json.loads(body)["entries"]
        wrong = self.wrong(entries)
        if wrong == "dies before":
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        if wrong and wrong.isdigit():
            self._answer(request, int(wrong), b"{}")
            return
        results = [self._take(entry) for entry in entries]
        text = json.dumps({"results": results}).encode()
        match wrong:
            case "dies after":
                request.connection.shutdown(socket.SHUT_RDWR)
            case "dies in the answer":
                request.send_response(200)
                request.send_header("Content-Length", str(len(text)))
                request.end_headers()
                request.wfile.write(text[: len(text) // 2])
                request.close_connection = True
            case "talks nonsense":
                self._answer(request, 200, b"<html>")
            case _:
                self._answer(request, 200, text)

    def _take(self, entry: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.deliveries[entry["id"]] += 1
            if entry["data"].get("poison"):
                return {"id": entry["id"], "status": "rejected", "error": "poison"}
            known = entry["id"] in self._seen
            self._seen.add(entry["id"])
            if not known:
                self.accepted.append(entry)
            return {"id": entry["id"], "status": "known" if known else "accepted", "error": None}

    def _answer(self, request: BaseHTTPRequestHandler, status: int, text: bytes) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)
