"""Emergencies as pages: the packet is whole, the review and the done button are kept."""

import pytest

from tests.backend.console_pages.danger import CALLER, SCRIPT, in_danger, notice_of, task_of
from tests.backend.console_pages.district import District


async def test_the_packet_shows_who_was_reached_and_hides_the_number(district: District) -> None:
    call = await in_danger(district.console)

    listed = (await district.get("agent", "/console/emergencies")).text
    packet = (await district.get("agent", f"/console/emergencies/{call}")).text

    assert call in listed
    for told in ("裕华路", "120急救", "占线", "已接通", "138****5678", "紧急来电，正在转接"):
        assert told in packet, told
    for page in (listed, packet):
        assert "&lt;script&gt;" in page
        assert SCRIPT not in page
        assert CALLER not in page


async def test_a_review_is_kept_and_moves_the_call_to_the_reviewed(district: District) -> None:
    call = await in_danger(district.console)
    path = f"/console/emergencies/{call}"
    sent = {"verdict": "wrong_service", "right_service": "120", "critical": "true"}

    before = (await district.get("supervisor", "/console/emergencies?which=open")).text
    answer = await district.send("supervisor", f"{path}/review", note=f"应先急救{SCRIPT}", **sent)
    after = (await district.get("supervisor", "/console/emergencies?which=open")).text
    packet = (await district.get("supervisor", path)).text

    assert answer.status_code == 303, answer.text
    row = await notice_of(district.console)
    assert (row.verdict, row.right_service, row.critical) == ("wrong_service", "120", True)
    assert (call in before, call in after) == (True, False)
    assert "转错部门" in packet
    assert SCRIPT not in packet


@pytest.mark.parametrize("sent", [{"verdict": "missed"}, {"verdict": "never"}, {}])
async def test_a_wrong_review_is_refused_and_nothing_kept(
    district: District, sent: dict[str, str]
) -> None:
    call = await in_danger(district.console)

    answer = await district.send("supervisor", f"/console/emergencies/{call}/review", **sent)

    assert answer.status_code == 422
    assert "填写有误" in answer.text
    assert (await notice_of(district.console)).verdict is None


async def test_only_the_supervisor_reviews(district: District) -> None:
    call = await in_danger(district.console)
    path = f"/console/emergencies/{call}"

    shown = (await district.get("agent", path)).text
    answer = await district.send("agent", f"{path}/review", verdict="false")

    assert f"{path}/review" not in shown
    assert answer.status_code == 403
    assert (await notice_of(district.console)).verdict is None


async def test_an_agent_tells_the_second_service_once(district: District) -> None:
    await in_danger(district.console)
    task = await task_of(district.console)
    path = f"/console/emergencies/tasks/{task.id}/done"

    before = (await district.get("agent", "/console/emergencies")).text
    answer = await district.send("agent", path, result="told", note="急救中心已派车")
    again = await district.send("agent", path, result="told")

    assert path in before
    assert answer.status_code == 303, answer.text
    assert (await task_of(district.console)).result == "told"
    assert (again.status_code, "别人已经办完" in again.text) == (409, True)
    assert path not in (await district.get("agent", "/console/emergencies")).text


async def test_an_auditor_sees_no_button_and_a_call_without_danger_no_page(
    district: District,
) -> None:
    await in_danger(district.console)
    odd = "/console/emergencies/00000000-0000-4000-8000-000000000000"

    shown = (await district.get("auditor", "/console/emergencies")).text
    none = await district.get("auditor", odd)

    assert "办完" not in shown
    assert (none.status_code, "没有发现危险" in none.text) == (404, True)


async def test_a_call_in_which_nothing_was_noticed_is_judged_missed_on_its_ticket(
    district: District,
) -> None:
    number = await district.console.draft("莲池区裕华路夜里施工噪声很大")
    call = (await district.ticket(number)).call_id
    path = f"/console/emergencies/{call}/review"

    agents = (await district.get("agent", f"/console/unit/tickets/{number}")).text
    shown = (await district.get("supervisor", f"/console/unit/tickets/{number}")).text
    answer = await district.send("supervisor", path, verdict="missed", right_service="110")

    assert (path in agents, path in shown) == (False, True)
    assert answer.status_code == 303, answer.text
    row = await notice_of(district.console)
    assert (row.call_id, row.verdict, row.right_service) == (call, "missed", "110")
