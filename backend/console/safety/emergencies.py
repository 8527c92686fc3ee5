"""Emergencies as pages: the list, one packet, the review, second services still to be told."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import HTMLResponse, Response

from backend.console.doors import console_router
from backend.console.forms import form
from backend.console.pages import back_to, page
from backend.console.safety import said
from backend.database import Reading, Writing
from backend.emergencies import endpoints as api
from backend.emergencies import notices
from backend.emergencies.schemas import Done, Review
from backend.people.access import require
from backend.people.identity import Identity
from backend.people.rights import Right

router = console_router()
HERE, PAGE, MOST_TASKS = "/console/emergencies", 50, 100
Reader = Annotated[Identity, Depends(require(Right.SEE_CALLS))]
Reviewer = Annotated[Identity, Depends(require(Right.REVIEW_EMERGENCIES))]
Agent = Annotated[Identity, Depends(require(Right.HAND_TO_EMERGENCY))]
TaskId = Annotated[int, Path(ge=1, le=2**62)]


class Which(StrEnum):
    """Which calls are listed."""

    ALL = "all"
    OPEN = "open"
    REVIEWED = "reviewed"

    @property
    def chinese(self) -> str:
        """The word on its tab."""
        return {"all": "全部", "open": "待复核", "reviewed": "已复核"}[self.value]

    @property
    def reviewed(self) -> bool | None:
        """What the API is asked for."""
        return {"all": None, "open": False, "reviewed": True}[self.value]


@router.get("/emergencies")
async def listed(
    request: Request,
    reader: Reader,
    session: Reading,
    which: Which = Which.ALL,
    before: uuid.UUID | None = None,
) -> HTMLResponse:
    """List the calls in which danger was noticed, and what agents must still do for them."""
    tells = reader.may(Right.HAND_TO_EMERGENCY)
    return page(
        request,
        "safety/emergencies.html",
        found=await api.emergencies(request, reader, session, which.reviewed, before, PAGE),
        tasks=(await api.open_tasks(reader, session, MOST_TASKS)).items if tells else [],
        which=which,
        tabs=Which,
        said=said,
    )


@router.get("/emergencies/{call_id}")
async def packet(
    request: Request, reader: Reader, session: Reading, call_id: uuid.UUID
) -> HTMLResponse:
    """Show everything of one emergency, with the form of its review."""
    return page(
        request,
        "safety/emergency.html",
        one=await api.emergency(request, reader, session, call_id),
        judged=notices.Judged,
        said=said,
    )


@router.post("/emergencies/{call_id}/review")
async def review(
    request: Request,
    reviewer: Reviewer,
    sent: Annotated[Review, Depends(form(Review))],
    session: Writing,
    call_id: uuid.UUID,
) -> Response:
    """Judge whether it was an emergency."""
    await api.review(request, reviewer, session, call_id, sent)
    return back_to(request, f"{HERE}/{call_id}", "复核结论已保存。")


@router.post("/emergencies/tasks/{task_id}/done")
async def task_done(
    request: Request,
    agent: Agent,
    sent: Annotated[Done, Depends(form(Done))],
    session: Writing,
    task_id: TaskId,
) -> Response:
    """Say how the telling of a second service ended."""
    done = await api.task_done(request, agent, session, task_id, sent)
    return back_to(request, HERE, f"工单 {done.ticket}：{said.service(done.service)}已记录。")
