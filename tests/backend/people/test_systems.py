from typing import Any

import pytest
from sqlalchemy import text

from backend.people import audit
from backend.people.models import ApiToken
from backend.people.rights import TOKEN_RIGHTS
from backend.people.roles import Role
from tests.backend.people.office import Office

BRIDGE = {"name": "市数据局", "scopes": ["see_units"], "days": 30}


async def test_a_token_opens_what_its_scopes_say_and_is_shown_once(office: Office) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        made = (await administrator.post("/api/tokens", json=BRIDGE)).json()
        listed = (await administrator.get("/api/tokens")).text

    async with office.client(made["token"]) as system:
        assert (await system.get("/api/units")).status_code == 200
        assert (await system.get("/api/people")).status_code == 403
        assert (await system.get("/api/people/me")).status_code == 403
    async with office.database.transaction(writes=False) as session:
        kept = await session.get_one(ApiToken, made["about"]["id"])
    assert made["token"] not in listed
    assert made["token"] not in kept.digest
    assert kept.used_at == office.now


async def test_a_token_ends_by_its_date_and_at_once_when_revoked(office: Office) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        revoked, dated = [
            (await administrator.post("/api/tokens", json=BRIDGE)).json() for _ in range(2)
        ]
        number = revoked["about"]["id"]
        first = await administrator.delete(f"/api/tokens/{number}")
        second = await administrator.delete(f"/api/tokens/{number}")
        absent = await administrator.delete("/api/tokens/99")

    assert [first.status_code, second.status_code, absent.status_code] == [204, 409, 404]
    async with office.client(revoked["token"]) as system:
        assert (await system.get("/api/units")).status_code == 401
    async with office.client(dated["token"]) as system:
        office.pass_time(30 * 86400 - 1)
        assert (await system.get("/api/units")).status_code == 200
        office.pass_time(1)
        assert (await system.get("/api/units")).status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["keep_people"]}, "scopes"),
        ({"scopes": ["look_at_numbers"]}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"name": ""}, "name"),
        ({"unit_id": 99}, "unit_id"),
    ],
    ids=str,
)
async def test_a_token_asked_for_wrongly_is_not_made(
    office: Office, change: dict[str, Any], field: str
) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        answer = await administrator.post("/api/tokens", json=BRIDGE | change)
        listed = (await administrator.get("/api/tokens")).json()

    assert answer.json()["field"] == field
    assert answer.json()["remedy"]
    assert listed == []


def test_there_is_something_to_give_to_other_systems() -> None:
    assert {"see_tickets", "ask_progress", "see_statistics"} <= TOKEN_RIGHTS


async def test_the_record_tells_who_did_what_when_newest_first(office: Office) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        await administrator.post("/api/tokens", json=BRIDGE)
        own = (await administrator.get("/api/people/me")).json()["person"]["id"]
    async with await office.as_role(Role.AUDITOR) as auditor:
        page = (await auditor.get("/api/audit-entries", params={"actor": f"person:{own}"})).json()
        whole = (await auditor.get("/api/audit-entries/check")).json()
        first = (await auditor.get("/api/audit-entries", params={"limit": 2})).json()
        rest = await auditor.get("/api/audit-entries", params={"cursor": first["next_cursor"]})

    assert [entry["act"] for entry in page["items"]] == ["token_made", "signed_in"]
    assert page["items"][0]["data"] == {"scopes": ["see_units"], "days": 30}
    assert whole == {"whole": True, "fault": None}
    seqs = [entry["seq"] for entry in first["items"] + rest.json()["items"]]
    assert seqs == list(range(len(seqs), 0, -1))


async def test_the_record_holds_no_password_no_token_and_no_name(office: Office) -> None:
    async with await office.as_role(Role.ADMINISTRATOR) as administrator:
        token = (await administrator.post("/api/tokens", json=BRIDGE)).json()["token"]
        new = {"login": "li.na", "name": "李娜", "roles": ["agent"]}
        password = (await administrator.post("/api/people", json=new)).json()["password"]
        rename = {"version": 1, "name": "李纳"}
        await administrator.patch("/api/people/2", json=rename)
    for _ in range(3):
        await office.try_sign_in("my-secret-typed-as-login", "wrong")

    async with await office.as_role(Role.AUDITOR) as auditor:
        said = (await auditor.get("/api/audit-entries", params={"limit": 200})).text

    for secret in (token, password, "李娜", "李纳", "my-secret-typed-as-login"):
        assert secret not in said
    assert '"locked"' in said


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE audit_entries SET actor = 'person:9' WHERE seq = 2", "event 2 was changed"),
        ("DELETE FROM audit_entries WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM audit_entries WHERE seq = 3", "the end is missing"),
    ],
)
async def test_a_record_changed_behind_our_back_is_found_and_the_place_is_named(
    office: Office, harm: str, says: str
) -> None:
    for login in ("first", "second", "third"):
        await office.person(login, Role.AGENT)
    sqlite = office.database.engine.dialect.name == "sqlite"
    off = (
        ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"]
        if sqlite
        else ["ALTER TABLE audit_entries DISABLE TRIGGER ALL"]
    )

    async with office.database.transaction() as session:
        for statement in [*off, harm]:
            await session.execute(text(statement))
    async with office.database.transaction(writes=False) as session:
        fault = await audit.fault(session)

    assert fault is not None
    assert says in fault


@pytest.mark.parametrize(
    "harm", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"]
)
async def test_the_database_itself_refuses_to_change_the_record(office: Office, harm: str) -> None:
    await office.person("first", Role.AGENT)

    with pytest.raises(Exception, match="only ever added"):
        async with office.database.transaction() as session:
            await session.execute(text(harm))
