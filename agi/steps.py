"""One step of the flow carried out: said, asked, done, or the caller connected to a person."""

from concurrent.futures import TimeoutError as NotYet

import structlog

from agi import actions
from agi.ahead import say_ahead
from agi.asr_client import AsrAway
from agi.sounds import SOUNDS
from agi.state import Call
from agi.to_people import transfer_to_agents, transfer_to_service
from ivr_flows.schema import Ask, Do, Listen, Menu, Say, Step, Transfer
from ivr_flows.walk import Done, Failed, Reply

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 0.8
_MOST_PATIENCE = 4
_MOST_OF_A_STEP = 60
"""Seconds for what a step does besides listening: prompts, waiting for words, for a draft."""
_DIAL = "dial_"
"""How the prompts begin that tell the caller to hang up and dial."""


def perform(call: Call, step: Step) -> Reply:
    """Carry out one step and report what came of it."""
    call.phone.within(_longest(step))
    match step:
        case Say(say=prompt):
            if prompt.startswith(_DIAL):
                call.phone.told()
            _say(call, prompt)
            return Done()
        case Menu() | Ask() | Listen():
            return _ask(call, step)
        case Do(do=name):
            return _do(call, name)
        case Transfer(transfer="emergency"):
            return transfer_to_service(call, step)
        case Transfer(say=prompt):
            _say(call, prompt)
            return transfer_to_agents(call, step)


def _longest(step: Step) -> int:
    """Give the seconds after which a step has gone wrong; a talk has no limit."""
    match step:
        case Transfer():
            return 0
        case Menu() | Ask() | Listen():
            return int(step.longest_seconds + step.wait_seconds) + _MOST_OF_A_STEP
    return _MOST_OF_A_STEP


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
