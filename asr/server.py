"""The AudioSocket server: each connection is one announced listening step."""

import asyncio

import structlog

from asr import metrics
from asr.audiosocket import HungUp, Identity, WireError
from asr.hotwords import Detect, Watch
from asr.keeper import Keeper
from asr.line import Line
from asr.listening import Ear
from asr.live import Live
from asr.question import EndedBy, State
from asr.recognition import Pool, Recognition
from asr.settings import Settings
from asr.steps import Step, Steps

log = structlog.get_logger(__name__)

IDENTITY_SECONDS = 3.0


class AudioSocketServer:
    """Hears callers. A wrong connection ends with one log line and touches no other."""

    def __init__(
        self, settings: Settings, steps: Steps, pool: Pool, detect: Detect, live: Live
    ) -> None:
        self._settings = settings
        self._steps = steps
        self._pool = pool
        self._detect = detect
        self._live = live
        self._server: asyncio.Server | None = None
        self._words: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen for Asterisk."""
        host = self._settings.audiosocket_bind or self._settings.audiosocket_host
        port = self._settings.audiosocket_port
        self._server = await asyncio.start_server(self._serve, host, port, backlog=1024)

    async def stop(self) -> None:
        """Stop listening; words that are being read are waited for, briefly."""
        if self._server:
            self._server.close()
        if self._words:
            await asyncio.wait(self._words, timeout=3)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        try:
            step = await self._identify(line)
            if step:
                await self._hear_safely(step, line)
        finally:
            await line.close()

    async def _identify(self, line: Line) -> Step | None:
        why = "no identity in time"
        try:
            async with asyncio.timeout(IDENTITY_SECONDS):
                async for event in line.events():
                    match event:
                        case None:
                            continue
                        case Identity(listen_id):
                            if step := self._steps.connect(listen_id):
                                return step
                            why = f"nobody announced {listen_id}"
                        case HungUp():
                            why = "left without an identity"
                        case _:
                            why = "the first frame is no identity"
                    break
        except TimeoutError:
            pass
        except WireError as error:
            why = str(error)
        metrics.WRONG.labels("identity").inc()
        log.warning("connection refused", why=why)
        return None

    async def _hear_safely(self, step: Step, line: Line) -> None:
        try:
            await self._hear(step, line)
        except OSError as error:
            log.error("step could not begin", error=str(error), call=step.question.call_id)
            step.fail(str(error))
            self._steps.release(step)

    async def _hear(self, step: Step, line: Line) -> None:
        question, result = step.question, step.result

        def so_far(text: str) -> None:
            result.text = text
            self._live.partial(question, text)
            if question.emergency:
                watch.read(text)
                result.emergency = watch.found

        watch = Watch(self._detect)
        recognition = Recognition(self._pool, so_far, question.grammar or ())
        keeper = Keeper(self._settings.media, question.listen_id)
        recognition.begin()
        ear = Ear(question, line, step.script, recognition, watch, keeper, result)
        try:
            await ear.listen()
        except WireError as error:
            result.ended_by, result.error = EndedBy.FAILED, str(error)
            log.warning("wrong frame, step failed", error=str(error), call=question.call_id)
        except BaseException as error:
            result.ended_by, result.error = EndedBy.FAILED, "the server stopped in the step"
            if isinstance(error, Exception):
                log.exception("step failed", call=question.call_id)
            else:
                raise
        finally:
            task = asyncio.create_task(self._read(step, ear))
            self._words.add(task)
            task.add_done_callback(self._words.discard)

    async def _read(self, step: Step, ear: Ear) -> None:
        result = step.result
        try:
            await ear.words(self._settings.final_seconds)
        except Exception as error:
            result.state, result.error = State.FAILED, str(error)
            log.exception("words could not be read", call=step.question.call_id)
        finally:
            self._steps.release(step)
            metrics.STEPS.labels(result.ended_by or EndedBy.FAILED).inc()
            times = result.times
            if times.final_text and times.ended:
                metrics.FINAL_SECONDS.observe(times.final_text - times.ended)
            log.info(
                "step heard",
                call=step.question.call_id,
                step=step.question.step,
                ended_by=str(result.ended_by),
                hanzi=len(result.text),
                engine=result.engine,
            )
