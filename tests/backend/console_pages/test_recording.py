"""The recording on a ticket's page: heard for a reason that is kept, by those who may."""

import re

import pytest
from sqlalchemy import select

from backend.people.audit import AuditEntry
from tests.backend.console.desk import Console
from tests.backend.console_pages.danger import SCRIPT
from tests.backend.console_pages.district import District
from tests.backend.console_pages.heard import recorded

WHY = "核对诉求人说的地址"


async def looks(console: Console) -> list[AuditEntry]:
    async with console.app.state.database.transaction(writes=False) as session:
        query = select(AuditEntry).where(AuditEntry.act == "heard_recording")
        return list(await session.scalars(query))


@pytest.mark.parametrize("who", ["supervisor", "bureau"])
async def test_a_player_is_shown_and_the_look_is_recorded(district: District, who: str) -> None:
    number = await district.signed()
    await recorded(district.console, number)
    page = f"/console/unit/tickets/{number}"

    shown = (await district.get(who, page)).text
    player = await district.send(who, f"{page}/recording", reason=WHY)
    address = re.search(r'<audio [^>]*src="([^"]+)"', player.text)

    assert f"{page}/recording" in shown
    assert player.status_code == 200, player.text
    assert address
    sound = await (await district.who(who)).http.get(address[1])
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")
    assert [one.reason for one in await looks(district.console)] == [WHY]
    assert "media-src 'self'" in player.headers["content-security-policy"]


@pytest.mark.parametrize("reason", ["", "听", "x" * 501])
async def test_no_reason_no_sound(district: District, reason: str) -> None:
    number = await district.signed()
    await recorded(district.console, number)

    path = f"/console/unit/tickets/{number}/recording"
    answer = await district.send("supervisor", path, reason=reason)

    assert answer.status_code == 422
    assert "<audio" not in answer.text
    assert await looks(district.console) == []


async def test_a_call_without_sound_is_told_so_and_a_stored_script_is_text(
    district: District,
) -> None:
    number = await district.dispatched(f"莲池区裕华路噪声{SCRIPT}")

    path = f"/console/unit/tickets/{number}"
    answer = await district.send("supervisor", f"{path}/recording", reason=WHY)
    page = (await district.get("supervisor", path)).text

    assert (answer.status_code, "没有这段录音" in answer.text) == (404, True)
    assert SCRIPT not in page


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("street", 404)])
async def test_others_hear_nothing(district: District, who: str, status: int) -> None:
    number = await district.signed()
    await recorded(district.console, number)

    path = f"/console/unit/tickets/{number}/recording"
    answer = await district.send(who, path, reason=WHY)

    assert answer.status_code == status
    assert await looks(district.console) == []
