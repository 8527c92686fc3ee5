"""The citizens of a rehearsal of surveys: how each behaves, and what must come of it."""

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle
from pathlib import Path

from hotline.exchange import Exchange, Turn


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to behave, and the codes of the tries and of the survey that it must lead to."""

    name: str
    of_group: int
    turns: tuple[str, ...]
    """Keys, ``h`` to hang up, or words in Chinese; ``3+满意`` presses 3 while saying so."""
    tries: tuple[str, ...]
    result: str
    first: str | tuple[str, ...] = ""
    """How the number fails when it is called for the first time, or what is done then."""
    always: str = ""
    """How it fails every time."""


UNHAPPY = "暖气还是不热，一直没有人来修"
MAILBOX = "您拨打的用户暂时无法接听，请留言"
CONTENT = ("1", "1", "1", "1")
SATISFIED = "contacted/solved/satisfied"
UNSATISFIED = "not_contacted/not_solved/not_satisfied"
KINDS = (
    Kind("satisfied by key", 5, CONTENT, ("answered",), SATISFIED),
    Kind("satisfied by voice", 2, ("1", "1", "1", "满意"), ("answered",), SATISFIED),
    Kind(
        "basically satisfied", 2, ("1", "1", "2", "2"), ("answered",), "contacted/partly/basically"
    ),
    Kind(
        "not satisfied, with reason",
        3,
        ("1", "2", "3", "3", UNHAPPY, "2"),
        ("answered",),
        UNSATISFIED,
    ),
    Kind("busy, then answered", 2, CONTENT, ("busy", "answered"), SATISFIED, first="busy"),
    Kind(
        "switched off, then answered",
        1,
        CONTENT,
        ("switched_off", "answered"),
        SATISFIED,
        first="switched_off",
    ),
    Kind(
        "a mailbox, then answered",
        1,
        CONTENT,
        ("machine", "answered"),
        SATISFIED,
        first=(MAILBOX,),
    ),
    Kind(
        "no time, then answered",
        1,
        CONTENT,
        ("postponed", "answered"),
        SATISFIED,
        first=("2", "1"),
    ),
    Kind("never answered", 1, (), ("no_answer",) * 4, "not_reached", always="no_answer"),
    Kind("no such number", 1, (), ("invalid",), "invalid_number", always="invalid"),
    Kind("wrong person", 1, ("3",), ("wrong_person",), "wrong_person"),
    Kind("hangs up after question 2", 1, ("1", "1", "1", "h"), ("hung_up_3",), "hung_up"),
    Kind(
        "key and words differ",
        1,
        ("1", "1", "1", "3+满意", "3+满意"),
        ("conflict",),
        "conflict",
    ),
    Kind("will not rate", 1, ("1", "1", "1", "不评价"), ("refused",), "refused"),
    Kind("wants no more calls", 1, ("8",), ("opted_out",), "opted_out"),
    Kind("says nothing", 1, (), ("unsure",), "unsure"),
)
GROUP = 25
"""So many citizens are one of each kind, and of some kinds more."""
VALID = 17
BY_HAND = {
    "contact": Fraction(14, 17),
    "solution": Fraction(12, 17),
    "satisfaction": (12 + 2 * Fraction(9, 10)) / 17,
    "score": Fraction(1292, 1700),
}
"""Of 25: V 17, contacted 14, solved 12, satisfied 12, basically 2; 0.1 and 0.5 and 0.4 of them."""
LEFT_OUT = {
    "not_reached": 1,
    "invalid_number": 1,
    "wrong_person": 1,
    "hung_up": 1,
    "conflict": 1,
    "refused": 1,
    "opted_out": 1,
    "unsure": 1,
}
"""Of 25: the reasons why the other eight are in no rate."""
UNITS = ("供热公司",) * 6 + ("城管局",) * 3 + ("水务局",)
"""Ten tickets in a row went to these units: some have many, some few."""


@dataclass(slots=True)
class Citizen:
    """One of them."""

    number: str
    kind: Kind
    unit: str
    ticket: str = ""
    ready: bool = False
    """Whether they have changed to what they do from the second call on."""


def gather(count: int) -> list[Citizen]:
    """Give so many citizens, in a mixed order; a multiple of 25 keeps the table exact.

    Their numbers are new ones each time: an exchange keeps what it saw of older ones.
    """
    group = [kind for kind in KINDS for _ in range(kind.of_group)]
    units, nobody_yet = cycle(UNITS), random.randrange(10_000)
    return [
        Citizen(f"139{nobody_yet:04}{n:04}", group[(n * 7) % len(group)], next(units))
        for n in range(count)
    ]


async def prepare(exchange: Exchange, citizen: Citizen, words: dict[str, Path]) -> None:
    """Say what a citizen's number does when it is called."""
    kind, first = citizen.kind, citizen.kind.first if not citizen.ready else ""
    if fails := kind.always or (first if isinstance(first, str) else ""):
        await exchange.fail(citizen.number, fails)
        return
    turns = first if first and not isinstance(first, str) else kind.turns
    await exchange.talk(citizen.number, [_turn(one, words) for one in turns])


def _turn(turn: str, words: dict[str, Path]) -> Turn:
    key, plus, said = turn.partition("+")
    if plus:
        return key, words[said]
    return words.get(turn, turn)


def spoken() -> set[str]:
    """Name all that citizens say."""
    turns = {
        turn.rpartition("+")[2]
        for kind in KINDS
        for turn in (*kind.turns, *(kind.first if isinstance(kind.first, tuple) else ()))
    }
    return {turn for turn in turns if not turn.isascii()}
