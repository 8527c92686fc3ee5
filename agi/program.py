"""All parts of the call scripts put together, and taken apart again in order."""

from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from agi.asr_client import AsrClient
from agi.asterisk_phone import AsteriskPhone
from agi.backend_client import BackendClient
from agi.call import carry
from agi.entries import Entry
from agi.hotline import Hotline
from agi.party import read_party
from agi.protocol import CallerLeft, Line
from agi.sender import Sender
from agi.server import AgiServer
from agi.settings import Settings
from agi.spool import Spool
from agi.transfer import Routes
from ivr_flows.check import ENTRANCES
from ivr_flows.loader import Book

log = structlog.get_logger(__name__)

_CALLS_END_WITHIN_SECONDS = 2.5


class Outbox:
    """The journal of calls as a call sees it."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, entry: Entry) -> Future[None]:
        """Hand an entry over; the future is done once it is on the disk."""
        return self._spool.write(entry)

    def unsent(self, call_id: str) -> list[Entry]:
        """Give the entries of a call that the backend has not confirmed."""
        waiting = self._spool.waiting(call_id=call_id, most=500)
        return [one.entry for one in waiting if one.entry is not None]


class Program:
    """The running call scripts of one instance."""

    def __init__(self, settings: Settings, book: Book) -> None:
        token = settings.service_token.get_secret_value()
        self._settings = settings
        self._recogniser = AsrClient(settings.asr_url, token)
        self._backend = BackendClient(settings.backend_url, token)
        self._spool = Spool(
            settings.home / "spool" / "agi.db", settings.data_key.get_secret_value()
        )
        self._sender = Sender(self._spool, self._backend)
        self._helpers = ThreadPoolExecutor(max_workers=32, thread_name_prefix="action")
        routes = Routes(
            numbers=settings.routes,
            agents=settings.agents_queue,
            agents_wait_seconds=settings.agents_wait_seconds,
            dialect_seconds=settings.dialect_seconds,
            bridge_second=settings.bridge_second_service,
            neighbours=settings.neighbours,
        )
        self._hotline = Hotline(
            book=book,
            recogniser=self._recogniser,
            backend=self._backend,
            journal=Outbox(self._spool),
            routes=routes,
            media=settings.media,
            helpers=self._helpers,
        )
        address = (settings.agi_bind or settings.agi_host, settings.agi_port)
        self._server = AgiServer(address, self._carry, settings.most_calls)

    def serve(self) -> None:
        """Carry calls until ``stop`` is called from another thread."""
        self._sender.start()
        log.info("call scripts are ready", port=self._settings.agi_port, **self._spool.counts())
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Let calls end, hand those that do not to the exchange, and keep every entry."""
        log.info("call scripts stop", calls=self._server.calls)
        self._server.stop(_CALLS_END_WITHIN_SECONDS, self._hotline.stopping.set)
        self._sender.stop(seconds=0.5)
        self._spool.close()
        self._helpers.shutdown(wait=False, cancel_futures=True)
        self._backend.close()
        self._recogniser.close()

    def _carry(self, line: Line, script: str) -> None:
        if script not in ENTRANCES:
            log.warning("no flow of that name", script=script[:40])
            return
        settings = self._settings
        listener = f"{settings.audiosocket_host}:{settings.audiosocket_port}"
        try:
            party = read_party(line)
        except CallerLeft:
            return
        phone = AsteriskPhone(line, party, settings.media_inside, listener, settings.trunk)
        carry(phone, self._hotline, script)
