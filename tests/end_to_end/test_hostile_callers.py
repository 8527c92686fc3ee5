"""What comes from a caller is hostile: names, numbers, keys."""

import pytest

from tests.end_to_end.running import Hotline

NAMES = {
    "quotes": """O'Brien "); DROP TABLE calls; --""",
    "dialplan": "${SHELL(touch /tmp/owned)}$[1+1]",
    "long": "长" * 100,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_a_hostile_name_changes_nothing(hotline: Hotline, name: str) -> None:
    async with hotline.exchange() as exchange:
        placed = await exchange.place(caller="13800000031", name=name, hangup=4)

    row = await hotline.told(placed)

    assert row["outcome"] == "hung_up"
    assert placed.answered_at is not None
