"""Puts the server's parts together and runs them until told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from asr.admission import Admission
from asr.app import Parts, build
from asr.choose import chosen_model, limits_of, plan_of
from asr.hotwords import detector
from asr.kokoro import installed
from asr.late import Late
from asr.live import Live
from asr.neural import NeuralVoice
from asr.server import AudioSocketServer
from asr.settings import Settings
from asr.speaker import Speaker
from asr.steps import Steps
from asr.workers import Workers

log = structlog.get_logger(__name__)

_READY_SECONDS = 60.0


class _Http(uvicorn.Server):
    """The HTTP half; signals belong to the whole program."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


@asynccontextmanager
async def _http(settings: Settings, app: FastAPI) -> AsyncIterator[None]:
    """Answer HTTP while the block runs; raises OSError when the port cannot be had."""
    host = settings.asr_bind or settings.asr_host
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Http(config)
    with socket.create_server((host, settings.asr_port), backlog=1024) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110  uvicorn tells by this alone
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            server.should_exit = True
            await task


async def serve(settings: Settings) -> None:
    """Hear and speak until SIGTERM; raises ``NoModel`` or OSError when it cannot begin."""
    engine, model = chosen_model(settings)
    detect = detector(settings.emergency_cues)
    limits = limits_of(settings, engine)
    admission = Admission(limits)
    workers = Workers(plan_of(settings, engine, model, limits.most + 1))
    steps = Steps(admission, settings.announce_seconds, settings.keep_seconds)
    live = Live(settings.redis_url)
    neural = _neural(settings)
    style = f"{settings.voice}@{settings.voice_speed}"
    speaker = Speaker(settings.media, settings.voice_cache, neural, style=style)
    late = Late(settings.media, workers, lambda: admission.used > 0)
    sockets = AudioSocketServer(settings, steps, workers, detect, live)
    app = build(Parts(settings, steps, admission, workers, late, speaker.say))

    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await workers.start()
    live.start()
    running = asyncio.create_task(late.run())
    warming = asyncio.create_task(_warm(neural))
    try:
        ready = await workers.ready(_READY_SECONDS)
        await sockets.start()
        async with _http(settings, app):
            log.info(
                "hearing",
                engine=workers.engine,
                ready=ready,
                open=limits.open,
                closed=limits.closed,
                emergency=limits.emergency,
            )
            await stopped.wait()
        await sockets.stop()
    finally:
        for task in (running, warming):
            task.cancel()
        await asyncio.gather(running, warming, return_exceptions=True)
        steps.close()
        await live.stop()
        if neural:
            await neural.stop()
        await workers.stop()
        log.info("stopped")


def _neural(settings: Settings) -> NeuralVoice | None:
    if settings.voice_engine == "espeak" or not installed():
        return None
    return NeuralVoice(settings.voice, settings.voice_speed)


async def _warm(neural: NeuralVoice | None) -> None:
    if neural:
        await neural.warm()


def log_plainly() -> None:
    """Write key=value lines to standard output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
