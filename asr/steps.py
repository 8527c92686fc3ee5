"""The listening steps the server knows: announced, being heard, and their results until read."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from asr.admission import Admission, Kind
from asr.question import EndedBy, Question, Result, State
from asr.sounds import Script


class KnownAlready(Exception):
    """A step of this id was announced before."""


class Full(Exception):
    """No recogniser is left for one more."""


@dataclass(slots=True)
class Step:
    """One announced step and what came of it."""

    question: Question
    script: Script
    result: Result = field(default_factory=Result)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    connected: bool = False
    admitted: bool = True
    reads: int = 0

    @property
    def kind(self) -> Kind:
        """Tell open dictation from a closed question."""
        return "closed" if self.question.grammar else "open"

    def fail(self, why: str) -> None:
        """End it without words."""
        self.result.state, self.result.ended_by = State.FAILED, EndedBy.FAILED
        self.result.error = why
        self.over.set()


class Steps:
    """Every step by its id. One use each; an announced one that nobody connects to expires."""

    def __init__(self, admission: Admission, announce_seconds: float, keep_seconds: float) -> None:
        self._admission = admission
        self._announce_seconds = announce_seconds
        self._keep_seconds = keep_seconds
        self._steps: dict[UUID, Step] = {}
        self._later: set[asyncio.TimerHandle] = set()

    def announce(self, question: Question, script: Callable[[], Script]) -> Step:
        """Take a step with its slot; raises ``KnownAlready`` or ``Full``."""
        if question.listen_id in self._steps:
            raise KnownAlready(str(question.listen_id))
        kind: Kind = "closed" if question.grammar else "open"
        emergency, survey = (question.priority == one for one in ("emergency", "survey"))
        if not self._admission.admit(kind, emergency=emergency, survey=survey):
            raise Full
        step = Step(question, script())
        self._steps[question.listen_id] = step
        self._after(self._announce_seconds, lambda: self._expire(step))
        return step

    def connect(self, listen_id: UUID) -> Step | None:
        """Give the step a connection is for, once."""
        step = self._steps.get(listen_id)
        if step is None or step.connected or step.result.over:
            return None
        step.connected = True
        return step

    def get(self, listen_id: UUID) -> Step | None:
        """Give a step whose result has not been read and forgotten."""
        return self._steps.get(listen_id)

    def read(self, step: Step) -> None:
        """Note that a finished result was handed out; the second time it is forgotten."""
        if step.result.over:
            step.reads += 1
            if step.reads >= 2:
                self._steps.pop(step.question.listen_id, None)

    def release(self, step: Step) -> None:
        """Give the slot back and keep the result for a while."""
        if step.admitted:
            step.admitted = False
            self._admission.release(step.kind)
        step.over.set()
        step.script.stop()
        gone = step.question.listen_id
        self._after(self._keep_seconds, lambda: self._steps.pop(gone, None))

    def close(self) -> None:
        """Forget every timer."""
        for timer in self._later:
            timer.cancel()

    def _expire(self, step: Step) -> None:
        if not step.connected:
            step.fail("nobody connected in time")
            self.release(step)

    def _after(self, seconds: float, do: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()

        def once() -> None:
            self._later.discard(timer)
            do()

        timer = loop.call_later(seconds, once)
        self._later.add(timer)
