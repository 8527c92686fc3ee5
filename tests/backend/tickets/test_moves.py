import ast
from pathlib import Path

import pytest

import backend
from backend.tickets.moves import TABLE, Move, moves_from, step
from backend.tickets.progress import _SAYS
from backend.tickets.states import State

SOURCES = sorted(Path(str(backend.__file__)).parent.rglob("*.py"))
OWNED = {"state", "deadline", "due_at"}


def test_no_state_has_two_ways_by_one_move() -> None:
    assert len({(one.state, one.move) for one in TABLE}) == len(TABLE)


def test_every_move_is_in_the_table_and_names_its_article() -> None:
    assert {one.move for one in TABLE} == set(Move)
    assert all(one.article.startswith("第") for one in TABLE)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_left_and_told(state: State) -> None:
    reached = {State.DRAFT}
    while more := {one.next for one in TABLE if one.state in reached} - reached:
        reached |= more

    assert state in reached
    assert moves_from(state)
    assert state.chinese
    assert _SAYS[state]


def test_what_the_table_does_not_have_has_no_step() -> None:
    assert step(State.CLOSED, Move.SIGN) is None


def test_nothing_but_the_move_sets_a_tickets_state_or_deadline() -> None:
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in [one for group in targets for one in _parts(group)]:
                if isinstance(target, ast.Attribute) and target.attr in OWNED:
                    found.append((path.name, ast.unparse(target)))

    of_tickets = {place for place in found if place[1].split(".")[0] in ("ticket", "act")}
    assert of_tickets == {("moving.py", f"ticket.{name}") for name in OWNED}


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple) else [target]
