"""Calls of people in danger, told to the console of a test."""

from sqlalchemy import select

from backend.emergencies.models import EmergencyNotice, EmergencyTask
from tests.backend.console.desk import Console
from tests.backend.story import Story

SCRIPT = "<script>alert(1)</script>"
CALLER = "13812345678"


async def in_danger(console: Console, *, reached: bool = True) -> str:
    """Tell of a caller whose house burns; somebody is hurt, too. Return the call's id."""
    story = Story(CALLER)
    story.opened()
    story.heard(f"莲池区裕华路着火了，有人受伤{SCRIPT}")
    attempts = [{"number": "119", "result": "busy"}]
    if reached:
        attempts.append({"number": "03121190099", "result": "answered"})
    story.emergency(also=["120"], attempts=attempts)
    story.closed("transferred_emergency" if reached else "hung_up")
    answer = await console.api.post("/api/journal", json={"entries": story.entries})
    assert answer.status_code == 200, answer.text
    return story.call_id


async def notice_of(console: Console) -> EmergencyNotice:
    """Return the only notice."""
    async with console.app.state.database.transaction(writes=False) as session:
        found: EmergencyNotice = (await session.scalars(select(EmergencyNotice))).one()
    return found


async def task_of(console: Console) -> EmergencyTask:
    """Return the only task."""
    async with console.app.state.database.transaction(writes=False) as session:
        found: EmergencyTask = (await session.scalars(select(EmergencyTask))).one()
    return found
