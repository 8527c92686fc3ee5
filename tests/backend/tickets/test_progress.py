import asyncio

import httpx

from tests.backend.story import Story


async def drafted(client: httpx.AsyncClient) -> dict:
    story = Story()
    entries = [story.opened(), story.heard()]
    reply = await client.post(f"/api/calls/{story.call_id}/draft", json={"entries": entries})
    return reply.json()


async def ask(client: httpx.AsyncClient, **question: str) -> dict:
    return (await client.post("/api/progress", json=question)).json()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04d}"


async def test_a_number_alone_gives_the_state_and_nothing_personal(
    client: httpx.AsyncClient,
) -> None:
    ticket = await drafted(client)

    answer = await ask(client, number=ticket["number"])

    assert answer["found"] is True
    assert answer["verified"] is False
    assert "受理" in answer["status_text"]
    assert "裕华路" not in answer["status_text"]


async def test_the_callers_number_needs_the_code(client: httpx.AsyncClient) -> None:
    ticket = await drafted(client)

    without = await client.post("/api/progress", json={"caller": "13812345678"})
    answer = await ask(client, caller="+86 138-1234-5678", code=ticket["code"])

    assert without.status_code == 422
    assert (answer["number"], answer["verified"]) == (ticket["number"], True)


async def test_five_wrong_codes_lock_the_caller_even_for_the_right_one(
    client: httpx.AsyncClient,
) -> None:
    ticket = await drafted(client)
    for _ in range(5):
        answer = await ask(client, caller="13812345678", code=wrong(ticket["code"]))
        assert (answer["found"], answer["locked"]) == (False, False)

    answer = await ask(client, caller="13812345678", code=ticket["code"])

    assert (answer["found"], answer["locked"]) == (False, True)


async def test_guesses_at_once_are_counted_one_by_one(client: httpx.AsyncClient) -> None:
    ticket = await drafted(client)
    guess = {"number": ticket["number"], "code": wrong(ticket["code"])}

    answers = await asyncio.gather(*(ask(client, **guess) for _ in range(12)))

    assert sum(answer["locked"] for answer in answers) == 7


async def test_a_number_keyed_too_short_is_simply_not_found(client: httpx.AsyncClient) -> None:
    answer = await ask(client, number="2611")

    assert answer["found"] is False
    assert "没有查到" in answer["status_text"]


async def test_an_unknown_number_sounds_like_a_wrong_code(client: httpx.AsyncClient) -> None:
    ticket = await drafted(client)

    unknown = await ask(client, number="0001010001", code="0000")
    mistaken = await ask(client, number=ticket["number"], code=wrong(ticket["code"]))

    assert unknown == mistaken
