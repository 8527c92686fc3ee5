"""A real HTTP receiver that keeps what it is sent and answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.serving import Answering, served


@dataclass
class Receiver:
    """What arrived, and the statuses to answer with; the last one is kept."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listen on a free port until the end of the block."""
    kept = Receiver()

    class Answer(Answering):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            kept.got.append((dict(self.headers), self.rfile.read(length)))
            left = kept.statuses
            self.send_response(left.pop(0) if len(left) > 1 else left[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

    with served(Answer) as address:
        kept.url = f"{address}/events"
        yield kept
