"""The table of moves: from which state a ticket goes where, and by which article. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backend.tickets.states import State


class Move(StrEnum):
    """What can be done with a ticket; those that leave the state as it is are moves too."""

    ANSWER = "answer"
    DISPATCH = "dispatch"
    REFUSE = "refuse"
    PASS_ON = "pass_on"
    RAISE = "raise"
    CALM = "calm"
    """It was no emergency after all."""
    SIGN = "sign"
    START = "start"
    REPLY = "reply"
    ASK_RETURN = "ask_return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    REASSIGN = "reassign"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    RECOMPUTE = "recompute"
    """The calendar has changed, and with it the deadline or what is presumed of it."""
    JOIN = "join"
    """A co-handler is called in."""
    REPORT = "report"
    """A co-handler tells the lead what it did, or why it is late."""
    ESCALATE = "escalate"
    GUIDE = "guide"
    """The superior says what is to be done."""
    LIST_LONG = "list_long"
    REVIEW = "review"
    TAKE_OFF = "take_off"
    ACCEPT_REPLY = "accept_reply"
    CLOSE = "close"
    EXPLAIN = "explain"
    REDO = "redo"
    REOPEN = "reopen"
    MERGE = "merge"
    FOLLOW = "follow"
    """A merged ticket is called back when its parent is."""
    SPLIT = "split"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: in `state`, `move` leads to `next`, by `article`."""

    state: State
    move: Move
    next: State
    article: str


def _lines(states: Iterable[State], move: Move, to: State | None, article: str) -> list[Step]:
    return [Step(state, move, to or state, article) for state in states]


_S, _M = State, Move
_FRESH = (_S.DRAFT, _S.RETURNED)
_HANDLED = (_S.SIGNED, _S.IN_PROGRESS, _S.ESCALATED, _S.LONG_LIST, _S.REDO)
_WITH_UNIT = (_S.DISPATCHED, *_HANDLED, _S.RETURN_REFUSED)
RUNNING = (*_WITH_UNIT, _S.RETURN_ASKED)
"""States in which a unit has the ticket and its clock runs: those that can become overdue."""
_OVER = (_S.ANSWERED, _S.REFUSED, _S.PASSED_ON, _S.WITHDRAWN)

TABLE: tuple[Step, ...] = (
    *_lines(_FRESH, _M.ANSWER, _S.ANSWERED, "第十六条第一项"),
    *_lines((*_FRESH, _S.EMERGENCY), _M.DISPATCH, _S.DISPATCHED, "第十六条第二项、第十八条"),
    *_lines(_FRESH, _M.REFUSE, _S.REFUSED, "第十二条、第十六条第三项"),
    *_lines(_FRESH, _M.PASS_ON, _S.PASSED_ON, "第十六条第四项"),
    *_lines(_FRESH, _M.RAISE, _S.EMERGENCY, "第十六条第五项"),
    *_lines((_S.EMERGENCY,), _M.CALM, _S.DRAFT, "第十六条"),
    *_lines((_S.DISPATCHED, _S.RETURN_REFUSED), _M.SIGN, _S.SIGNED, "第二十条第一款"),
    *_lines((_S.SIGNED, _S.REDO), _M.START, _S.IN_PROGRESS, "第二十二条第二项"),
    *_lines(
        (_S.SIGNED, _S.IN_PROGRESS, _S.LONG_LIST, _S.REDO), _M.REPLY, _S.REPLIED, "第二十二条第三项"
    ),
    *_lines((_S.DISPATCHED, _S.SIGNED), _M.ASK_RETURN, _S.RETURN_ASKED, "第二十条第一款"),
    *_lines((_S.RETURN_ASKED,), _M.ACCEPT_RETURN, _S.RETURNED, "第二十条第二款"),
    *_lines((_S.RETURN_ASKED,), _M.REFUSE_RETURN, _S.RETURN_REFUSED, "第二十条第二款"),
    *_lines(_WITH_UNIT, _M.REASSIGN, _S.DISPATCHED, "第十七条第三款、第二十一条第一款"),
    *_lines(_WITH_UNIT, _M.ASK_EXTENSION, None, "第十九条第三项"),
    *_lines(RUNNING, _M.GRANT_EXTENSION, None, "第十九条第三项"),
    *_lines(RUNNING, _M.REFUSE_EXTENSION, None, "第十九条第三项"),
    *_lines(RUNNING, _M.RECOMPUTE, None, "第十九条第二项"),
    *_lines(_HANDLED, _M.JOIN, None, "第二十一条第二款"),
    *_lines(RUNNING, _M.REPORT, None, "第二十一条第二款"),
    *_lines(
        (_S.SIGNED, _S.IN_PROGRESS, _S.LONG_LIST, _S.REDO), _M.ESCALATE, _S.ESCALATED, "第二十三条"
    ),
    *_lines((_S.ESCALATED,), _M.GUIDE, _S.IN_PROGRESS, "第二十三条"),
    *_lines(
        (_S.SIGNED, _S.IN_PROGRESS, _S.ESCALATED, _S.REDO),
        _M.LIST_LONG,
        _S.LONG_LIST,
        "第十九条第四项",
    ),
    *_lines((_S.LONG_LIST,), _M.REVIEW, None, "第十九条第四项"),
    *_lines((_S.LONG_LIST,), _M.TAKE_OFF, _S.IN_PROGRESS, "第十九条第四项"),
    *_lines((_S.REPLIED, _S.ANSWERED), _M.ACCEPT_REPLY, _S.AWAITING_CALLBACK, "第二十五条"),
    *_lines((_S.AWAITING_CALLBACK,), _M.CLOSE, _S.CLOSED, "第二十五条、第二十七条"),
    *_lines((_S.EMERGENCY,), _M.CLOSE, _S.CLOSED, "第十六条第五项"),
    *_lines((_S.AWAITING_CALLBACK,), _M.EXPLAIN, _S.CLOSED, "第二十六条第二项"),
    *_lines((_S.REPLIED, _S.AWAITING_CALLBACK, _S.CLOSED), _M.REDO, _S.REDO, "第二十六条第一项"),
    *_lines((*_OVER, _S.AWAITING_CALLBACK, _S.CLOSED), _M.REOPEN, _S.DRAFT, "第十六条、第二十六条"),
    *_lines((*_FRESH, _S.DISPATCHED), _M.MERGE, _S.MERGED, "第十五条、第十六条"),
    *_lines((_S.MERGED,), _M.FOLLOW, _S.AWAITING_CALLBACK, "第二十五条"),
    *_lines((_S.MERGED,), _M.SPLIT, _S.DRAFT, "第十五条、第十六条"),
    *_lines((*_FRESH, *RUNNING, _S.MERGED), _M.WITHDRAW, _S.WITHDRAWN, "第十三条"),
)
"""Every move there is; what is not here cannot be done."""

_BY_STATE: dict[tuple[State, Move], Step] = {(one.state, one.move): one for one in TABLE}


def step(state: State, move: Move) -> Step | None:
    """Return the line of the table for a move in a state, or None."""
    return _BY_STATE.get((state, move))


def moves_from(state: State) -> list[Step]:
    """Return what can be done in a state."""
    return [one for one in TABLE if one.state == state]
