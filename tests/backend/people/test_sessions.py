import asyncio

import pytest
from argon2 import PasswordHasher

from backend.people.lockout import of_login
from backend.people.models import FailedSignIns, Person, SignIn
from backend.people.passwords import Hasher
from backend.people.roles import Role
from tests.backend.people.office import CHEAP, PASSWORD, Office, open_office
from tests.grounds import Ground

SOMEBODY = "li.na"


class CountingHasher:
    """Argon2 with small costs that counts how often a password was checked."""

    def __init__(self) -> None:
        self.real = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.checks: list[str] = []

    def hash(self, password: str) -> str:
        return self.real.hash(password)

    def verify(self, hash: str, password: str) -> bool:
        self.checks.append(hash)
        return self.real.verify(hash, password)

    def check_needs_rehash(self, hash: str) -> bool:
        return self.real.check_needs_rehash(hash)


async def test_a_person_signs_in_and_is_known_by_token(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    async with await office.as_person("LI.NA") as browser:
        me = (await browser.get("/api/people/me")).json()

    assert me["person"]["login"] == SOMEBODY
    assert "dispatch" in me["rights"]
    assert "keep_people" not in me["rights"]


async def test_the_cookie_alone_is_enough_and_no_script_reads_it(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    async with office.client() as browser:
        body = {"login": SOMEBODY, "password": PASSWORD}
        answer = await browser.post("/api/sessions", json=body)
        me = await browser.get("/api/people/me")

    flags = answer.headers["set-cookie"].lower()
    assert me.status_code == 200
    assert all(flag in flags for flag in ("httponly", "secure", "samesite=strict"))


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}],
    ids=["by the browser's word", "by the page's origin"],
)
async def test_another_sites_page_changes_nothing_with_our_cookie(
    office: Office, headers: dict[str, str]
) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    async with office.client() as browser:
        await browser.post("/api/sessions", json={"login": SOMEBODY, "password": PASSWORD})
        refused = await browser.delete("/api/sessions", headers=headers)
        still_in = await browser.get("/api/people/me")

    assert refused.status_code == 401
    assert still_in.status_code == 200


async def test_the_token_is_not_in_the_database(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    token = await office.token(SOMEBODY)

    async with office.database.transaction(writes=False) as session:
        kept = await session.get_one(SignIn, 1)

    assert token not in (kept.token_digest, token[4:])
    assert len(kept.token_digest) == 64


async def test_unknown_login_wrong_password_and_inactive_person_get_one_answer_for_one_check(
    ground: Ground,
) -> None:
    hasher = CountingHasher()
    checked: Hasher = hasher
    async with open_office(ground(), hasher=checked) as office:
        await office.person(SOMEBODY, Role.AGENT)
        gone = await office.person("zhang.wei", Role.AGENT)
        async with await office.as_role(Role.ADMINISTRATOR) as administrator:
            change = {"version": 1, "active": False}
            await administrator.patch(f"/api/people/{gone}", json=change)
        hasher.checks.clear()

        answers = [
            await office.try_sign_in(SOMEBODY, "not the password"),
            await office.try_sign_in("nobody", "not the password"),
            await office.try_sign_in("zhang.wei", PASSWORD),
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.text for answer in answers}) == 1
    assert len(hasher.checks) == 3
    assert len({stored.rsplit("$", 2)[0] for stored in hasher.checks}) == 1


@pytest.mark.parametrize("login", [SOMEBODY, "nobody"], ids=["known", "unknown"])
async def test_wrong_passwords_lock_a_login_known_or_not_and_time_opens_it(
    office: Office, login: str
) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    answers = [await office.try_sign_in(login, "wrong") for _ in range(CHEAP.lock_after)]
    locked = await office.try_sign_in(login)
    office.pass_time(CHEAP.lock_seconds - 1)
    still = await office.try_sign_in(login)
    office.pass_time(2)
    opened = await office.try_sign_in(login)

    assert [answer.status_code for answer in answers] == [401] * CHEAP.lock_after
    assert locked.status_code == still.status_code == 429
    assert locked.headers["retry-after"]
    assert opened.status_code == (201 if login == SOMEBODY else 401)


