"""A call as it is shown: its picture, its ticket, its times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from backend.calls.entries import Emergency
from backend.calls.fold import Picture, Utterance
from backend.calls.models import Call
from backend.intake.mending import mend
from backend.people.callers import hush, number_shown
from backend.reception.schemas import (
    AttemptView,
    CallView,
    EmergencyView,
    RecordingView,
    Times,
    UtteranceView,
)
from backend.tickets.schemas import TicketView


def call_view(
    call: Call, picture: Picture, ticket: TicketView | None, *, numbers: bool, confidential: bool
) -> CallView:
    """Show a call; without the right to `numbers` none stands in it, spoken ones too."""
    said: Callable[[str], str] = str if numbers else hush
    opened = picture.opened
    caller = opened.caller if opened else None
    return CallView(
        call_id=call.id,
        caller=caller if numbers else number_shown(caller, confidential=confidential),
        called=call.called,
        sip_call_id=call.sip_call_id,
        flow=call.flow,
        outcome=call.outcome,
        path=picture.path,
        steps=[
            {
                "at": at.isoformat(),
                "step": step.step,
                "reply": said(step.reply) if step.reply else step.reply,
            }
            for at, step in picture.steps
        ],
        transcript=said(mend(picture.said).text),
        heard=said(picture.said),
        pending=picture.pending,
        needs_call_back=picture.needs_call_back,
        utterances=[_utterance(one, said) for one in picture.utterances],
        emergency=_emergency(picture.emergencies[-1]) if picture.emergencies else None,
        recordings=[
            RecordingView(file=one.file, sha256=one.sha256, bytes=one.bytes, seconds=one.seconds)
            for one in picture.recordings
        ],
        times=_times(picture, ticket),
        ticket=ticket,
    )


def _utterance(one: Utterance, said: Callable[[str], str]) -> UtteranceView:
    return UtteranceView(
        step=one.step,
        listen_id=one.key,
        at=one.at,
        text=said(one.text) if one.text else one.text,
        confidence=one.confidence,
        engine=one.engine,
        ended_by=one.ended_by,
        sound=one.sound,
        pending=one.pending,
        late=one.late,
        error=one.error,
        statement=one.is_statement,
        times=one.times,
    )


def _emergency(one: Emergency) -> EmergencyView:
    dialled = [attempt.dialled_at for attempt in one.attempts if attempt.dialled_at]
    return EmergencyView(
        service=one.service,
        also=one.also,
        cue=one.cue,
        weakened_by=one.weakened_by,
        source=one.source,
        decided_at=_epoch(one.decided_at),
        dialled_at=_epoch(min(dialled, default=None)),
        answered_at=_epoch(one.answered_at),
        attempts=[
            AttemptView(
                number=attempt.number,
                dialled_at=attempt.dialled_at,
                ended_at=attempt.ended_at,
                result=attempt.result,
            )
            for attempt in one.attempts
        ],
    )


def _times(picture: Picture, ticket: TicketView | None) -> Times:
    """Take the caller's matter for the times of speech: the first statement that has words."""
    told = [one for one in picture.utterances if one.is_statement and one.text]
    matter = told[0] if told else None
    sounds = [one.first_sound_at for one in picture.utterances if one.first_sound_at]
    return Times(
        opened=_epoch(picture.opened_at),
        answered=_epoch(picture.answered_at),
        first_sound=_epoch(min(sounds, default=None)),
        speech_end=_epoch(matter.speech_end_at if matter else None),
        final_text=_epoch(matter.final_text_at if matter else None),
        ticket=_epoch(ticket.created_at if ticket else None),
        ended=_epoch(picture.ended_at),
    )


def _epoch(moment: dt.datetime | None) -> float | None:
    return round(moment.timestamp(), 4) if moment else None
