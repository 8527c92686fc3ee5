"""The three questions of a callback (回访) and what can be answered; nothing stands for silence."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product


class Contact(StrEnum):
    """First question: did the handling unit contact you? 是否联系."""

    CONTACTED = "contacted"
    NOT_CONTACTED = "not_contacted"


class Solution(StrEnum):
    """Second question: is the matter solved? 是否解决."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


class Satisfaction(StrEnum):
    """Third question: are you satisfied? 是否满意."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    NOT_SATISFIED = "not_satisfied"


@dataclass(frozen=True, slots=True)
class Answers:
    """The three answers of one valid callback; there is no value for an answer not given."""

    contact: Contact
    solution: Solution
    satisfaction: Satisfaction

    @property
    def code(self) -> str:
        """The three answers as one text to group by, as `contacted/solved/basically`."""
        return f"{self.contact}/{self.solution}/{self.satisfaction}"


ALL_ANSWERS = tuple(Answers(*three) for three in product(Contact, Solution, Satisfaction))
ANSWERS_BY_CODE = {answers.code: answers for answers in ALL_ANSWERS}
