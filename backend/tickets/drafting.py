"""From a caller's words to the fields of a ticket, whatever the words do to the machine."""

from __future__ import annotations

import asyncio
import datetime as dt

from backend import intake
from backend.intake.fields import Fields, Kind, Tier
from backend.intake.mending import mend
from backend.intake.normalise import simplified
from backend.logs import log

PARTS = ("kind", "acceptable", "category", "district", "place", "time", "contact", "tier", "unit")
NOTHING = "没有可用的文字，等待工作人员听录音"


async def draft(text: str, caller: str | None, at: dt.datetime | None) -> Fields:
    """Return the fields of the words; if the machine fails on them, fields that a person fills.

    The words come from a recogniser: what was heard almost right is put right by its sound first.
    """
    if not text.strip():
        return blank(NOTHING)
    try:
        return await asyncio.to_thread(_read, text, caller, at)
    except Exception as error:
        log.exception("the words could not be read", error=type(error).__name__)
        return blank("机器未能识别，等待工作人员填写")


def _read(text: str, caller: str | None, at: dt.datetime | None) -> Fields:
    return intake.draft(mend(simplified(text)).text, caller=caller, at=at)


def blank(why: str) -> Fields:
    """Return fields in which nothing is known and everything is marked unsure."""
    return Fields(
        kind=Kind.OTHER,
        acceptable=True,
        category="其他",
        tier=Tier.FIVE_DAYS,
        confidences=dict.fromkeys(PARTS, 0.0),
        unsure=list(PARTS),
        why={"kind": why},
    )
