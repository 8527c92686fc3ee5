from backend.people.doors import doors
from tests.backend.dispatch.town import Town


def test_every_door_of_handling_names_its_right(town: Town) -> None:
    found = [door for door in doors(town.office.app) if "/api/tickets/{number}/" in door.path]

    assert len(found) > 30
    assert [door for door in found if door.unguarded or door.session_first] == []


async def test_a_ticket_goes_the_whole_way(town: Town) -> None:
    number = await town.draft()

    await town.dispatch(number)
    await town.do("clerk", "sign", number)
    await town.do("clerk", "start", number)
    await town.do("clerk", "reply", number, **town.reply())
    await town.do("agent", "accept-reply", number)
    closed = await town.do("agent", "close", number, callback="satisfied")

    assert (closed["state"], closed["state_chinese"]) == ("closed", "已办结")
    moves = [event.data["move"] for event in await town.events(number) if event.kind == "moved"]
    assert moves == ["dispatch", "sign", "start", "reply", "accept_reply", "close"]
    assert all("article" in event.data for event in (await town.events(number))[1:])


async def test_a_move_the_table_does_not_have_is_refused_with_those_it_has(town: Town) -> None:
    number = await town.draft()

    refused = await town.try_to("clerk", "sign", number)
    not_seen = refused.status_code
    refused = await town.try_to("agent", "close", number, callback="none")

    assert not_seen == 404
    assert refused.status_code == 409
    assert refused.json()["field"] == "move"
    assert "dispatch" in refused.json()["remedy"]


async def test_a_stale_version_is_refused(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)

    late = await town.try_to("clerk", "sign", number, version=1)

    assert late.status_code == 409
    assert late.json()["field"] == "version"
    assert (await town.stands(number))["state"] == "dispatched"


async def test_another_unit_does_not_see_the_ticket(town: Town) -> None:
    number = await town.draft()
    await town.dispatch(number)

    seen = await town.browsers["clerk"].get(f"/api/tickets/{number}/handling")
    by_street = await town.browsers["street"].get(f"/api/tickets/{number}/handling")
    listed = (await town.browsers["street"].get("/api/tickets")).json()["items"]
    own = (await town.browsers["clerk"].get("/api/tickets")).json()["items"]
    by_county = await town.browsers["county"].get(f"/api/tickets/{number}/handling")

    assert (seen.status_code, by_street.status_code, by_county.status_code) == (200, 404, 200)
    assert (listed, [one["number"] for one in own]) == ([], [number])


async def test_numbers_in_what_is_said_do_not_enter_the_history(town: Town) -> None:
    number = await town.draft()

    await town.do("agent", "answer", number, answer="请拨打13812345678联系物业")

    assert "13812345678" not in str(await town.last_event(number))


async def test_an_empty_reason_is_refused_by_field(town: Town) -> None:
    number = await town.signed()

    refused = await town.try_to("clerk", "return", number, reason="  ", basis="三定方案")

    assert refused.status_code == 422
    assert refused.json()["field"] == "reason"


async def test_tier_and_unit_are_not_corrected_after_dispatch(town: Town) -> None:
    number = await town.draft()
    stands = await town.dispatch(number)

    sent = {"version": stands["version"], "tier": "2h"}
    refused = await town.browsers["program"].patch(f"/api/tickets/{number}", json=sent)

    assert refused.status_code == 409
    assert refused.json()["field"] == "tier"


async def test_an_unknown_unit_is_named_by_field(town: Town) -> None:
    number = await town.draft()

    refused = await town.try_to("agent", "dispatch", number, unit_id=999, basis="目录")

    assert refused.status_code == 404
    assert refused.json()["field"] == "unit_id"
