"""第十四条: 诉求人如实表达、提供信息；不得歪曲捏造、骚扰侮辱、无正当理由反复占用热线。"""

from typing import Any

import pytest

from backend.abuse.service import Kind
from backend.people.rights import TABLE, Right
from tests.backend.dispatch import fixtures
from tests.backend.dispatch.town import Town

town = fixtures.town


async def note(town: Town, number: str, who: str = "agent", **more: Any) -> Any:
    sent = {"kind": "40.1", "what": "经核实，所述事实系捏造", **more}
    return await town.browsers[who].post(f"/api/tickets/{number}/abuse", json=sent)


@pytest.mark.parametrize("kind", Kind)
async def test_what_a_caller_must_not_do_is_noted_by_its_item_with_what_happened(
    town: Town, kind: Kind
) -> None:
    number = await town.draft()

    noted = (await note(town, number, kind=kind.value)).json()

    assert (noted["ticket"], noted["kind_chinese"]) == (number, kind.chinese)
    assert noted["what"] == "经核实，所述事实系捏造"


async def test_an_incident_without_words_or_of_no_item_is_not_noted(town: Town) -> None:
    number = await town.draft()

    silent = await note(town, number, what=" ")
    unknown = await note(town, number, kind="40.6")

    assert (silent.status_code, silent.json()["field"]) == (422, "what")
    assert (unknown.status_code, unknown.json()["field"]) == (422, "kind")


async def test_the_ticket_of_a_noted_caller_is_handled_like_any_other(town: Town) -> None:
    number = await town.draft()
    await note(town, number)

    assert (await town.dispatch(number))["state_chinese"] == "已派发"


async def test_a_unit_does_not_note_down_citizens(town: Town) -> None:
    number = await town.signed()

    assert (await note(town, number, "bureau")).status_code == 403


def test_no_right_exists_to_shut_a_caller_out() -> None:
    judged = [right for right, entry in TABLE.items() if {14, 40} & set(entry.articles)]

    assert judged == [Right.JUDGE_ABUSE]
    assert not any(word in right for right in Right for word in ("block", "ban", "reject_call"))
