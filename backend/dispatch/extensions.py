"""Extensions 延期 (Art. 19(3)): asked before expiry, the caller told, decided by the hotline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.deadlines import (
    Change,
    ExtensionFault,
    ExtensionRefused,
    ExtensionRequest,
    StaleCalendar,
    extend,
    freeze,
    thaw,
)
from backend.dispatch.act import Act
from backend.dispatch.assignments import lead_of, own
from backend.dispatch.schemas import AskExtension, Reasoned
from backend.errors import Conflict, Invalid
from backend.tickets.moves import Move

_FIELDS = {
    ExtensionFault.NO_REASON: "reason",
    ExtensionFault.NO_PROGRESS: "progress",
    ExtensionFault.CALLER_NOT_TOLD: "caller_told_at",
    ExtensionFault.BAD_LENGTH: "working_days",
    ExtensionFault.TOO_LONG: "working_days",
}
"""Which field to mend; a fault that is not here lies with the time or the ticket."""


async def ask(act: Act, sent: AskExtension) -> None:
    """Ask for more time; what the article demands is checked now, by the time of asking."""
    await own(act)
    if "extension" in act.ticket.pending:
        raise Conflict(
            "asked_already",
            "an extension waits for its decision",
            field="move",
            remedy="wait until the hotline has granted or refused it",
        )
    request = ExtensionRequest(
        requested_at=act.at,
        working_days=sent.working_days,
        reason=sent.reason,
        progress=sent.progress,
        caller_told_at=sent.caller_told_at,
        legal_basis=sent.legal_basis,
    )
    _longer(act, request)
    asked = sent.model_dump(mode="json", exclude={"version"})
    asked["requested_at"] = act.at.astimezone(dt.UTC).isoformat()
    act.put("extension", asked)
    act.move(Move.ASK_EXTENSION, **asked)


async def grant(act: Act, sent: Reasoned) -> None:
    """Grant what was asked: the new deadline is frozen on the ticket and on the lead."""
    change = _longer(act, _request(_asked(act)))
    lead = await lead_of(act.session, act.ticket)
    assert lead
    lead.deadline, lead.due_at = freeze(change.new), change.new.due_at
    act.put("extension", None)
    act.move(Move.GRANT_EXTENSION, deadline=freeze(change.new), why=change.why, reason=sent.reason)


async def refuse(act: Act, sent: Reasoned) -> None:
    """Refuse what was asked, for a reason; the deadline stays."""
    _asked(act)
    act.put("extension", None)
    act.move(Move.REFUSE_EXTENSION, reason=sent.reason)


def _asked(act: Act) -> dict[str, Any]:
    asked: dict[str, Any] | None = act.ticket.pending.get("extension")
    if asked is None:
        raise Conflict(
            "nothing_asked",
            "no extension waits for a decision",
            field="move",
            remedy="the lead asks for one first, with ask_extension",
        )
    return asked


def _request(asked: dict[str, Any]) -> ExtensionRequest:
    return ExtensionRequest(
        requested_at=dt.datetime.fromisoformat(asked["requested_at"]),
        working_days=asked["working_days"],
        reason=asked["reason"],
        progress=asked["progress"],
        caller_told_at=dt.datetime.fromisoformat(asked["caller_told_at"]),
        legal_basis=asked["legal_basis"],
    )


def _longer(act: Act, request: ExtensionRequest) -> Change:
    assert act.ticket.deadline
    try:
        return extend(thaw(act.ticket.deadline), request, act.calendar)
    except ExtensionRefused as refused:
        field = _FIELDS.get(refused.code)
        kind = Invalid if field else Conflict
        raise kind(
            refused.code.value,
            refused.message,
            field=field or "deadline",
            remedy=f"mend {field} (Art. 19(3))" if field else "finish by the deadline, or escalate",
        ) from refused
    except StaleCalendar as stale:
        raise Conflict(
            "calendar_changed",
            "the calendar gives another deadline than the one frozen",
            field="deadline",
            remedy="have it recomputed first: POST …/recompute",
        ) from stale
