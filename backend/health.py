"""Says which part is ill: /health for the supervisor, /metrics for Prometheus."""

from __future__ import annotations

import datetime as dt
import time
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.auth import open_to_all
from backend.database import Database
from backend.jobs import service as jobs
from backend.live import Loudspeaker

WORKER_SILENT_SECONDS = 30.0
METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})

IN_THE_HOUSE = Depends(open_to_all("counts and states of programs; no citizen, no ticket"))
router = APIRouter(tags=["operation"])


class Part(BaseModel):
    """One part of the system, with what is wrong and what to do if it is not well."""

    status: Literal["ok", "away", "silent"]
    detail: str | None = None


class Health(BaseModel):
    """`ok`; `degraded`: calls and tickets go on without a part; `ill`: they do not."""

    status: Literal["ok", "degraded", "ill"]
    parts: dict[str, Part]


class Meters:
    """The numbers of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "hotline_backend_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "hotline_backend_request_seconds",
            "Seconds to answer a request",
            ["method", "route"],
            registry=self.registry,
        )
        self.jobs = Gauge("hotline_jobs_waiting", "Jobs not done", registry=self.registry)


class Measure:
    """Counts each request under its route, never under its raw address."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app, self.meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note how long it took and how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), "none"

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "none")
            self.meters.requests.labels(method, route, status).inc()
            self.meters.seconds.labels(method, route).observe(time.perf_counter() - began)


@router.get("/health", dependencies=[IN_THE_HOUSE], responses={503: {"model": Health}})
async def health(request: Request) -> Response:
    """Say how each part is; 503 when calls can not be kept."""
    database, worker = await _database_and_worker(request.app.state.database)
    speaker: Loudspeaker = request.app.state.speaker
    redis = (
        Part(status="ok")
        if await speaker.answers()
        else Part(status="away", detail="Redis does not answer: the live view pauses; start it")
    )
    parts = {"database": database, "redis": redis, "worker": worker}
    ill = database.status != "ok"
    well = all(part.status == "ok" for part in parts.values())
    body = Health(status="ill" if ill else "ok" if well else "degraded", parts=parts)
    return JSONResponse(body.model_dump(), status_code=503 if ill else 200)


@router.get(
    "/metrics", dependencies=[IN_THE_HOUSE], response_class=Response, include_in_schema=False
)
async def metrics(request: Request) -> Response:
    """Give the numbers in Prometheus' text form."""
    meters: Meters = request.app.state.meters
    database: Database = request.app.state.database
    try:
        async with database.transaction(writes=False) as session:
            meters.jobs.set(await jobs.waiting(session))
    except (SQLAlchemyError, OSError):
        meters.jobs.set(float("nan"))
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)


async def _database_and_worker(database: Database) -> tuple[Part, Part]:
    unknown = Part(status="silent", detail="not known while the database is away")
    try:
        async with database.transaction(writes=False) as session:
            await session.execute(text("SELECT 1 FROM tickets LIMIT 1"))
            seen = await jobs.last_beat(session)
    except (SQLAlchemyError, OSError) as error:
        detail = f"{type(error).__name__}: check HOTLINE_DATABASE_URL, then run 'migrate'"
        return Part(status="away", detail=detail), unknown
    now = dt.datetime.now(dt.UTC)
    if seen is None or (now - seen).total_seconds() > WORKER_SILENT_SECONDS:
        detail = "no worker has been seen lately: recordings wait; start 'backend worker'"
        return Part(status="ok"), Part(status="silent", detail=detail)
    return Part(status="ok"), Part(status="ok")
