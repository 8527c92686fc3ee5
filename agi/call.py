"""The life of one call, from ring to hang-up."""

import threading
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import structlog

from agi import actions
from agi.actions import Matter
from agi.asr_client import AsrAway
from agi.backend_client import Backend
from agi.entries import Entry, now
from agi.listening import SOUNDS, Ear, Recogniser
from agi.masking import masked
from agi.phone import CallerLeft, Phone
from agi.transfer import Emergency, Routes, answered_at, call_service
from ivr_flows.check import KNOWN_BY_ACTION
from ivr_flows.loader import Book
from ivr_flows.schema import MESSAGE_LEFT, Ask, Do, Listen, Menu, Say, Step, Transfer
from ivr_flows.walk import Danger, Done, Failed, Heard, NoInput, Pressed, Recorded, Reply, Walk

log = structlog.get_logger(__name__)

_MOST_STEPS = 80
"""A call that takes more steps than this goes to a person."""
_PATIENCE_SECONDS = 0.8
_MOST_PATIENCE = 4
_AHEAD_SECONDS = 10.0


class Outcome(StrEnum):
    """How a call ended, as the console shows it."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    TRANSFERRED_AGENT = "transferred_agent"
    TRANSFERRED_EMERGENCY = "transferred_emergency"
    MESSAGE_LEFT = "message_left"
    BROKEN = "broken"


class Journal(Protocol):
    """Where the story of a call is kept."""

    def write(self, entry: Entry) -> Future[None]:
        """Hand an entry over; the future is done once it is safe."""
        ...

    def unsent(self, call_id: str) -> list[Entry]:
        """Give the entries of a call that the backend has not confirmed."""
        ...


@dataclass(frozen=True, slots=True)
class Hotline:
    """What every call shares."""

    book: Book
    recogniser: Recogniser
    backend: Backend
    journal: Journal
    routes: Routes
    media: Path
    helpers: Executor
    """Runs what may take long, so that the caller can be told to wait."""
    safe_seconds: float = 3.0
    """How long the end of a call waits for its journal to be on the disk."""
    ahead: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(8))
    """How many calls may have sentences made ahead of their turn at once."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when lines are cut because this program stops: no caller has hung up then."""


class LostPatience(Exception):
    """The call goes round in circles; a person must take it."""


