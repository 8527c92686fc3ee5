"""What a flow can tell the hotline to ``do``, one function for each action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

from agi.backend_client import Backend, BackendAway, BackendRefused, Draft, Progress
from agi.entries import Entry
from ivr_flows.numbers import digits_in, spoken_digits
from ivr_flows.walk import Done, Failed

log = structlog.get_logger(__name__)

DIGITS_OF_A_TICKET = 10
DIGITS_OF_A_CODE = 4
SHORTEST_NUMBER = 3


@dataclass(slots=True)
class Matter:
    """What is known in one call, for its actions and for the sentences it says."""

    call_id: str
    caller: str
    backend: Backend
    unsent: Callable[[], list[Entry]]
    """Gives the call's entries that the backend may not have yet."""
    known: dict[str, str] = field(default_factory=dict)


Action = Callable[[Matter], Done | Failed]


def draft(matter: Matter) -> Done | Failed:
    """Make or renew the draft ticket from all that was said; tells if the place is missing."""
    made = matter.backend.draft(matter.call_id, matter.unsent())
    matter.known |= {
        "district": str(made.fields.get("district") or ""),
        "read_back": made.read_back,
        "number": made.number,
        "number_spoken": spoken_digits(made.number),
        "code_spoken": spoken_digits(made.code),
    }
    return Done("place_missing" if _place_missing(made) else None)


def _place_missing(made: Draft) -> bool:
    return not made.fields.get("place") or not made.fields.get("district")


def look_up_number(matter: Matter) -> Done | Failed:
    """Ask by ticket number: its state and nothing personal."""
    number = digits_in(matter.known.get("number", ""))
    if not number:
        return Done("no_number")
    if len(number) != DIGITS_OF_A_TICKET:
        return Done("not_found")
    return _told(matter, matter.backend.progress({"number": number}))


def look_up_code(matter: Matter) -> Done | Failed:
    """Ask by the caller's own number with the ticket's code: the number alone proves nothing."""
    code = digits_in(matter.known.get("code", ""))
    if len(code) != DIGITS_OF_A_CODE or not matter.caller:
        return Done("not_found")
    return _told(matter, matter.backend.progress({"caller": matter.caller, "code": code}))


def _told(matter: Matter, progress: Progress) -> Done:
    if progress.locked:
        return Done("locked")
    if not progress.found:
        return Done("not_found")
    matter.known["status_text"] = progress.status_text
    return Done()


def keep_place(matter: Matter) -> Done | Failed:
    """Have the caller called back in the order of arrival; a number that is not shown cannot be."""
    return Done("place_kept" if len(digits_in(matter.caller)) >= SHORTEST_NUMBER else "no_number")


def survey_subject(matter: Matter) -> Done | Failed:
    """Ask what the citizen is called back about, and whether others may hear of it."""
    told = matter.backend.callback(matter.call_id)
    if not told.subject:
        return Done("unknown")
    matter.known["subject"] = told.subject
    return Done("confidential" if told.confidential else None)


ACTIONS: Mapping[str, Action] = {
    "draft": draft,
    "keep_place": keep_place,
    "look_up_number": look_up_number,
    "look_up_code": look_up_code,
    "survey_subject": survey_subject,
}


def run(name: str, matter: Matter) -> Done | Failed:
    """Run one action; a backend that cannot help is a failure of the step, not of the call."""
    try:
        return ACTIONS[name](matter)
    except (BackendAway, BackendRefused) as error:
        log.warning("action failed", action=name, call=matter.call_id, error=str(error))
        return Failed()
