"""No sequence of moves leaves the table, loses an event or moves a deadline silently."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.audit.chain import START, Link, first_fault
from backend.database import Base
from backend.deadlines import Inputs, Tier, WorkingCalendar, due, freeze, thaw
from backend.errors import Conflict
from backend.tickets.history import _facts
from backend.tickets.models import Ticket, TicketEvent
from backend.tickets.moves import Move, moves_from, step
from backend.tickets.moving import move, replay
from backend.tickets.states import State

NOW = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
CALENDAR = WorkingCalendar()


class Shelf:
    """A session that only keeps the events it is given."""

    def __init__(self) -> None:
        self.added: list[TicketEvent] = []
        self.info: dict[str, Any] = {}

    def add(self, row: Base) -> None:
        if isinstance(row, TicketEvent):
            self.added.append(row)


class Life(RuleBasedStateMachine):
    """Somebody tries any move, at the right version or a stale one, with or without a deadline."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.ticket = Ticket(id=1, number="2603020001", state=State.DRAFT.value, version=1)
        self.ticket.events_count, self.ticket.events_head = 0, START
        self.ticket.deadline, self.ticket.due_at = None, None
        self.clock = NOW
        self.moved = 0

    def attempt(self, which: Move, version: int | None, deadline: str | None = None) -> bool:
        self.clock += dt.timedelta(hours=1)
        before = (self.ticket.state, self.ticket.deadline, self.ticket.version)
        try:
            move(
                self.shelf,  # type: ignore[arg-type]
                self.ticket,
                which,
                actor="person:1",
                at=self.clock,
                version=version,
                deadline=deadline,
            )
        except Conflict:
            assert (self.ticket.state, self.ticket.deadline, self.ticket.version) == before
            return False
        self.moved += 1
        return True

    @rule(which=st.sampled_from(Move))
    def any_move(self, which: Move) -> None:
        allowed = step(State(self.ticket.state), which) is not None

        assert self.attempt(which, self.ticket.version) is allowed

    @rule(data=st.data())
    def a_move_of_the_table(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(moves_from(State(self.ticket.state))))

        assert self.attempt(line.move, self.ticket.version)
        assert self.ticket.state == line.next

    @rule(which=st.sampled_from(Move), off=st.integers(-3, 3).filter(bool))
    def a_stale_move(self, which: Move, off: int) -> None:
        assert not self.attempt(which, self.ticket.version + off)

    @precondition(lambda self: step(State(self.ticket.state), Move.DISPATCH))
    @rule(tier=st.sampled_from(Tier))
    def a_dispatch(self, tier: Tier) -> None:
        frozen = freeze(due(Inputs(self.clock, tier), CALENDAR))

        assert self.attempt(Move.DISPATCH, self.ticket.version, frozen)

    @invariant()
    def the_history_is_whole_and_tells_state_and_deadline(self) -> None:
        events = self.shelf.added
        links = (Link(one.seq, _facts(one), one.previous, one.hash) for one in events)

        assert first_fault(links, self.ticket.events_count, self.ticket.events_head) is None
        assert len(events) == self.moved == self.ticket.version - 1
        assert replay(events) == (State(self.ticket.state), self.ticket.deadline)
        if self.ticket.deadline:
            assert self.ticket.due_at == thaw(self.ticket.deadline).due_at


def test_no_sequence_of_moves_leaves_the_table_loses_an_event_or_moves_a_deadline() -> None:
    checks = list(HealthCheck)
    small = settings(
        max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=checks
    )
    run_state_machine_as_test(Life, settings=small)  # type: ignore[no-untyped-call]


def test_a_deadline_changed_behind_the_history_is_found() -> None:
    life = Life()
    assert life.attempt(Move.DISPATCH, 1, freeze(due(Inputs(NOW, Tier.FIVE_DAYS), CALENDAR)))

    life.ticket.deadline = freeze(due(Inputs(NOW, Tier.TWO_HOURS), CALENDAR))

    assert replay(life.shelf.added)[1] != life.ticket.deadline


def test_a_history_with_a_move_the_table_does_not_have_is_not_believed() -> None:
    life = Life()
    assert life.attempt(Move.DISPATCH, 1)
    life.shelf.added[0].data = {**life.shelf.added[0].data, "to": "closed"}

    with pytest.raises(ValueError, match="event 1"):
        replay(life.shelf.added)
