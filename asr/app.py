"""What the call scripts ask over HTTP: announce a step, read what was heard, have a text said."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field

from asr import metrics
from asr.admission import Admission
from asr.late import Late, SoundRefused
from asr.question import Question
from asr.settings import Settings
from asr.sounds import Script
from asr.steps import Full, KnownAlready, Steps
from asr.voice import NoVoice, Said
from asr.workers import Workers

MOST_WAIT_SECONDS = 30


class Announced(BaseModel):
    """How long the connection may take to come."""

    expires_seconds: float


class ToSay(BaseModel):
    """A sentence to be made during a call."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=600)
    within_seconds: float = Field(default=1.5, gt=0, le=30)


class ToRead(BaseModel):
    """A kept sound whose words are wanted."""

    model_config = ConfigDict(extra="forbid")
    sound: str = Field(pattern=r"^[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+){0,4}\.(wav|sln)$")


Say = Callable[[str, float], Awaitable[Said]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the answers are made of."""

    settings: Settings
    steps: Steps
    admission: Admission
    workers: Workers
    late: Late
    say: Say


def build(parts: Parts) -> FastAPI:
    """Make the application around a running server's parts."""
    token = parts.settings.service_token.get_secret_value()

    def allowed(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "a service token is wanted")

    app = FastAPI(title="Hotline: hearing and speaking", docs_url="/docs", redoc_url=None)
    guarded = [Depends(allowed)]

    @app.post("/listen", status_code=201, dependencies=guarded)
    async def listen(question: Question) -> Response:
        async def say(text: str) -> str:
            return (await parts.say(text, 1.5)).file

        def script() -> Script:
            return Script(question.sounds, parts.settings.media, say)

        try:
            parts.steps.announce(question, script)
        except KnownAlready:
            raise HTTPException(409, "this listen_id was announced before") from None
        except Full:
            metrics.FULL.inc()
            return JSONResponse({"error": "full", "retry_after_seconds": 2.0}, 429)
        return JSONResponse({"expires_seconds": parts.settings.announce_seconds}, 201)

    @app.get("/listen/{listen_id}", dependencies=guarded)
    async def heard(
        listen_id: UUID, wait_seconds: Annotated[float, Query(ge=0, le=MOST_WAIT_SECONDS)] = 0
    ) -> dict[str, Any]:
        step = parts.steps.get(listen_id)
        if step is None:
            raise HTTPException(404, "no such listening step")
        if wait_seconds and not step.over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(step.over.wait(), wait_seconds)
        parts.steps.read(step)
        return step.result.to_json()

    @app.post("/speech", dependencies=guarded)
    async def speech(wanted: ToSay) -> dict[str, Any]:
        try:
            said = await parts.say(wanted.text, wanted.within_seconds)
        except NoVoice as error:
            raise HTTPException(503, str(error)) from error
        return {"file": said.file, "engine": said.engine, "seconds": said.seconds}

    @app.post("/transcriptions", status_code=202, dependencies=guarded)
    async def read_later(wanted: ToRead) -> dict[str, str]:
        try:
            return {"id": parts.late.ask(wanted.sound)}
        except SoundRefused as error:
            raise HTTPException(error.status, str(error)) from error

    @app.get("/transcriptions/{job}", dependencies=guarded)
    async def read_now(
        job: UUID, wait_seconds: Annotated[float, Query(ge=0, le=MOST_WAIT_SECONDS)] = 0
    ) -> dict[str, Any]:
        found = await parts.late.result(str(job), wait_seconds)
        if found is None:
            raise HTTPException(404, "no such transcription")
        return found

    @app.get("/health")
    async def health() -> dict[str, Any]:
        limits = parts.admission.limits
        seats = parts.workers.report()
        slots = {
            "total": limits.open,
            "grammar": limits.closed,
            "used": parts.admission.used,
            "emergency_reserved": limits.emergency,
        }
        status = "ok" if seats else "starting"
        engines = [parts.workers.engine]
        return {"status": status, "engines": engines, "slots": slots, "workers": seats}

    @app.get("/metrics")
    async def graphs() -> Response:
        metrics.USED.set(parts.admission.used)
        metrics.RESTARTS.set(parts.workers.restarts)
        return Response(generate_latest(metrics.REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return app
