"""What one survey call came to: pure, from what its journal tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.calls.entries import Outcome
from backend.calls.fold import Picture
from backend.deadlines.moments import SHANGHAI, in_shanghai
from backend.surveys.answers import Answers, Contact, Satisfaction, Solution
from backend.surveys.codes import TryResult

QUESTIONS = ("contact", "solution", "satisfaction")
_HUNG_UP = (TryResult.HUNG_UP_1, TryResult.HUNG_UP_2, TryResult.HUNG_UP_3)
_BROKEN = frozenset({None, Outcome.BROKEN, Outcome.RECOVERED})
_AT_ONCE = {
    "wrong_person": TryResult.WRONG_PERSON,
    "refused": TryResult.REFUSED,
    "machine": TryResult.MACHINE,
}
STOPPED, REASON = "stopped", "reason"
"""Steps of the flow: the stop list, and why the citizen is not satisfied."""
TOMORROW = {"morning": dt.time(9), "afternoon": dt.time(14, 30), "evening": dt.time(18, 30)}
"""What a citizen can name who has no time now."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a try came to; `said` holds each answer that was given, and how."""

    result: TryResult
    said: Mapping[str, Any] = field(default_factory=dict)
    answers: Answers | None = None
    wished_for: dt.datetime | None = None
    reason: str = ""
    reason_sound: str | None = None
    reason_pending: bool = False
    reopen: bool = False
    stop: bool = False


def read(picture: Picture, at: dt.datetime) -> Told:
    """Read a call that ended `at` this moment, or was lost.

    Three clear answers are an answer however the call ended; without them it is told how far the
    citizen got, and nothing is added to what they said.
    """
    said = _said(picture)
    stop = STOPPED in _steps(picture)
    answers = _answers(said)
    why = [one for one in picture.utterances if one.step == REASON]
    return Told(
        result=TryResult.ANSWERED if answers else _without_answers(picture, said, stop=stop),
        said=said,
        answers=answers,
        wished_for=_wish(said, at),
        reason="".join(one.text for one in why),
        reason_sound=next((one.sound for one in why if one.sound), None),
        reason_pending=any(one.pending for one in why),
        reopen=_given(said, "reopen") == "yes",
        stop=stop,
    )


def dissatisfied(answers: Answers) -> bool:
    """Whether a citizen is owed more (Art. 26): not solved, or not satisfied."""
    return (
        answers.solution is Solution.NOT_SOLVED
        or answers.satisfaction is Satisfaction.NOT_SATISFIED
    )


def _said(picture: Picture) -> dict[str, Any]:
    """Return the latest answer to each question: a correction replaces what it corrects."""
    said: dict[str, Any] = {}
    for _, step in picture.steps:
        extra = step.model_extra or {}
        if extra.get("question") and extra.get("answer"):
            said[str(extra["question"])] = {"answer": str(extra["answer"]), "by": extra.get("by")}
    return said


def _given(said: Mapping[str, Any], question: str) -> str | None:
    return said[question]["answer"] if question in said else None


def _answers(said: Mapping[str, Any]) -> Answers | None:
    try:
        return Answers(
            Contact(_given(said, "contact") or ""),
            Solution(_given(said, "solution") or ""),
            Satisfaction(_given(said, "satisfaction") or ""),
        )
    except ValueError:
        return None


def _without_answers(picture: Picture, said: Mapping[str, Any], *, stop: bool) -> TryResult:
    given = {one["answer"] for one in said.values()}
    if stop:
        return TryResult.OPTED_OUT
    for answer, result in _AT_ONCE.items():
        if answer in given:
            return result
    if _given(said, "way") == "later" or _given(said, "person") == "later":
        return TryResult.POSTPONED
    if picture.outcome is Outcome.HUNG_UP:
        return _hung_up(said)
    if picture.outcome in _BROKEN:
        return TryResult.LOST
    replies = [step.reply for _, step in picture.steps]
    return TryResult.CONFLICT if "conflict" in replies[-3:] else TryResult.UNSURE


def _hung_up(said: Mapping[str, Any]) -> TryResult:
    """Name the question at which the citizen left."""
    if _given(said, "way") != "ready":
        return TryResult.HUNG_UP_GREETING
    values: tuple[set[str], ...] = (set(Contact), set(Solution), set(Satisfaction))
    for result, question, known in zip(_HUNG_UP, QUESTIONS, values, strict=True):
        if _given(said, question) not in known:
            return result
    return TryResult.HUNG_UP_3


def _wish(said: Mapping[str, Any], at: dt.datetime) -> dt.datetime | None:
    """Return the time of tomorrow that the citizen named."""
    clock = TOMORROW.get(_given(said, "later") or "")
    if clock is None:
        return None
    tomorrow = in_shanghai(at).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, clock, SHANGHAI)


def _steps(picture: Picture) -> set[str]:
    return {step.step for _, step in picture.steps} | set(picture.path)
