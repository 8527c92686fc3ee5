"""第十五条: 全面、准确、规范记录诉求内容及类别、提出时间、联系方式等，形成诉求工单。"""

from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import START, Town

town = fixtures.town
WORDS = "莲池区裕华路夜里施工噪声很大，我的电话是13912345678"


async def test_a_call_becomes_a_ticket_with_content_kind_time_and_contact(town: Town) -> None:
    number = await town.draft(WORDS)

    ticket = await town.ticket(number)

    seal = town.office.app.state.seal
    assert seal.open(ticket.words_sealed) == WORDS
    assert (ticket.category, ticket.district) == ("噪声油烟", "莲池区")
    assert ticket.kind
    call = (await town.browsers["program"].get(f"/api/calls/{ticket.call_id}")).json()
    assert call["times"]["opened"] == START.timestamp()
    assert ticket.contact_sealed
    assert seal.open(ticket.contact_sealed) == "13912345678"


async def test_one_call_is_one_ticket_however_often_it_is_reported(town: Town) -> None:
    number = await town.draft(WORDS)
    call = str((await town.ticket(number)).call_id)

    again = await town.browsers["program"].post(f"/api/calls/{call}/draft", json={"entries": []})

    assert again.json()["number"] == number


async def test_the_words_are_kept_as_they_were_said_and_shown_without_the_number(
    town: Town,
) -> None:
    number = await town.draft(WORDS)

    shown = (await town.browsers["agent"].get(f"/api/tickets/{number}")).json()

    assert "13912345678" not in str(shown)
    assert shown["events"][0]["kind"] == "drafted"


async def test_every_field_says_how_sure_the_machine_is_and_what_a_person_set(town: Town) -> None:
    number = await town.draft(WORDS)
    change = {"version": 1, "district": "竞秀区"}

    fixed = await town.browsers["agent"].patch(f"/api/tickets/{number}", json=change)

    fields = fixed.json()["fields"]
    assert fields["confidences"]["district"] == 1.0
    assert fixed.json()["authors"] == {"district": "person"}
    event = await town.last_event(number)
    assert event["changed"]["district"] == ["莲池区", "竞秀区"]
