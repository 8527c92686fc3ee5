"""One step of the flow carried out: said, asked, done, or the caller connected to a person."""

from concurrent.futures import TimeoutError as NotYet

import structlog

from agi import actions
from agi.ahead import say_ahead
from agi.asr_client import AsrAway
from agi.hotline import Outcome
from agi.phone import CallerLeft
from agi.sounds import SOUNDS
from agi.state import Call
from agi.transfer import Emergency, answered_at, call_service
from ivr_flows.schema import Ask, Do, Listen, Menu, Say, Step, Transfer
from ivr_flows.walk import Done, Failed, Reply

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 0.8
_MOST_PATIENCE = 4


def perform(call: Call, step: Step) -> Reply:
    """Carry out one step and report what came of it."""
    match step:
        case Say(say=prompt):
            _say(call, prompt)
            return Done()
        case Menu() | Ask() | Listen():
            return _ask(call, step)
        case Do(do=name):
            return _do(call, name)
        case Transfer(transfer="emergency"):
            return _transfer_to_service(call, step)
        case Transfer(say=prompt):
            _say(call, prompt)
            return _transfer_to_agents(call)


def _prompt_name(call: Call, name: str) -> str:
    return name.replace("{service}", call.walk.service or "110")


def _say(call: Call, name: str) -> None:
    prompt = call.hotline.book.prompts[_prompt_name(call, name)]
    sound = f"{SOUNDS}/{prompt.name}"
    if prompt.dynamic:
        try:
            sound = call.hotline.recogniser.speech(prompt.fill(call.matter.known))
        except AsrAway as error:
            log.warning("sentence cannot be said", prompt=prompt.name, error=str(error))
            sound = f"{SOUNDS}/noted"
    call.phone.play(sound)


def _ask(call: Call, step: Menu | Ask | Listen) -> Reply:
    walk = call.walk
    prompt = call.hotline.book.prompts[_prompt_name(call, step.prompt(walk.tries))]
    own = {c.press for c in step.choices if c.press} if isinstance(step, Menu) else set()
    keys = "".join(sorted(own | walk.flow.anywhere.press.keys()))
    return call.ear.ask(step, walk.name, prompt, prompt.fill(call.matter.known), keys)


def _do(call: Call, name: str) -> Reply:
    """Run an action; a caller who has to wait is told so, again and again, but not for ever."""
    running = call.hotline.helpers.submit(actions.run, name, call.matter)
    for turn in range(_MOST_PATIENCE + 1):
        try:
            reply = running.result(_PATIENCE_SECONDS)
        except NotYet:
            if turn < _MOST_PATIENCE:
                call.phone.play(f"{SOUNDS}/one_moment")
            continue
        if isinstance(reply, Done):
            say_ahead(call, name)
        return reply
    log.warning("action took too long", action=name, call=call.phone.party.call_id)
    return Failed()


def _transfer_to_service(call: Call, step: Transfer) -> Reply:
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
    if call_service(call.phone, hotline.routes, emergency, note, hotline.media):
        return Done("answered")
    return Failed()


def _transfer_to_agents(call: Call) -> Reply:
    routes, phone = call.hotline.routes, call.phone
    try:
        talked = phone.queue(routes.agents, routes.agents_wait_seconds)
    except CallerLeft:
        if answered_at(call.hotline.media, phone.party.call_id, "agents"):
            call.reached = Outcome.TRANSFERRED_AGENT
        raise
    if not talked:
        return Failed()
    call.reached = Outcome.TRANSFERRED_AGENT
    return Done("answered")
