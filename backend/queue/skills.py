"""What agents speak besides Mandarin 技能; each has a queue of its own (queues.conf)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.people import audit
from backend.people import service as people
from backend.queue.models import AgentSkill


class Skill(StrEnum):
    """A dialect or a language."""

    BAODING = "baoding"
    DINGZHOU = "dingzhou"
    LAIYUAN = "laiyuan"
    ENGLISH = "english"

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]

    @property
    def queue(self) -> str:
        """The queue of callers who need it."""
        return f"agents-{self.value}"


_CHINESE = {
    Skill.BAODING: "保定话",
    Skill.DINGZHOU: "定州话",
    Skill.LAIYUAN: "涞源、阜平话",
    Skill.ENGLISH: "英语",
}


async def of_person(session: AsyncSession, person_id: int) -> list[Skill]:
    """Return what a person speaks."""
    query = select(AgentSkill.skill).where(AgentSkill.person_id == person_id)
    held = set(await session.scalars(query))
    return [one for one in Skill if one.value in held]


async def change(
    session: AsyncSession, person_id: int, wanted: Iterable[Skill], *, actor: str, now: dt.datetime
) -> None:
    """Keep what a person speaks; it holds once they sit down or change their state again."""
    await audit.hold(session)
    await people.find(session, person_id)
    before = await of_person(session, person_id)
    after = [one for one in Skill if one in set(wanted)]
    await session.execute(delete(AgentSkill).where(AgentSkill.person_id == person_id))
    session.add_all(AgentSkill(person_id=person_id, skill=one.value) for one in after)
    await audit.record(
        session,
        audit.Act.PERSON_CHANGED,
        actor=actor,
        subject=people.subject_of(person_id),
        at=now,
        changes={"skills": [[one.value for one in before], [one.value for one in after]]},
    )
