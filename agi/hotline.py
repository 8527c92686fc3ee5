"""What every call shares, and how a call may end."""

import threading
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from agi.asr_client import Recogniser
from agi.backend_client import Backend
from agi.entries import Entry
from agi.transfer import Routes
from ivr_flows.loader import Book


class Outcome(StrEnum):
    """How a call ended, as the console shows it."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    TRANSFERRED_AGENT = "transferred_agent"
    TRANSFERRED_EMERGENCY = "transferred_emergency"
    MESSAGE_LEFT = "message_left"
    BROKEN = "broken"


class Journal(Protocol):
    """Where the story of a call is kept."""

    def write(self, entry: Entry) -> Future[None]:
        """Hand an entry over; the future is done once it is safe."""
        ...

    def unsent(self, call_id: str) -> list[Entry]:
        """Give the entries of a call that the backend has not confirmed."""
        ...


@dataclass(frozen=True, slots=True)
class Hotline:
    """What every call shares."""

    book: Book
    recogniser: Recogniser
    backend: Backend
    journal: Journal
    routes: Routes
    media: Path
    helpers: Executor
    """Runs what may take long, so that the caller can be told to wait."""
    safe_seconds: float = 3.0
    """How long the end of a call waits for its journal to be on the disk."""
    ahead: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(8))
    """How many calls may have sentences made ahead of their turn at once."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when lines are cut because this program stops: no caller has hung up then."""
