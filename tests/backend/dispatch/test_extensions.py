import pytest

from tests.backend.dispatch.town import Town


async def test_a_granted_extension_moves_the_deadline_by_an_event(town: Town) -> None:
    number = await town.signed()
    first = (await town.ticket(number)).deadline

    await town.do("clerk", "extension", number, **town.extension())
    assert (await town.ticket(number)).deadline == first
    stands = await town.do("dispatcher", "extension/grant", number, reason="情况复杂")

    assert stands["deadline"]["due_at"] == "2026-03-16T23:59:59+08:00"
    assert stands["assignments"][0]["due_at"] == "2026-03-16T15:59:59Z"
    assert stands["pending"] == {}
    told = await town.last_event(number)
    assert told["deadline"] == {"old": first, "new": (await town.ticket(number)).deadline}
    assert "需要检测机构鉴定" in told["why"]


async def test_a_refused_extension_keeps_the_deadline(town: Town) -> None:
    number = await town.signed()
    first = (await town.ticket(number)).deadline
    await town.do("clerk", "extension", number, **town.extension())

    await town.do("dispatcher", "extension/refuse", number, reason="可以按期办结")

    assert (await town.ticket(number)).deadline == first
    assert "deadline" not in await town.last_event(number)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"progress": " "}, "progress"),
        ({"working_days": 6}, "working_days"),
        ({"working_days": 0}, "working_days"),
        ({"caller_told_at": "2026-03-02T23:00:00+08:00"}, "caller_told_at"),
        ({"caller_told_at": "9999-12-31T23:59:59-12:00"}, "caller_told_at"),
        ({"caller_told_at": "2026-03-02T09:00:00"}, "caller_told_at"),
    ],
)
async def test_a_faulty_application_is_refused_by_field(
    town: Town, wrong: dict[str, object], field: str
) -> None:
    number = await town.signed()

    refused = await town.try_to("clerk", "extension", number, **town.extension(**wrong))

    assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
    assert (await town.stands(number))["pending"] == {}


async def test_after_the_deadline_no_extension_can_be_asked(town: Town) -> None:
    number = await town.signed()
    town.pass_time(days=8)

    late = await town.try_to("clerk", "extension", number, **town.extension())

    assert (late.status_code, late.json()["error"]) == (409, "too_late")


async def test_what_was_asked_in_time_may_be_granted_after_the_deadline(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "extension", number, **town.extension())
    town.pass_time(days=8)

    stands = await town.do("dispatcher", "extension/grant", number, reason="申请及时")

    assert stands["deadline"]["due_at"] == "2026-03-16T23:59:59+08:00"


async def test_one_extension_only_and_one_application_at_a_time(town: Town) -> None:
    number = await town.signed()
    nothing = await town.try_to("dispatcher", "extension/grant", number, reason="同意")
    await town.do("clerk", "extension", number, **town.extension())
    twice = await town.try_to("clerk", "extension", number, **town.extension())
    await town.do("dispatcher", "extension/grant", number, reason="情况复杂")

    again = await town.try_to("clerk", "extension", number, **town.extension())

    assert [one.json()["error"] for one in (nothing, twice, again)] == [
        "nothing_asked",
        "asked_already",
        "too_often",
    ]


async def test_a_unit_does_not_grant_its_own_extension(town: Town) -> None:
    number = await town.signed()
    await town.do("clerk", "extension", number, **town.extension())

    refused = await town.try_to("bureau", "extension/grant", number, reason="同意")

    assert refused.status_code == 403
