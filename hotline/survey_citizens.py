"""The citizens of a rehearsal of surveys: how each behaves, and what must come of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.statistics import DEFAULT, Counts
from backend.statistics.rates import contact_rate, satisfaction_rate, solution_rate
from backend.surveys.answers import ANSWERS_BY_CODE
from backend.surveys.codes import SurveyResult
from hotline.exchange import Exchange, Turn


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to behave, and the codes of the tries and of the survey that it must lead to."""

    name: str
    of_twenty: int
    turns: tuple[str, ...]
    """Keys, ``h`` to hang up, or words in Chinese; ``3+满意`` presses 3 while saying so."""
    tries: tuple[str, ...]
    result: str
    first: str = ""
    """How the number fails when it is called for the first time."""
    always: str = ""
    """How it fails every time."""


RULES = DEFAULT.versions[0]
UNHAPPY = "暖气还是不热，一直没有人来修"
KINDS = (
    Kind("satisfied by key", 7, ("1", "1", "1", "1"), ("answered",), "contacted/solved/satisfied"),
    Kind(
        "satisfied by voice",
        2,
        ("1", "1", "1", "满意"),
        ("answered",),
        "contacted/solved/satisfied",
    ),
    Kind(
        "basically satisfied", 2, ("1", "1", "2", "2"), ("answered",), "contacted/partly/basically"
    ),
    Kind(
        "not satisfied, with reason",
        3,
        ("1", "2", "3", "3", UNHAPPY, "2"),
        ("answered",),
        "not_contacted/not_solved/not_satisfied",
    ),
    Kind(
        "busy, then answered",
        2,
        ("1", "1", "1", "1"),
        ("busy", "answered"),
        "contacted/solved/satisfied",
        first="busy",
    ),
    Kind("never answered", 1, (), ("no_answer",) * 4, "not_reached", always="no_answer"),
    Kind("wrong person", 1, ("3",), ("wrong_person",), "wrong_person"),
    Kind("hangs up after question 2", 1, ("1", "1", "1", "h"), ("hung_up_3",), "hung_up"),
    Kind(
        "key and words differ",
        1,
        ("1", "1", "1", "3+满意", "3+满意"),
        ("conflict",),
        "conflict",
    ),
)
"""Twenty citizens in all. By hand: V 16, contacted 13, solved 11, satisfied 11, basically 2."""
BY_HAND = {
    "valid": 16 / 20,
    "contact": 13 / 16,
    "solution": 11 / 16,
    "satisfaction": (11 + 0.9 * 2) / 16,
}
"""V as a share of all, and the three rates."""


@dataclass(slots=True)
class Citizen:
    """One of them."""

    number: str
    kind: Kind
    ticket: str = ""
    ready: bool = False
    """Whether they have changed to what they do from the second call on."""


def gather(count: int) -> list[Citizen]:
    """Give so many citizens, in a mixed order; a multiple of 20 keeps the table exact."""
    twenty = [kind for kind in KINDS for _ in range(kind.of_twenty)]
    return [Citizen(f"1390{n:07}", twenty[(n * 7) % len(twenty)]) for n in range(count)]


async def prepare(exchange: Exchange, citizen: Citizen, words: dict[str, Path]) -> None:
    """Say what a citizen's number does when it is called."""
    kind = citizen.kind
    if kind.always or (kind.first and not citizen.ready):
        await exchange.fail(citizen.number, kind.always or kind.first)
    else:
        await exchange.talk(citizen.number, [_turn(one, words) for one in kind.turns])


def _turn(turn: str, words: dict[str, Path]) -> Turn:
    key, plus, said = turn.partition("+")
    if plus:
        return key, words[said]
    return words.get(turn, turn)


def spoken() -> set[str]:
    """Name all that citizens say."""
    turns = {turn.rpartition("+")[2] for kind in KINDS for turn in kind.turns}
    return {turn for turn in turns if not turn.isascii()}


def rates(results: Sequence[str]) -> dict[str, float]:
    """Make V and the three rates from results: three answers each, or the reason without."""
    found = Counter(results)
    counts = Counts(
        {ANSWERS_BY_CODE[one]: n for one, n in found.items() if one in ANSWERS_BY_CODE},
        {SurveyResult(one): n for one, n in found.items() if one not in ANSWERS_BY_CODE},
    )
    if not counts.valid:
        return {"valid": 0}
    return {
        "valid": counts.valid,
        "contact": float(contact_rate(counts)),
        "solution": float(solution_rate(counts, RULES)),
        "satisfaction": float(satisfaction_rate(counts, RULES)),
    }
