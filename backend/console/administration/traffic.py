"""What the last calls did in the flows: how often each step was taken, and what came next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.calls.entries import Kind
from backend.calls.models import JournalEntry
from ivr_flows.loader import Book
from ivr_flows.schema import ENDS, Flow, Transfer

MOST_CALLS = 500
Sealed = Sequence[bytes]
Counted = tuple[Counter[str], Counter[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a step: what the author calls it, and where it leads."""

    name: str
    to: str


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
WAYS = {"then": "之后", "silent": "无应答", "failed": "失败", "recorded": "改为录音", "end": "结束"}


async def closed(session: AsyncSession) -> Sealed:
    """Return the sealed ends of the last calls; each holds the steps that the call took."""
    query = select(JournalEntry.data_sealed).where(JournalEntry.kind == Kind.CLOSED.value)
    newest = query.order_by(JournalEntry.received_at.desc()).limit(MOST_CALLS)
    return (await session.scalars(newest)).all()


def steps(told: Iterable[dict[str, Any]]) -> Counted:
    """Count steps, and each step with the one after it; a step twice in a call counts once."""
    taken: Counter[str] = Counter()
    followed: Counter[tuple[str, str]] = Counter()
    for one in told:
        path = [str(step) for step in one.get("path") or []]
        taken.update(set(path))
        followed.update(set(pairwise(path)))
    return taken, followed


def stops(book: Book, flow: Flow, taken: Counter[str]) -> list[Stop]:
    """Return the steps of a flow in the order of its file."""
    return [_stop(book, flow, name, taken) for name in flow.steps]


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
        calls=taken[name] + taken[f"{flow.flow}.{name}"],
    )


def _way(name: str, to: str) -> Way:
    return Way(WAYS.get(name, name), "结束" if to in ENDS else to)
