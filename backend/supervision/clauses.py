"""The six cases of Art. 24, and the levels of supervision 分级督办."""

from __future__ import annotations

from enum import StrEnum

LEVELS = {1: "一般督办", 2: "重点督办", 3: "挂牌督办"}
"""At the first the unit is told, at the second its superior too, at the third the government."""
HIGHEST = max(LEVELS)


class Clause(StrEnum):
    """Why a matter is supervised."""

    UNSIGNED = "24.1"
    SAME_CALLER = "24.2"
    MANY_CALLERS = "24.3"
    REDONE = "24.4"
    HARM = "24.5"
    OTHER = "24.6"

    @property
    def chinese(self) -> str:
        """What the article says."""
        return _CHINESE[self]


_CHINESE = {
    Clause.UNSIGNED: "职责范围内的诉求工单拒不签收",
    Clause.SAME_CALLER: "诉求人多次反映同一诉求事项未解决",
    Clause.MANY_CALLERS: "多个诉求人集中反映同一类诉求事项未解决",
    Clause.REDONE: "多次办理，诉求人对办理结果仍不满意",
    Clause.HARM: "诉求事项办理不力造成负面影响",
    Clause.OTHER: "其他需要督办的情形",
}


class Standing(StrEnum):
    """How far a supervised matter is."""

    OPEN = "open"
    ANSWERED = "answered"
    RELEASED = "released"
