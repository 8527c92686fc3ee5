"""Other systems are told by webhook: signed, again until taken, and never a caller's number."""

import hashlib
import hmac
import json

from backend.people.roles import Role
from tests.backend.dispatch.town import Json, Town
from tests.backend.notices.receiver import Receiver, receiver
from tests.backend.supervision.watch import keeper_of, work


async def subscribe(town: Town, url: str, unit: str | None = None) -> Json:
    async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
        sent = {"name": "省平台", "url": url, "unit_id": town.units[unit] if unit else None}
        made = await keeper.post("/api/webhooks", json=sent)
        listed = (await keeper.get("/api/webhooks")).json()
    assert made.status_code == 201, made.text
    assert "secret" not in listed[-1]
    return dict(made.json())


def bodies(kept: Receiver) -> list[Json]:
    return [json.loads(content) for _, content in kept.got]


async def test_every_move_reaches_a_real_receiver_signed_and_without_the_caller(
    town: Town,
) -> None:
    with receiver() as kept:
        secret = (await subscribe(town, kept.url))["secret"]
        number = await town.signed()

        await work(town, keeper_of(town))

    assert [one["move"] for one in bodies(kept)] == ["dispatch", "sign"]
    assert {one["ticket"] for one in bodies(kept)} == {number}
    for headers, content in kept.got:
        signed = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
        assert headers["X-Hotline-Signature"] == f"sha256={signed}"
        assert headers["Idempotency-Key"]
        assert "1381234" not in content.decode()


async def test_a_receiver_that_fails_is_told_again_with_the_same_key(town: Town) -> None:
    with receiver() as kept:
        kept.statuses = [500, 503, 204]
        await subscribe(town, kept.url)
        await town.dispatch(await town.draft())
        keeper = keeper_of(town)
        for _ in range(3):
            await work(town, keeper)
            town.pass_time(seconds=60)

    assert len(kept.got) == 3
    assert len({headers["Idempotency-Key"] for headers, _ in kept.got}) == 1


async def test_a_receiver_that_refuses_or_is_switched_off_is_not_asked_again(town: Town) -> None:
    with receiver() as kept:
        kept.statuses = [410]
        made = await subscribe(town, kept.url)
        await town.dispatch(await town.draft())
        await work(town, keeper_of(town))
        await town.dispatch(await town.draft())
        async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
            off = await keeper.delete(f"/api/webhooks/{made['id']}")
        await work(town, keeper_of(town))

    assert len(kept.got) == 1
    assert off.json()["active"] is False


async def test_a_units_system_hears_of_its_own_tickets_only(town: Town) -> None:
    with receiver() as kept:
        await subscribe(town, kept.url, "county")
        mine, other = await town.draft(), await town.draft()
        await town.dispatch(mine, "street")
        await town.dispatch(other, "water")

        await work(town, keeper_of(town))

    assert [one["ticket"] for one in bodies(kept)] == [mine]


async def test_only_an_address_of_the_web_is_taken_and_only_from_an_administrator(
    town: Town,
) -> None:
    refused = await town.browsers["supervisor"].post(
        "/api/webhooks", json={"name": "x", "url": "http://127.0.0.1/"}
    )
    async with await town.office.as_role(Role.ADMINISTRATOR) as keeper:
        wrong = [
            await keeper.post("/api/webhooks", json={"name": "x", "url": url})
            for url in ("file:///etc/passwd", "ftp://host/", "http://", "http://a:b@host/")
        ]

    assert refused.status_code == 403
    assert {(one.status_code, one.json()["field"]) for one in wrong} == {(422, "url")}
