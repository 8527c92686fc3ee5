"""What can be wrong with flows that are each well written: found before any caller does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr_flows.prompts import Prompt
from ivr_flows.schema import (
    ACTIONS,
    ENDS,
    SERVICES,
    Ask,
    Do,
    Flow,
    Listen,
    Menu,
    Say,
    Step,
    Transfer,
)
from ivr_flows.yaml_files import Fault

SURVEY = "survey"
"""The flow of calls that the hotline places itself."""
ENTRANCES = ("inbound", "leave_message", "progress", SURVEY)
"""The flows that the exchange may start by itself."""
LONGEST_PROMPT_SECONDS = 8.0
KEYS_ON_INBOUND = {"0": "a person", "9": "an emergency"}
KNOWN_BY_ACTION = {
    "draft": frozenset({"read_back", "number_spoken", "code_spoken"}),
    "keep_place": frozenset(),
    "look_up_number": frozenset({"status_text"}),
    "look_up_code": frozenset({"status_text"}),
    "survey_subject": frozenset({"subject"}),
}

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Map:
    """All flows as one graph of (flow, step)."""

    files: Mapping[str, Path]
    flows: Mapping[str, Flow]

    def places(self) -> Iterator[tuple[Place, Step]]:
        for name, flow in self.flows.items():
            for step_name, step in flow.steps.items():
                yield (name, step_name), step

    def resolve(self, flow: str, to: str) -> Place | None:
        """Find where an exit leads; None is the end of the call."""
        if to in ENDS:
            return None
        if not to.startswith("@"):
            return flow, to
        other, _, step = to[1:].partition(".")
        return other, step or (self.flows[other].start if other in self.flows else "")

    def exits(self, place: Place, step: Step) -> dict[str, str]:
        found = dict(step.exits())
        if isinstance(step, Menu | Ask | Listen):
            anywhere = self.flows[place[0]].anywhere
            own = {c.press for c in step.choices} if isinstance(step, Menu) else set()
            found |= {f"key {k}": to for k, to in anywhere.press.items() if k not in own}
            found |= {"danger": anywhere.danger, "doubtful": anywhere.doubtful}
        return found

    def exists(self, place: Place) -> bool:
        return place[0] in self.flows and place[1] in self.flows[place[0]].steps

    def onward(self, place: Place) -> set[Place]:
        step = self.flows[place[0]].steps[place[1]]
        ways = (self.resolve(place[0], to) for to in self.exits(place, step).values())
        return {way for way in ways if way is not None and self.exists(way)}


def check_book(read: Mapping[Path, Flow], prompts: Mapping[str, Prompt]) -> list[Fault]:
    """List everything wrong with the flows of one folder taken together."""
    faults = list(_names(read))
    if faults:
        return faults
    book = _Map({f.flow: p for p, f in read.items()}, {f.flow: f for f in read.values()})
    for check in (_dead_ends, _unreachable, _endless_loops, _actions, _keys, _service):
        faults += check(book)
    return faults + list(_prompts(book, prompts))


def _names(read: Mapping[Path, Flow]) -> Iterator[Fault]:
    for path, flow in read.items():
        if flow.flow != path.stem:
            yield Fault(path, "flow", f"calls itself {flow.flow}", f"write flow: {path.stem}")
        for ending in ENDS & flow.steps.keys():
            yield Fault(path, ending, "is the name of an ending", "give the step another name")


def _dead_ends(book: _Map) -> Iterator[Fault]:
    for name, flow in book.flows.items():
        if flow.start not in flow.steps:
            yield Fault(book.files[name], "start", f"no step {flow.start}", "name a step of it")
        ways = {f"anywhere > press > {w}": to for w, to in flow.anywhere.press.items()}
        ways |= {"anywhere > danger": flow.anywhere.danger}
        ways |= {"anywhere > doubtful": flow.anywhere.doubtful}
        for step_name, step in flow.steps.items():
            ways |= {f"{step_name} > {exit_name}": to for exit_name, to in step.exits().items()}
        for where, to in ways.items():
            place = book.resolve(name, to)
            if place is not None and not book.exists(place):
                remedy = "add that step or lead elsewhere"
                yield Fault(book.files[name], where, f"leads to {to}, which does not exist", remedy)


def _reach(book: _Map, starts: set[Place]) -> set[Place]:
    seen, todo = set[Place](), [place for place in starts if book.exists(place)]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo.extend(book.onward(place))
    return seen


def _unreachable(book: _Map) -> Iterator[Fault]:
    entrances = {n for n in ENTRANCES if n in book.flows} or set(book.flows)
    seen = _reach(book, {(name, book.flows[name].start) for name in entrances})
    for (flow, step), _ in book.places():
        if (flow, step) not in seen:
            yield Fault(book.files[flow], step, "no step leads here", "lead to it or take it out")


def _endless_loops(book: _Map) -> Iterator[Fault]:
    deaf = {place for place, step in book.places() if not isinstance(step, Menu | Ask | Listen)}
    for place in deaf:
        ahead, todo = set[Place](), [place]
        while todo:
            new = (book.onward(todo.pop()) & deaf) - ahead
            ahead |= new
            todo.extend(new)
        if place in ahead:
            what = "comes back to itself without ever asking the caller"
            yield Fault(book.files[place[0]], place[1], what, "put a question into the loop")


def _actions(book: _Map) -> Iterator[Fault]:
    for (flow, name), step in book.places():
        if isinstance(step, Do) and step.do not in ACTIONS:
            remedy = f"use one of: {', '.join(sorted(ACTIONS))}"
            yield Fault(book.files[flow], name, f"there is no action {step.do}", remedy)


def _keys(book: _Map) -> Iterator[Fault]:
    if (flow := book.flows.get("inbound")) is None:
        return
    for name, step in flow.steps.items():
        if isinstance(step, Menu | Ask | Listen):
            exits = book.exits(("inbound", name), step)
            own = {c.press for c in step.choices} if isinstance(step, Menu) else set()
            for key, meaning in KEYS_ON_INBOUND.items():
                if f"key {key}" not in exits and key not in own:
                    what = f"key {key} ({meaning}) does nothing here"
                    remedy = f'add "{key}" to anywhere > press'
                    yield Fault(book.files["inbound"], name, what, remedy)


def _service(book: _Map) -> Iterator[Fault]:
    """A sentence about the service needs a service: only danger or a transfer decides one."""
    for (flow, name), step in book.places():
        if isinstance(step, Transfer) or not any("{service}" in p for p in step.prompts()):
            continue
        if flow != "emergency":
            what = "names {service} where none is decided"
            yield Fault(book.files[flow], name, what, "move the step to the flow emergency")


def _prompts(book: _Map, prompts: Mapping[str, Prompt]) -> Iterator[Fault]:
    for (flow, name), step in book.places():
        for said in sorted(set(_expanded(step))):
            if (prompt := prompts.get(said)) is None:
                remedy = f"write it in ivr_flows/prompts, such as {said}: {{say: …}}"
                yield Fault(book.files[flow], name, f"there is no prompt {said}", remedy)
                continue
            if prompt.seconds > LONGEST_PROMPT_SECONDS:
                what = f"prompt {said} takes {prompt.seconds:.1f} s; callers wait at most 8 s"
                yield Fault(book.files[flow], name, what, "say it in fewer words")
            if unknown := prompt.placeholders - _known(book):
                what = f"prompt {said} needs {', '.join(sorted(unknown))}, which nothing gives"
                yield Fault(book.files[flow], name, what, "use what an action or an ask keeps")


def _expanded(step: Step) -> Iterator[str]:
    for said in step.prompts():
        match said.endswith("{service}"), step:
            case True, Transfer(service=str(one)) if one != "decided":
                yield said.replace("{service}", one)
            case True, _:
                yield from (said.replace("{service}", service) for service in SERVICES)
            case _:
                yield said


def _known(book: _Map) -> frozenset[str]:
    known = frozenset[str]()
    for _, step in book.places():
        match step:
            case Do(do=action):
                known |= KNOWN_BY_ACTION.get(action, frozenset())
            case Ask(into=into):
                known |= {into}
            case Say() | Menu() | Listen() | Transfer():
                pass
    return known
