"""The caller is connected to a person: an emergency service, or an agent."""

from agi.hotline import Outcome
from agi.phone import CallerLeft, Queued
from agi.state import Call
from agi.transfer import Emergency, answered_at, call_service
from agi.waiting import wait_for_agent
from agi.whisper import prepare_whisper
from ivr_flows.schema import Menu, Transfer
from ivr_flows.walk import Done, Failed, Pressed, Reply


def transfer_to_service(call: Call, step: Transfer) -> Reply:
    """Call the service at once; nothing is waited for before the first ring."""
    service = call.walk.service if step.service == "decided" else step.service
    if call.emergency is None or call.emergency.service != service:
        call.emergency = Emergency(service or "110", "key")
    emergency = call.emergency

    def note() -> None:
        call.note("call.emergency", emergency.to_json())
        if emergency.answered_at:
            call.reached = Outcome.TRANSFERRED_EMERGENCY

    hotline = call.hotline
    prepare_whisper(call, emergency)
    said = "".join(call.said)
    if call_service(call.phone, hotline.routes, emergency, note, hotline.media, said):
        return Done("answered")
    return Failed()


def transfer_to_agents(call: Call, step: Transfer) -> Reply:
    """Let the caller wait for an agent; the emergency key works meanwhile, and the step's own."""
    try:
        ended = wait_for_agent(call, frozenset({*step.keys, Queued.EMERGENCY_KEY.key}))
    except CallerLeft:
        if answered_at(call.hotline.media, call.phone.party.call_id, "agents"):
            call.reached = Outcome.TRANSFERRED_AGENT
        raise
    match ended:
        case Queued.NOBODY:
            return Failed()
        case Queued.TALKED:
            call.reached = Outcome.TRANSFERRED_AGENT
            return Done("answered")
        case _:
            return Pressed(ended.key)


def note_danger_unserved(call: Call) -> None:
    """Keep that a caller left at the question about danger: a person must know of it."""
    if call.walk.flow.flow == "emergency" and isinstance(call.walk.step, Menu):
        unserved = call.emergency or Emergency("", "key")
        call.note("call.emergency", unserved.to_json())
