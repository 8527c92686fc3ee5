"""第四十条: 对滥用热线的劝阻、教育、批评；由人审核，从不阻断可能的紧急求助。"""

import uuid
from typing import Any

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Json, Town
from tests.backend.supervision.watch import FakeSms, keeper_of, round_of

town = fixtures.town
INSULT = {"kind": "40.3", "what": "辱骂话务员，电话13812345678"}


async def insulted(town: Town, times: int = 3) -> list[str]:
    numbers = [await town.draft() for _ in range(times)]
    for number in numbers:
        made = await town.browsers["agent"].post(f"/api/tickets/{number}/abuse", json=INSULT)
        assert made.status_code == 201, made.text
    return numbers


async def open_cases(town: Town) -> list[Json]:
    got = await town.browsers["supervisor"].get("/api/abuse/cases", params={"state": "open"})
    return list(got.json()["items"])


async def decide(town: Town, case: int, decision: str, who: str = "supervisor") -> Any:
    sent = {"decision": decision, "reason": "多次辱骂工作人员"}
    return await town.browsers[who].post(f"/api/abuse/cases/{case}/decide", json=sent)


async def test_incidents_are_counted_and_put_before_a_person_at_the_third(town: Town) -> None:
    await insulted(town, 2)
    before = await open_cases(town)
    await insulted(town, 1)

    (case,) = await open_cases(town)

    assert before == []
    assert len(case["incidents"]) == 3
    assert "13812345678" not in str(case)


async def test_a_person_dismisses_admonishes_or_reports_with_a_reason(town: Town) -> None:
    await insulted(town)
    (case,) = await open_cases(town)

    agent = await decide(town, case["id"], "admonished", "agent")
    blocked = await decide(town, case["id"], "blocked")
    done = await decide(town, case["id"], "admonished")

    assert (agent.status_code, blocked.status_code) == (403, 422)
    assert (done.json()["state"], done.json()["reason"]) == ("admonished", "多次辱骂工作人员")
    assert (await decide(town, case["id"], "dismissed")).status_code == 409


async def test_an_admonished_caller_is_told_that_emergencies_are_always_heard(town: Town) -> None:
    sms = FakeSms()
    await insulted(town)
    (case,) = await open_cases(town)
    await decide(town, case["id"], "admonished")

    await round_of(town, keeper_of(town, sms))

    assert [number for number, _ in sms.sent] == ["13812345678"]
    assert "紧急求助不受影响" in sms.sent[0][1]


async def test_who_was_reported_to_the_police_is_still_heard_in_an_emergency(town: Town) -> None:
    await insulted(town)
    (case,) = await open_cases(town)
    await decide(town, case["id"], "reported")
    call = str(uuid.uuid4())
    opened = {"caller": "13812345678", "called": "12345", "flow": "inbound"}
    await town.report(call, "call.opened", opened)
    danger = {"service": "119", "cue": "着火了", "source": "word", "attempts": []}
    await town.report(call, "call.emergency", danger | {"decided_at": town.office.now.isoformat()})

    shown = (await town.browsers["program"].get(f"/api/calls/{call}")).json()

    assert shown["ticket"]["kind"] == "紧急"
    assert await town.draft("莲池区裕华路暖气不热")


async def test_very_many_calls_are_noted_by_the_machine_and_judged_by_nobody_but_a_person(
    town: Town,
) -> None:
    for _ in range(10):
        await town.draft("莲池区裕华路暖气不热")

    await round_of(town)
    await round_of(town)

    assert await open_cases(town) == []
