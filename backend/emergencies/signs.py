"""What in a call told of danger: pure, read from the call's picture."""

from __future__ import annotations

from dataclasses import dataclass

from backend.calls.fold import Picture
from backend.calls.handover import Handover, handover_of
from ivr_flows.emergency import Decision, Verdict, detect

_RANK = {Decision.CERTAIN: 2, Decision.DOUBTFUL: 1, Decision.NONE: 0}
_ASKED = ("danger", "perhaps danger")
"""How the reply of a step begins at which danger was heard."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Danger that was noticed in a call; decision none: by key or agent, not by any word."""

    decision: Decision
    service: str | None
    also: tuple[str, ...]
    cue: str | None
    weakened_by: str | None
    sources: tuple[str, ...]
    """word, key, agent: what made the hotline act; empty when it did not act at all."""
    text: str
    handover: Handover


def noticed(picture: Picture) -> Sign | None:
    """Return what told of danger in a call, or None; the words are judged anew, late ones too."""
    verdict = _strongest(picture)
    asked = [step.reply or "" for _, step in picture.steps if _is_asked(step.reply)]
    if not picture.emergencies and not asked and verdict.decision is Decision.NONE:
        return None
    sources = {one.source for one in picture.emergencies if one.source}
    sources |= {"word"} if asked else set()
    first = picture.emergencies[0] if picture.emergencies else None
    decision, service = verdict.decision, verdict.service
    if "word" in sources and decision is Decision.NONE:
        plain = first is not None and not first.weakened_by
        decision = Decision.CERTAIN if plain else Decision.DOUBTFUL
    if first is not None:
        service = first.service or service
    elif asked and service is None:
        service = asked[0].split()[-1]
    return Sign(
        decision=decision,
        service=service,
        also=tuple(_also(picture, verdict, service)),
        cue=(first.cue if first else None) or verdict.cue,
        weakened_by=(first.weakened_by if first else None) or verdict.weakened_by,
        sources=tuple(sorted(sources)),
        text=picture.said,
        handover=handover_of(picture),
    )


def _strongest(picture: Picture) -> Verdict:
    told = [one.text for one in picture.utterances if one.is_statement and one.text]
    verdicts = [detect(text) for text in told] or [Verdict(Decision.NONE)]
    return max(verdicts, key=lambda verdict: _RANK[verdict.decision])


def _is_asked(reply: str | None) -> bool:
    return reply is not None and reply.startswith(_ASKED)


def _also(picture: Picture, verdict: Verdict, service: str | None) -> list[str]:
    named = [other for one in picture.emergencies for other in one.also]
    if not picture.emergencies:
        named = list(verdict.also)
    return [one for one in dict.fromkeys(named) if one != service]