async def test_wrong_passwords_outside_of_the_window_do_not_add_up(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    for _ in range(4):
        assert (await office.try_sign_in(SOMEBODY, "wrong")).status_code == 401
        office.pass_time(CHEAP.lock_window_seconds / 2 + 1)

    assert (await office.try_sign_in(SOMEBODY)).status_code == 201


async def test_guesses_sent_at_the_same_moment_count_one_another(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    tries = [office.try_sign_in(SOMEBODY, f"guess number {n}") for n in range(7)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*tries))

    assert statuses == [401] * CHEAP.lock_after + [429] * (7 - CHEAP.lock_after)


async def test_one_address_cannot_try_many_logins(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    for number in range(CHEAP.lock_after_from_address):
        await office.try_sign_in(f"nobody{number}", "wrong", address="192.0.2.66")

    from_there = await office.try_sign_in(SOMEBODY, address="192.0.2.66")
    from_elsewhere = await office.try_sign_in(SOMEBODY)

    assert from_there.status_code == 429
    assert from_elsewhere.status_code == 201


async def test_the_right_password_forgets_the_wrong_ones(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    for _ in range(3):
        for _ in range(CHEAP.lock_after - 1):
            await office.try_sign_in(SOMEBODY, "wrong")
        assert (await office.try_sign_in(SOMEBODY)).status_code == 201


async def test_a_supervisor_unlocks(office: Office) -> None:
    person = await office.person(SOMEBODY, Role.AGENT)
    async with await office.as_role(Role.SUPERVISOR) as supervisor:
        for _ in range(CHEAP.lock_after):
            await office.try_sign_in(SOMEBODY, "wrong", address="192.0.2.5")

        unlocked = await supervisor.post(f"/api/people/{person}/unlock")

    assert unlocked.status_code == 204
    assert (await office.try_sign_in(SOMEBODY)).status_code == 201


async def test_invented_logins_do_not_stay_in_the_table(office: Office) -> None:
    for number in range(5):
        await office.try_sign_in(f"nobody{number}", "wrong")
    office.pass_time(CHEAP.lock_window_seconds + CHEAP.lock_seconds)

    await office.try_sign_in("nobody", "wrong")

    async with office.database.transaction(writes=False) as session:
        for number in range(5):
            subject = of_login(f"nobody{number}")
            assert await session.get(FailedSignIns, subject) is None


async def test_a_session_ends_when_nobody_uses_it(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)

    async with await office.as_person(SOMEBODY) as browser:
        for _ in range(4):
            office.pass_time(CHEAP.session_idle_seconds * 0.8)
            assert (await browser.get("/api/people/me")).status_code == 200
        office.pass_time(CHEAP.session_idle_seconds + 1)
        over = await browser.get("/api/people/me")

    assert over.status_code == 401
    assert "sign in" in over.json()["remedy"]


async def test_a_session_ends_after_its_longest_time_however_busy(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    step = CHEAP.session_idle_seconds / 2

    async with await office.as_person(SOMEBODY) as browser:
        used = 0.0
        while used + step < CHEAP.session_longest_seconds:
            office.pass_time(step)
            used += step
            assert (await browser.get("/api/people/me")).status_code == 200
        office.pass_time(step)
        over = await browser.get("/api/people/me")

    assert over.status_code == 401


async def test_people_see_and_end_their_own_sessions_only(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    await office.person("zhang.wei", Role.AGENT)
    async with (
        await office.as_person(SOMEBODY) as here,
        await office.as_person(SOMEBODY) as there,
        await office.as_person("zhang.wei") as other,
    ):
        seen = (await here.get("/api/sessions")).json()
        elsewhere = next(one["id"] for one in seen if not one["current"])

        strange = await other.delete(f"/api/sessions/{elsewhere}")
        ended = await here.delete(f"/api/sessions/{elsewhere}")

        assert len(seen) == 2
        assert strange.status_code == 404
        assert ended.json() == {"ended": 1}
        assert (await there.get("/api/people/me")).status_code == 401
        assert (await here.get("/api/people/me")).status_code == 200


async def test_signing_out_everywhere_ends_every_session(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    async with (
        await office.as_person(SOMEBODY) as here,
        await office.as_person(SOMEBODY) as there,
    ):
        ended = await here.delete("/api/sessions")

        assert ended.json() == {"ended": 2}
        for browser in (here, there):
            assert (await browser.get("/api/people/me")).status_code == 401


async def test_a_session_dies_with_the_persons_activity_and_does_not_come_back(
    office: Office,
) -> None:
    person = await office.person(SOMEBODY, Role.AGENT)
    async with (
        await office.as_role(Role.ADMINISTRATOR) as administrator,
        await office.as_person(SOMEBODY) as browser,
    ):
        off = {"version": 1, "active": False}
        await administrator.patch(f"/api/people/{person}", json=off)
        dead = await browser.get("/api/people/me")
        on = {"version": 2, "active": True}
        await administrator.patch(f"/api/people/{person}", json=on)
        still_dead = await browser.get("/api/people/me")

    assert dead.status_code == still_dead.status_code == 401


async def test_a_password_with_outdated_costs_is_hashed_anew_at_sign_in(ground: Ground) -> None:
    url = ground()
    async with open_office(url) as office:
        await office.person(SOMEBODY, Role.AGENT)

    dearer = CHEAP.model_copy(update={"hash_time_cost": 2})
    async with open_office(url, dearer) as office:
        await office.token(SOMEBODY)
        async with office.database.transaction(writes=False) as session:
            stored = (await session.get_one(Person, 1)).password_hash

        assert "t=2" in stored
        assert (await office.try_sign_in(SOMEBODY)).status_code == 201


@pytest.mark.parametrize(
    "token", ["", "x", "hls_", "hls_unknown", "hlt_unknown", "\x00", "Ω" * 300, "a" * 5000]
)
async def test_tokens_that_nobody_made_are_refused(office: Office, token: str) -> None:
    async with office.client() as browser:
        header = [(b"authorization", b"Bearer " + token.encode())]
        answer = await browser.get("/api/people/me", headers=header)

    assert answer.status_code == 401


async def test_a_request_that_changes_something_also_counts_as_use(office: Office) -> None:
    await office.person(SOMEBODY, Role.AGENT)
    async with await office.as_person(SOMEBODY) as other, await office.as_person(SOMEBODY) as here:
        mine = (await other.get("/api/sessions")).json()[-1]["id"]
        office.pass_time(CHEAP.session_idle_seconds * 0.9)
        await here.delete(f"/api/sessions/{mine}")
        office.pass_time(CHEAP.session_idle_seconds * 0.9)

        assert (await here.get("/api/people/me")).status_code == 200
