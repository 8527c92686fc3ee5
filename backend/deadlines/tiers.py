"""The four tiers of Art. 19(2) and the version of the reading that turns them into times."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

RULE_VERSION = "baoding-2022-11-01/art19/1"
"""Names the reading of Art. 19 and of the civil code in this package; raise it with the reading."""


class Tier(StrEnum):
    """办理时限: the four-level handling model of Art. 19(2), stored on a ticket by its value."""

    TWO_HOURS = "2h"
    ONE_DAY = "24h"
    THREE_DAYS = "3d"
    FIVE_DAYS = "5d"


@dataclass(frozen=True, slots=True)
class Hours:
    """A term by the clock on the wall, day and night (Civil Code Art. 201(2))."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """A term in working days (工作日)."""

    count: int


TERMS: dict[Tier, Hours | Days] = {
    Tier.TWO_HOURS: Hours(timedelta(hours=2)),
    Tier.ONE_DAY: Hours(timedelta(hours=24)),
    Tier.THREE_DAYS: Days(3),
    Tier.FIVE_DAYS: Days(5),
}
