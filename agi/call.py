"""The life of one call, from ring to hang-up."""

from contextlib import suppress

import structlog

from agi.entries import now
from agi.hotline import Hotline, Outcome
from agi.masking import masked
from agi.phone import CallerLeft, Phone
from agi.state import Call
from agi.steps import perform
from agi.to_people import note_danger_unserved
from agi.transfer import Emergency
from ivr_flows.schema import MESSAGE_LEFT, Ask, Menu, Step
from ivr_flows.walk import (
    Conflict,
    Danger,
    Done,
    Failed,
    Heard,
    NoInput,
    Pressed,
    Recorded,
    Reply,
    Walk,
    answer_of,
)

log = structlog.get_logger(__name__)

_MOST_STEPS = 80
"""A call that takes more steps than this goes to a person."""


class LostPatience(Exception):
    """The call goes round in circles; a person must take it."""


def carry(phone: Phone, hotline: Hotline, entrance: str) -> Outcome:
    """Answer, walk the caller through the flow, and record how it ended."""
    call = Call(phone, hotline, Walk(hotline.book.flows, entrance))
    outcome = Outcome.BROKEN
    try:
        _open(call, entrance)
        while step := call.walk.step:
            name, reply = call.walk.name, perform(call, step)
            call.note("call.step", {"step": name, "reply": _told(reply)} | _answer(step, reply))
            _keep(call, step, reply)
            call.walk.take(reply)
            if len(call.walk.path) > _MOST_STEPS:
                raise LostPatience(f"{_MOST_STEPS} steps")
        outcome = _outcome(call)
    except CallerLeft:
        note_danger_unserved(call)
        cut = hotline.stopping.is_set()
        outcome = call.reached or (Outcome.BROKEN if cut else Outcome.HUNG_UP)
    except Exception:
        log.exception("call broke", call=phone.party.call_id, step=call.walk.name)
    finally:
        _close(call, outcome)
    return outcome


def _open(call: Call, entrance: str) -> None:
    call.phone.answer()
    call.answered_at = now().isoformat()
    party = call.phone.party
    log.info("call answered", call=party.call_id, caller=masked(party.caller), flow=entrance)
    call.note(
        "call.opened",
        {
            "caller": party.caller,
            "caller_name": party.caller_name,
            "called": party.called,
            "sip_call_id": party.sip_call_id,
            "channel": party.channel,
            "flow": entrance,
        },
    )


def _close(call: Call, outcome: Outcome) -> None:
    """Always runs: one outcome and a record for every answered call."""
    if outcome is not Outcome.BROKEN:
        with suppress(Exception):
            call.phone.finished()
    ended = {"answered_at": call.answered_at, "ended_at": now().isoformat()}
    call.note("call.closed", {"outcome": outcome.value, "path": call.walk.path} | ended)
    call.settle()
    log.info("call closed", call=call.phone.party.call_id, outcome=outcome.value)


def _outcome(call: Call) -> Outcome:
    if call.reached:
        return call.reached
    return Outcome.MESSAGE_LEFT if call.walk.ending == MESSAGE_LEFT else Outcome.COMPLETED


def _keep(call: Call, step: Step, reply: Reply) -> None:
    """Keep an answer under its name, and the reason of an emergency."""
    match step, reply:
        case Ask(into=name), (Heard(text=answer) | Pressed(keys=answer)):
            call.matter.known[name] = answer
        case _, Danger(service=service):
            found = call.ear.last_danger or {}
            call.emergency = Emergency(
                service,
                "word",
                also=[str(one) for one in found.get("also") or []],
                cue=found.get("cue"),
                weakened_by=found.get("weakened_by"),
            )


def _answer(step: Step, reply: Reply) -> dict[str, str]:
    """Give the answer that the reply is, where the step is a question that keeps its answer."""
    if isinstance(step, Menu) and step.into and (meant := answer_of(step, reply)):
        by = "key" if isinstance(reply, Pressed) else "word"
        return {"question": step.into, "answer": meant, "by": by}
    return {}


def _told(reply: Reply) -> str:
    """Name a reply for the journal; the words themselves stand in the entry of what was heard."""
    match reply:
        case Done(result=result):
            return result or "done"
        case Pressed(keys=keys):
            return "keys" if len(keys) > 1 else f"key {keys}"
        case Heard():
            return "heard"
        case Conflict():
            return "conflict"
        case Recorded():
            return "recorded"
        case NoInput():
            return "silent"
        case Danger(service=service, certain=certain):
            return f"danger {service}" if certain else f"perhaps danger {service}"
        case Failed():
            return "failed"
