"""What the last calls did in the flows: how often each step was taken, and what came next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.entries import Kind
from backend.calls.models import Call, JournalEntry
from ivr_flows.loader import Book
from ivr_flows.schema import ENDS, Flow, Transfer

MOST_CALLS = 3000
OVER = "over"
"""Stands for the end of a call where the next step would stand."""
Sealed = Sequence[tuple[bytes, str | None]]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What calls did: how many there were, their steps, and each step with the one after it.

    Steps are named with their flow, `inbound.greeting`; a step twice in a call counts once.
    """

    calls: int
    taken: Counter[str]
    followed: Counter[tuple[str, str]]

    def between(self, one: str, other: str) -> int:
        """Count the calls that went from one step to the other."""
        return self.followed[one, other]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a step: what the author calls it, and where it leads."""

    name: str
    to: str
    exit: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A step as it is drawn, with the calls that came by."""

    name: str
    verb: str
    said: list[str]
    prompts: list[str]
    ways: list[Way]
    calls: int


VERBS = {
    "Say": "播报",
    "Menu": "选择",
    "Ask": "询问",
    "Listen": "倾听",
    "Do": "处理",
    "Transfer": "转接",
}
WAYS = {
    "then": "之后",
    "silent": "无应答",
    "failed": "失败",
    "recorded": "改为录音",
    "end": "结束",
    "otherwise": "听不懂",
}


async def closed(session: AsyncSession, since: dt.datetime) -> Sealed:
    """Return the sealed ends of the calls since then, newest first, each with its flow."""
    query = select(JournalEntry.data_sealed, Call.flow)
    query = query.join(Call, Call.id == JournalEntry.call_id)
    query = query.where(JournalEntry.kind == Kind.CLOSED.value, JournalEntry.received_at >= since)
    newest = query.order_by(JournalEntry.received_at.desc()).limit(MOST_CALLS)
    return [(sealed, flow) for sealed, flow in (await session.execute(newest)).all()]


def counted(told: Iterable[tuple[dict[str, Any], str | None]]) -> Traffic:
    """Count the steps of calls; the end of a call comes after its last step."""
    taken: Counter[str] = Counter()
    followed: Counter[tuple[str, str]] = Counter()
    calls = 0
    for one, flow in told:
        named = [str(step) for step in one.get("path") or []]
        path = [step if "." in step else f"{flow or 'inbound'}.{step}" for step in named]
        taken.update(set(path))
        followed.update(set(pairwise([*path, OVER])) if path else ())
        calls += 1
    return Traffic(calls, taken, followed)


def stops(book: Book, flow: Flow, traffic: Traffic) -> list[Stop]:
    """Return the steps of a flow in the order of its file."""
    return [_stop(book, flow, name, traffic.taken) for name in flow.steps]


def _stop(book: Book, flow: Flow, name: str, taken: Counter[str]) -> Stop:
    step = flow.steps[name]
    verb = VERBS.get(type(step).__name__, type(step).__name__)
    if isinstance(step, Transfer) and step.service:
        verb = f"{verb} {step.service}"
    prompts = [one for one in step.prompts() if one in book.prompts]
    return Stop(
        name=name,
        verb=verb,
        said=[book.prompts[one].say for one in prompts],
        prompts=prompts,
        ways=[_way(name, to) for name, to in step.exits().items()],
        calls=taken[f"{flow.flow}.{name}"],
    )


def _way(name: str, to: str) -> Way:
    kind, _, rest = name.partition(" ")
    said = {"choice": f"选{rest}", "when": f"若{rest}"}.get(kind, WAYS.get(name, name))
    return Way(said, "结束" if to in ENDS else to, to)