@dataclass(slots=True)
class _Call:
    phone: Phone
    hotline: Hotline
    walk: Walk
    ear: Ear = field(init=False)
    matter: Matter = field(init=False)
    emergency: Emergency | None = None
    reached: Outcome | None = None
    answered_at: str | None = None
    written: list[Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        party, hotline = self.phone.party, self.hotline
        self.ear = Ear(self.phone, hotline.recogniser, self.note, hotline.media)
        self.matter = Matter(party.call_id, party.caller, hotline.backend, self.unsent)

    def note(self, kind: str, data: Mapping[str, Any]) -> None:
        entry = Entry(self.phone.party.call_id, kind, data)
        self.written.append(self.hotline.journal.write(entry))

    def unsent(self) -> list[Entry]:
        self.settle()
        return self.hotline.journal.unsent(self.phone.party.call_id)

    def settle(self) -> None:
        """Wait until what was noted is safe; a spool that cannot write has said so itself."""
        for future in self.written:
            with suppress(Exception):
                future.result(self.hotline.safe_seconds)
        self.written.clear()


def carry(phone: Phone, hotline: Hotline, entrance: str) -> Outcome:
    """Answer, walk the caller through the flow, and record how it ended."""
    call = _Call(phone, hotline, Walk(hotline.book.flows, entrance))
    outcome = Outcome.BROKEN
    try:
        _open(call, entrance)
        while step := call.walk.step:
            name, reply = call.walk.name, _perform(call, step)
            call.note("call.step", {"step": name, "reply": _told(reply)})
            _keep(call, step, reply)
            call.walk.take(reply)
            if len(call.walk.path) > _MOST_STEPS:
                raise LostPatience(f"{_MOST_STEPS} steps")
        outcome = _outcome(call)
    except CallerLeft:
        cut = hotline.stopping.is_set()
        outcome = call.reached or (Outcome.BROKEN if cut else Outcome.HUNG_UP)
    except Exception:
        log.exception("call broke", call=phone.party.call_id, step=call.walk.name)
    finally:
        _close(call, outcome)
    return outcome


def _open(call: _Call, entrance: str) -> None:
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


def _close(call: _Call, outcome: Outcome) -> None:
    """Always runs: one outcome and a record for every answered call."""
    if outcome is not Outcome.BROKEN:
        with suppress(Exception):
            call.phone.finished()
    ended = {"answered_at": call.answered_at, "ended_at": now().isoformat()}
    call.note("call.closed", {"outcome": outcome.value, "path": call.walk.path} | ended)
    call.settle()
    log.info("call closed", call=call.phone.party.call_id, outcome=outcome.value)


def _outcome(call: _Call) -> Outcome:
    if call.reached:
        return call.reached
    return Outcome.MESSAGE_LEFT if call.walk.ending == MESSAGE_LEFT else Outcome.COMPLETED


def _perform(call: _Call, step: Step) -> Reply:
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


def _prompt_name(call: _Call, name: str) -> str:
    return name.replace("{service}", call.walk.service or "110")


def _say(call: _Call, name: str) -> None:
    prompt = call.hotline.book.prompts[_prompt_name(call, name)]
    sound = f"{SOUNDS}/{prompt.name}"
    if prompt.dynamic:
        try:
            sound = call.hotline.recogniser.speech(prompt.fill(call.matter.known))
        except AsrAway as error:
            log.warning("sentence cannot be said", prompt=prompt.name, error=str(error))
            sound = f"{SOUNDS}/noted"
    call.phone.play(sound)


def _ask(call: _Call, step: Menu | Ask | Listen) -> Reply:
    walk = call.walk
    prompt = call.hotline.book.prompts[_prompt_name(call, step.prompt(walk.tries))]
    own = {c.press for c in step.choices if c.press} if isinstance(step, Menu) else set()
    keys = "".join(sorted(own | walk.flow.anywhere.press.keys()))
    return call.ear.ask(step, walk.name, prompt, prompt.fill(call.matter.known), keys)


def _do(call: _Call, name: str) -> Reply:
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
            _say_ahead(call, name)
        return reply
    log.warning("action took too long", action=name, call=call.phone.party.call_id)
    return Failed()


def _say_ahead(call: _Call, action: str) -> None:
    """Have the sentences made that the action's results will be told in, before their turn comes.

    A neural voice needs about as long as the sentence lasts; the caller must not wait for it.
    """
    hotline, known = call.hotline, call.matter.known
    said = {step.say for step in call.walk.flow.steps.values() if isinstance(step, Say)}
    prompts = [hotline.book.prompts[name] for name in said if name in hotline.book.prompts]
    sentences = [
        prompt.fill(known)
        for prompt in prompts
        if prompt.placeholders & KNOWN_BY_ACTION[action] and prompt.placeholders <= known.keys()
    ]
    if sentences and hotline.ahead.acquire(blocking=False):
        hotline.helpers.submit(_make, hotline, sentences)


def _make(hotline: Hotline, sentences: list[str]) -> None:
    try:
        for sentence in sentences:
            with suppress(AsrAway):
                hotline.recogniser.speech(sentence, within_seconds=_AHEAD_SECONDS)
    finally:
        hotline.ahead.release()


def _keep(call: _Call, step: Step, reply: Reply) -> None:
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


def _transfer_to_service(call: _Call, step: Transfer) -> Reply:
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


def _transfer_to_agents(call: _Call) -> Reply:
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


def _told(reply: Reply) -> str:
    """Name a reply for the journal; the words themselves stand in the entry of what was heard."""
    match reply:
        case Done(result=result):
            return result or "done"
        case Pressed(keys=keys):
            return "keys" if len(keys) > 1 else f"key {keys}"
        case Heard():
            return "heard"
        case Recorded():
            return "recorded"
        case NoInput():
            return "silent"
        case Danger(service=service, certain=certain):
            return f"danger {service}" if certain else f"perhaps danger {service}"
        case Failed():
            return "failed"
