"""What a draft ticket holds, and how sure the machine is of each part."""

from __future__ import annotations

import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

PROPOSAL_GATE = 0.70
"""From here a value is proposed to the agent without a mark."""
SURE_GATE = 0.85
"""From here a value may be acted on without being looked at again."""


class Kind(StrEnum):
    """What the caller wants 诉求类别 (Art. 11)."""

    QUESTION = "咨询"
    HELP = "求助"
    SUGGESTION = "建议"
    COMPLAINT = "投诉"
    REPORT = "举报"
    OTHER = "其他"


class Tier(StrEnum):
    """How fast a unit must deal with it 处置时限 (Art. 19): hours, or working days."""

    TWO_HOURS = "2h"
    DAY = "24h"
    THREE_DAYS = "3d"
    FIVE_DAYS = "5d"


class Alternative(BaseModel):
    """A category that came close, with its probability 0..1."""

    model_config = ConfigDict(frozen=True)

    category: str
    confidence: float


class Mend(BaseModel):
    """A place name heard almost right: the words as heard, the name put in their place, 0..1."""

    model_config = ConfigDict(frozen=True)

    heard: str
    name: str
    score: float


class Fields(BaseModel):
    """The parts of a draft 工单草稿; `confidences` has one entry 0..1 for each part.

    `unsure` names the parts whose confidence is under `PROPOSAL_GATE`: an agent looks at them
    first. `why` says for each part what decided it. `date` is the day `time` means, known only
    when the moment of the call was given. `neighbour` marks a district that is not the city's
    own and is passed on (Art. 9, 16).
    """

    kind: Kind
    acceptable: bool
    reason: str | None = None
    category: str
    district: str | None = None
    neighbour: bool = False
    place: str | None = None
    time: str | None = None
    date: datetime.date | None = None
    contact: str | None = None
    tier: Tier
    unit: str | None = None
    confidences: dict[str, float] = Field(default_factory=dict)
    unsure: list[str] = Field(default_factory=list)
    alternatives: list[Alternative] = Field(default_factory=list)
    mends: list[Mend] = Field(default_factory=list)
    why: dict[str, str] = Field(default_factory=dict)
