import asyncio
from typing import Any

import pytest

from backend.people.roles import Role
from backend.units.levels import Level
from tests.backend.people.office import PASSWORD, Office

NEW = {"login": "li.na", "name": "李娜", "roles": ["agent"]}


async def test_a_person_is_added_with_a_password_shown_once_that_must_be_changed(
    office: Office,
) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        added = (await administrator.post("/api/people", json=NEW)).json()
        listed = (await administrator.get("/api/people")).json()["items"]

    first = added["password"]
    assert first not in str(listed)
    signed_in = (await office.try_sign_in("li.na", first)).json()
    assert signed_in["must_change"]
    async with office.client(signed_in["token"]) as browser:
        refused = await browser.get("/api/units")
        change = {"old": first, "new": "now I choose my own"}
        changed = await browser.put("/api/people/me/password", json=change)
        allowed = await browser.get("/api/units")

    assert refused.status_code == 403
    assert refused.json()["error"] == "password_must_change"
    assert changed.json() == {"ended": 0}
    assert allowed.status_code == 200


async def test_a_new_password_ends_the_other_sessions_and_the_old_one_is_dead(
    office: Office,
) -> None:
    await office.person("li.na", Role.AGENT)
    async with await office.as_person("li.na") as here, await office.as_person("li.na") as there:
        body = {"old": PASSWORD, "new": "another long password"}
        ended = await here.put("/api/people/me/password", json=body)

        assert ended.json() == {"ended": 1}
        assert (await there.get("/api/people/me")).status_code == 401
        assert (await here.get("/api/people/me")).status_code == 200
    assert (await office.try_sign_in("li.na")).status_code == 401


async def test_the_old_password_cannot_be_guessed_in_an_open_session(office: Office) -> None:
    await office.person("li.na", Role.AGENT)
    async with await office.as_person("li.na") as browser:
        answers = [
            await browser.put(
                "/api/people/me/password", json={"old": f"guess {n}", "new": "a fine new password"}
            )
            for n in range(4)
        ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert answers[0].json()["field"] == "old"


async def test_an_administrator_gives_a_new_password_which_unlocks_and_ends_sessions(
    office: Office,
) -> None:
    person = await office.person("li.na", Role.AGENT)
    async with (
        await office.as_role(Role.ADMINISTRATOR) as administrator,
        await office.as_person("li.na") as browser,
    ):
        for _ in range(3):
            await office.try_sign_in("li.na", "wrong")
        given = (await administrator.post(f"/api/people/{person}/password")).json()

        assert (await browser.get("/api/people/me")).status_code == 401
    again = await office.try_sign_in("li.na", given["password"])
    assert again.status_code == 201
    assert again.json()["must_change"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"login": "x"}, "login"),
        ({"login": "li na"}, "login"),
        ({"login": "李娜"}, "login"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles.0"),
        ({"roles": ["agent", "unit_lead"]}, "roles"),
        ({"roles": ["auditor", "administrator"]}, "roles"),
        ({"roles": ["unit_handler"]}, "unit_id"),
        ({"unit_id": 99}, "unit_id"),
        ({"unit_id": 2**70}, "unit_id"),
        ({"password": "short"}, "password"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password"),
        ({"password": "my name is li.na!"}, "password"),
        ({"login": "taken"}, "login"),
    ],
    ids=str,
)
async def test_bad_input_names_the_field_and_the_remedy_and_writes_nothing(
    office: Office, change: dict[str, Any], field: str
) -> None:
    await office.person("taken", Role.AGENT)
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        before = (await administrator.get("/api/people")).json()
        answer = await administrator.post("/api/people", json=NEW | change)
        after = (await administrator.get("/api/people")).json()

    assert answer.status_code in (404, 409, 422)
    assert answer.json()["field"] == field
    assert answer.json()["remedy"]
    assert before == after


async def test_of_two_changes_read_at_the_same_version_only_one_is_taken(office: Office) -> None:
    person = await office.person("li.na", Role.AGENT)
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        both = [
            administrator.patch(f"/api/people/{person}", json={"version": 1, "name": name})
            for name in ("李娜", "李纳")
        ]
        answers = await asyncio.gather(*both)
        now = (await administrator.get(f"/api/people/{person}")).json()

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = next(answer.json() for answer in answers if answer.status_code == 409)
    assert late["field"] == "version"
    assert "version 2" in late["message"]
    assert now["version"] == 2


async def test_nobody_changes_their_own_rights(office: Office) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        own = (await administrator.get("/api/people/me")).json()["person"]["id"]
        for change in ({"roles": ["agent"]}, {"active": False}, {"unit_id": None}):
            answer = await administrator.patch(f"/api/people/{own}", json={"version": 1, **change})

            assert answer.status_code == 409
            assert answer.json()["error"] == "own_rights"


async def test_two_administrators_cannot_remove_each_other_at_the_same_moment(
    office: Office,
) -> None:
    ids = [await office.person(login, Role.ADMINISTRATOR) for login in ("first", "second")]
    async with await office.as_person("first") as first, await office.as_person("second") as second:
        answers = await asyncio.gather(
            first.patch(f"/api/people/{ids[1]}", json={"version": 1, "active": False}),
            second.patch(f"/api/people/{ids[0]}", json={"version": 1, "roles": ["agent"]}),
        )

    # The one who comes second is no administrator any more, or would be the last to go.
    done, refused = sorted(answer.status_code for answer in answers)
    assert done == 200
    assert refused in (401, 403, 409)


async def test_a_lead_sees_the_people_of_the_own_branch_only(office: Office) -> None:
    city = await office.unit("保定市", Level.CITY)
    county = await office.unit("莲池区政府", Level.COUNTY, city, district="莲池区")
    street = await office.unit("联盟街道", Level.TOWNSHIP, county)
    other = await office.unit("竞秀区政府", Level.COUNTY, city, district="竞秀区")
    await office.person("of.street", Role.UNIT_HANDLER, unit_id=street)
    stranger = await office.person("of.other", Role.UNIT_HANDLER, unit_id=other)

    async with await office.as_role(Role.UNIT_LEAD, county) as lead:
        seen = (await lead.get("/api/people")).json()["items"]
        hidden = await lead.get(f"/api/people/{stranger}")

    assert {one["unit_id"] for one in seen} == {county, street}
    assert hidden.status_code == 404


async def test_pages_follow_one_another_and_hold_everybody_once(office: Office) -> None:
    for number in range(7):
        await office.person(f"agent{number}", Role.AGENT)
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = (await administrator.get("/api/people", params={"limit": 3, **more})).json()
            seen += [one["login"] for one in page["items"]]
            cursor = page["next_cursor"]
        strange = await administrator.get("/api/people", params={"cursor": "dTovMS8"})

    assert len(seen) == len(set(seen)) == 8
    assert strange.status_code == 422
    assert strange.json()["field"] == "cursor"
