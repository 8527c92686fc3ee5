"""What a callback (回访) can end in: result codes of a try and of a survey, and their meaning.

Art. 25: the callback is made and its result recorded truthfully (如实记录). So nothing here stands
for an answer nobody gave: a survey is valid when one try brought a clear answer to all three
questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class After(StrEnum):
    """What follows a try."""

    DONE = "done"
    AGAIN = "again"
    PERSON = "person"
    """An agent calls: the machine cannot settle it."""
    LINK = "link"
    """The one-use web link, by text message."""
    NOTHING = "nothing"
    """The citizen has said that they want no more of it."""


class TryResult(StrEnum):
    """How one try ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    SWITCHED_OFF = "switched_off"
    INVALID = "invalid"
    MACHINE = "machine"
    CONGESTED = "congested"
    LOST = "lost"
    POSTPONED = "postponed"
    WRONG_PERSON = "wrong_person"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    HUNG_UP_GREETING = "hung_up_0"
    HUNG_UP_1 = "hung_up_1"
    HUNG_UP_2 = "hung_up_2"
    HUNG_UP_3 = "hung_up_3"
    UNSURE = "unsure"
    CONFLICT = "conflict"


class SurveyResult(StrEnum):
    """How a survey stands: valid, or the one reason why it is not counted."""

    VALID = "valid"
    PENDING = "pending"
    NOT_REACHED = "not_reached"
    INVALID_NUMBER = "invalid_number"
    WRONG_PERSON = "wrong_person"
    REFUSED = "refused"
    OPTED_OUT = "opted_out"
    HUNG_UP = "hung_up"
    UNSURE = "unsure"
    CONFLICT = "conflict"
    NO_NUMBER = "no_number"
    VOIDED = "voided"
    TOLERATED = "tolerated"

    @property
    def chinese(self) -> str:
        """The word for it in reports."""
        return _CHINESE[self]


_CHINESE = {
    SurveyResult.VALID: "有效回访",
    SurveyResult.PENDING: "回访中",
    SurveyResult.NOT_REACHED: "未能接通",
    SurveyResult.INVALID_NUMBER: "号码无效",
    SurveyResult.WRONG_PERSON: "非诉求人本人",
    SurveyResult.REFUSED: "拒绝评价",
    SurveyResult.OPTED_OUT: "不愿再接回访",
    SurveyResult.HUNG_UP: "中途挂断",
    SurveyResult.UNSURE: "未能听清",
    SurveyResult.CONFLICT: "按键与口述不一致",
    SurveyResult.NO_NUMBER: "无联系号码",
    SurveyResult.VOIDED: "经复核不计",
    SurveyResult.TOLERATED: "容错不计",
}

EXCLUSIONS = tuple(result for result in SurveyResult if result is not SurveyResult.VALID)
"""Every reason why a closed ticket is not among the valid callbacks."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a try's result means.

    survey   what the survey ends in when no later try brings more
    after    what follows; only AGAIN allows the machine another try
    reached  somebody picked up and heard us
    counts   the telephone may have rung: it is one of the permitted tries and the number must rest
    """

    chinese: str
    survey: SurveyResult
    after: After
    reached: bool
    counts: bool = True


_S, _A = SurveyResult, After
MEANINGS: dict[TryResult, Meaning] = {
    TryResult.ANSWERED: Meaning("已评价", _S.VALID, _A.DONE, reached=True),
    TryResult.BUSY: Meaning("忙线", _S.NOT_REACHED, _A.AGAIN, reached=False),
    TryResult.NO_ANSWER: Meaning("无人接听", _S.NOT_REACHED, _A.AGAIN, reached=False),
    TryResult.SWITCHED_OFF: Meaning("关机", _S.NOT_REACHED, _A.AGAIN, reached=False),
    TryResult.INVALID: Meaning("空号", _S.INVALID_NUMBER, _A.PERSON, reached=False),
    TryResult.MACHINE: Meaning("语音信箱", _S.NOT_REACHED, _A.AGAIN, reached=False),
    TryResult.CONGESTED: Meaning("线路拥塞", _S.NOT_REACHED, _A.AGAIN, reached=False, counts=False),
    TryResult.LOST: Meaning("通话中断原因不明", _S.NOT_REACHED, _A.AGAIN, reached=False),
    TryResult.POSTPONED: Meaning("约定改时", _S.NOT_REACHED, _A.AGAIN, reached=True),
    TryResult.WRONG_PERSON: Meaning("非本人", _S.WRONG_PERSON, _A.PERSON, reached=True),
    TryResult.REFUSED: Meaning("拒绝评价", _S.REFUSED, _A.NOTHING, reached=True),
    TryResult.OPTED_OUT: Meaning("要求不再回访", _S.OPTED_OUT, _A.NOTHING, reached=True),
    TryResult.HUNG_UP_GREETING: Meaning("开场挂断", _S.HUNG_UP, _A.AGAIN, reached=True),
    TryResult.HUNG_UP_1: Meaning("第一问挂断", _S.HUNG_UP, _A.AGAIN, reached=True),
    TryResult.HUNG_UP_2: Meaning("第二问挂断", _S.HUNG_UP, _A.LINK, reached=True),
    TryResult.HUNG_UP_3: Meaning("第三问挂断", _S.HUNG_UP, _A.LINK, reached=True),
    TryResult.UNSURE: Meaning("未能听清", _S.UNSURE, _A.PERSON, reached=True),
    TryResult.CONFLICT: Meaning("按键与口述不一致", _S.CONFLICT, _A.PERSON, reached=True),
}


def conclude(results: Sequence[TryResult]) -> SurveyResult:
    """What a survey ends in after these tries, oldest first, when there will be no further one.

    The last try that reached somebody says it, else the last one made; none made: not reached.
    """
    meanings = [MEANINGS[result] for result in results]
    if any(meaning.survey is SurveyResult.VALID for meaning in meanings):
        return SurveyResult.VALID
    told = [meaning for meaning in meanings if meaning.reached] or meanings
    return told[-1].survey if told else SurveyResult.NOT_REACHED
