"""Disputed ratings as a page: both sides are kept, and a person decides with a reason."""

import pytest

from tests.backend.console_pages.danger import SCRIPT
from tests.backend.console_pages.district import District
from tests.backend.console_pages.rated import badly_rated, dispute_of

PAGE = "/console/ratings"


async def raised(district: District) -> str:
    number = await badly_rated(district)
    path = f"/console/unit/tickets/{number}/rating-dispute"
    answer = await district.send("clerk", path, grounds=f"评价的是另一件事{SCRIPT}")
    assert answer.status_code == 303, answer.text
    return number


async def test_a_unit_disputes_the_rating_on_its_ticket(district: District) -> None:
    number = await badly_rated(district)
    path = f"/console/unit/tickets/{number}/rating-dispute"

    shown = (await district.get("clerk", f"/console/unit/tickets/{number}")).text
    await district.send("clerk", path, grounds="评价的是另一件事")
    again = await district.send("clerk", path, grounds="评价的是另一件事")

    assert path in shown
    made = await dispute_of(district)
    assert made
    assert made.grounds == "评价的是另一件事"
    assert (again.status_code, "已经复核过" in again.text) == (409, True)


async def test_both_sides_are_heard_and_the_decision_kept(district: District) -> None:
    number = await raised(district)
    early = await district.send("supervisor", f"{PAGE}/1/decide", decision="void", reason="有误")
    await district.send("agent", f"{PAGE}/1/citizen", words=f"按错了键{SCRIPT}")
    heard = (await district.get("supervisor", PAGE)).text
    done = await district.send("supervisor", f"{PAGE}/1/decide", decision="void", reason="说法一致")
    left = (await district.get("supervisor", PAGE)).text
    every = (await district.get("supervisor", f"{PAGE}?every=true")).text

    assert (early.status_code, "听取诉求人" in early.text) == (409, True)
    assert number in heard
    assert "未联系，未解决，不满意" in heard
    assert "按错了键" in heard
    assert SCRIPT not in heard + every
    assert done.status_code == 303, done.text
    made = await dispute_of(district)
    assert made
    assert (made.decision, made.reason) == ("void", "说法一致")
    assert number not in left
    assert "说法一致" in every


async def test_a_unit_sees_its_own_without_the_citizens_words(district: District) -> None:
    number = await raised(district)
    await district.send("agent", f"{PAGE}/1/citizen", words="按错了键")

    own = (await district.get("bureau", PAGE)).text
    other = (await district.get("street", PAGE)).text

    assert number in own
    assert "按错了键" not in own
    assert number not in other


@pytest.mark.parametrize("sent", [{"decision": "void"}, {"decision": "better", "reason": "好"}])
async def test_a_decision_without_a_reason_is_refused(
    district: District, sent: dict[str, str]
) -> None:
    await raised(district)
    await district.send("agent", f"{PAGE}/1/citizen", words="按错了键")

    answer = await district.send("supervisor", f"{PAGE}/1/decide", **sent)

    assert answer.status_code == 422
    made = await dispute_of(district)
    assert made
    assert made.decision is None


async def test_only_the_supervisor_decides(district: District) -> None:
    await raised(district)

    answer = await district.send("bureau", f"{PAGE}/1/decide", decision="void", reason="有误")

    assert answer.status_code == 403
