"""The supervisor's page of now: who sits at a telephone, who waits, and how soon they are taken."""

import datetime as dt
import uuid

import pytest

from backend.desk.seats import SeatState
from backend.queue.models import QueueWait
from tests.backend.console_pages.at_work import QUICK, SLOW, staffed, waits
from tests.backend.console_pages.danger import SCRIPT
from tests.backend.console_pages.district import District


@pytest.mark.parametrize(
    ("state", "talk", "told"),
    [
        (SeatState.READY, None, "示闲"),
        (SeatState.PAUSED, None, "小休"),
        (SeatState.READY, "rung", "振铃中"),
        (SeatState.READY, "connected", "通话中"),
    ],
)
async def test_each_agent_stands_with_what_they_do(
    district: District, state: SeatState, talk: str | None, told: str
) -> None:
    await staffed(district.console, state, name=f"赵敏{SCRIPT}", talk=talk)

    page = (await district.get("supervisor", "/console/supervisor")).text

    assert f"<td>{told}</td>" in page
    assert "赵敏&lt;script&gt;" in page
    assert SCRIPT not in page


async def test_an_agent_in_a_talk_is_not_counted_as_ready(district: District) -> None:
    await staffed(district.console, SeatState.READY, name="赵敏", talk="connected")
    await staffed(district.console, SeatState.READY, name="孙丽", talk=None)
    await staffed(district.console, SeatState.PAUSED, name="周红", talk=None)

    page = (await district.get("supervisor", "/console/supervisor")).text

    assert "<dd>1 / 1 / 1</dd>" in page


async def test_an_agent_who_has_left_is_not_listed(district: District) -> None:
    await staffed(district.console, SeatState.OFF, name="赵敏", talk=None)

    page = (await district.get("supervisor", "/console/supervisor")).text

    assert "赵敏" not in page
    assert "没有话务员签入" in page


async def test_who_waits_is_listed_masked_with_the_time_waited(district: District) -> None:
    await waits(district.console, 70)

    page = (await district.get("supervisor", "/console/supervisor")).text

    assert "138****5678" in page
    assert '<span class="standing-overdue">1分1' in page
    assert "13812345678" not in page


async def test_the_shares_of_the_last_day_are_shown(district: District) -> None:
    now = dt.datetime.now(dt.UTC)
    async with district.console.app.state.database.transaction() as session:
        for took in (QUICK, QUICK, SLOW, None):
            joined = now - dt.timedelta(hours=2)
            wait = QueueWait(call_id=uuid.uuid4(), joined_at=joined)
            wait.connected_at = joined + took if took else None
            wait.left_at = joined + SLOW
            session.add(wait)

    page = (await district.get("supervisor", "/console/supervisor")).text

    assert "50.0%<span>2/4" in page
    assert "75.0%<span>3/4" in page
