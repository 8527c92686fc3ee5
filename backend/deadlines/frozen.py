"""A deadline as the text kept on the ticket, and its proof from that text alone."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time

from backend.deadlines.deadline import Deadline, Inputs, due, require_known_rules
from backend.deadlines.errors import BrokenRecord
from backend.deadlines.moments import in_shanghai
from backend.deadlines.tiers import Tier


def freeze(deadline: Deadline) -> str:
    """Canonical JSON: sorted keys, no spaces, so that equal deadlines are equal bytes."""
    inputs = deadline.inputs
    record = {
        "due_at": deadline.due_at.isoformat(),
        "rule": deadline.rule_version,
        "calendar": deadline.calendar_version,
        "provisional": deadline.provisional,
        "counted": [day.isoformat() for day in deadline.counted],
        "skipped": [day.isoformat() for day in deadline.skipped],
        "presumed": [day.isoformat() for day in deadline.presumed],
        "inputs": {
            "dispatched_at": inputs.dispatched_at.isoformat(),
            "tier": inputs.tier.value,
            "round_the_clock": inputs.round_the_clock,
            "closes_at": inputs.closes_at.isoformat() if inputs.closes_at else None,
            "extensions": list(inputs.extensions),
        },
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Deadline:
    """The deadline a frozen text holds; BrokenRecord when it is not one, byte for byte."""
    try:
        record = json.loads(text)
        deadline = Deadline(
            due_at=in_shanghai(datetime.fromisoformat(record["due_at"])),
            inputs=_inputs(record["inputs"]),
            rule_version=record["rule"],
            calendar_version=record["calendar"],
            counted=_days(record["counted"]),
            skipped=_days(record["skipped"]),
            presumed=_days(record["presumed"]),
        )
        same = freeze(deadline) == text
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenRecord(f"not a frozen deadline: {error!r}") from error
    if not same:
        raise BrokenRecord("not in the form deadlines are frozen in")
    return deadline


def prove(deadline: Deadline) -> None:
    """Recompute from the deadline's own record, whatever calendar is installed today.

    BrokenRecord when the due time does not follow from its inputs and days.
    """
    require_known_rules(deadline)
    again = due(deadline.inputs, _RecordedDays(deadline))
    if freeze(again) != freeze(deadline):
        raise BrokenRecord(f"recomputed as {again.due_at.isoformat()}, recorded otherwise")


def _inputs(record: dict[str, object]) -> Inputs:
    closes_at, extensions = record["closes_at"], record["extensions"]
    if not isinstance(extensions, list) or not all(type(days) is int for days in extensions):
        raise TypeError("extensions are whole numbers of days")
    return Inputs(
        dispatched_at=datetime.fromisoformat(str(record["dispatched_at"])),
        tier=Tier(str(record["tier"])),
        round_the_clock=record["round_the_clock"] is True,
        closes_at=None if closes_at is None else time.fromisoformat(str(closes_at)),
        extensions=tuple(extensions),
    )


def _days(texts: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@dataclass(frozen=True, slots=True)
class _RecordedDays:
    """The calendar as the deadline saw it: the days it walked over and nothing else."""

    deadline: Deadline

    @property
    def version(self) -> str:
        return self.deadline.calendar_version

    def is_working(self, day: date) -> bool:
        if day in self.deadline.counted:
            return True
        if day in self.deadline.skipped:
            return False
        raise BrokenRecord(f"the record does not say what {day} was")

    def is_settled(self, day: date) -> bool:
        return day not in self.deadline.presumed
