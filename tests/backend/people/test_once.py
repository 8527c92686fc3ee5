"""What is sent twice under one key is made once; what was changed meanwhile is not overwritten."""

import asyncio
from typing import Any

import pytest

from backend.notices import endpoints as notices
from backend.people.roles import Role
from backend.units.levels import Level
from tests.backend.people.office import Office

KEY = {"Idempotency-Key": "6c0b1a52-make-it-once"}
MADE: dict[str, dict[str, Any]] = {
    "/api/people": {"login": "wang", "name": "王小明", "roles": ["agent"]},
    "/api/units": {"name": "保定市", "level": "city"},
    "/api/tokens": {"name": "市数据局", "scopes": ["see_units"], "days": 1},
    "/api/webhooks": {"name": "省平台", "url": "https://platform.example/events"},
}


@pytest.mark.parametrize("path", MADE)
async def test_a_repetition_gets_the_first_answer_and_makes_nothing(
    office: Office, path: str
) -> None:
    office.app.include_router(notices.router)
    async with await office.as_role(Role.ADMINISTRATOR) as keeper:
        before = count(await keeper.get(path))

        first, again = await asyncio.gather(
            *(keeper.post(path, json=MADE[path], headers=KEY) for _ in range(2))
        )
        after = count(await keeper.get(path))
        other = await keeper.post(path, json={**MADE[path], "name": "别的"}, headers=KEY)

    assert [first.status_code, again.status_code] == [201, 201]
    assert first.json() == again.json()
    assert after == before + 1
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")


async def test_a_password_that_was_sent_is_not_part_of_what_is_kept_of_a_request(
    office: Office,
) -> None:
    sent = MADE["/api/people"]
    async with await office.as_role(Role.ADMINISTRATOR) as keeper:
        bodies = ({**sent, "password": f"a long password {n}"} for n in range(2))
        first, again = [await keeper.post("/api/people", json=x, headers=KEY) for x in bodies]

    assert first.json() == again.json()


async def test_of_two_who_read_the_same_version_the_second_is_refused(office: Office) -> None:
    unit = await office.unit("保定市", Level.CITY)
    person = await office.person("wang", Role.AGENT)
    async with await office.as_role(Role.ADMINISTRATOR) as keeper:
        for path in (f"/api/units/{unit}", f"/api/people/{person}"):
            sent = {"name": "新名", "version": (await keeper.get(path)).json()["version"]}
            answers = await asyncio.gather(*(keeper.patch(path, json=sent) for _ in range(2)))

            assert sorted(one.status_code for one in answers) == [200, 409]
            refused = next(one.json() for one in answers if one.status_code == 409)
            assert (refused["error"], refused["field"]) == ("changed_meanwhile", "version")


def count(answer: Any) -> int:
    found = answer.json()
    return len(found["items"] if isinstance(found, dict) else found)
