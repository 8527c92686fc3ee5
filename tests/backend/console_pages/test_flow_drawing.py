"""The flows as drawings: nothing lies over another thing, and the calls stand where they went."""

import re
from itertools import combinations, pairwise

import pytest

from backend.console.administration import drawing, traffic
from backend.console.administration.layers import GAP, HEIGHT, WIDTH, lay_out
from ivr_flows.loader import load_book
from tests.backend.console_pages.district import District
from tests.backend.story import Story

TAKEN = [
    ["greeting", "draft", "read_back", "ticket_number"],
    ["greeting", "person"],
    ["greeting", "emergency.decided"],
    ["greeting", "draft", "read_back", "person"],
]


def counted(paths: list[list[str]]) -> traffic.Traffic:
    return traffic.counted(({"path": one}, "inbound") for one in paths)


@pytest.mark.parametrize("name", sorted(load_book().flows))
def test_no_box_of_a_flow_lies_over_another_and_no_arrow_outside(name: str) -> None:
    book = load_book()
    flow, told = book.flows[name], counted(TAKEN)

    drawn = drawing.draw(book, flow, traffic.stops(book, flow, told), told)

    assert {one.name for one in drawn.boxes} >= set(flow.steps)
    for one, other in combinations(drawn.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for box in drawn.boxes:
        assert WIDTH / 2 <= box.x <= drawn.width - WIDTH / 2
    for arrow in drawn.arrows:
        numbers = [float(n) for n in re.findall(r"-?\d+", arrow.path)]
        assert all(0 <= x <= drawn.width for x in numbers[::2])
        assert all(0 <= y <= drawn.height for y in numbers[1::2])


def test_arrows_lead_down_but_those_that_close_a_circle() -> None:
    found = lay_out(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a")])

    assert [found.boxes[n][1] for n in "abc"] == [GAP, GAP + 122, GAP + 244]
    assert all(one[1] <= two[1] for one, two in pairwise(found.arrows["a", "c"]))
    assert all(one[1] >= two[1] for one, two in pairwise(found.arrows["c", "a"]))


def test_arrows_tell_the_calls_that_went_there_and_keys_that_work_anywhere() -> None:
    book, told = load_book(), counted(TAKEN)
    flow = book.flows["inbound"]

    drawn = drawing.draw(book, flow, traffic.stops(book, flow, told), told)

    hints = {one.hint.split("（")[0]: one.label for one in drawn.arrows}
    assert hints["greeting → draft"] == "2次 50%"
    assert hints["greeting → person"] == "1次 25%"
    assert ("听出危险", "emergency.decided", 1) in drawn.anywhere
    assert ("按0", "person", 1) in drawn.anywhere


async def test_the_page_draws_todays_calls_without_a_script(district: District) -> None:
    story = Story()
    story.opened()
    story.closed()["data"]["path"] = ["greeting", "draft"]
    await district.console.api.post("/api/journal", json={"entries": story.entries})

    page = (await district.get("keeper", "/console/flows")).text

    assert "今日1次来电" in page
    assert page.count("<svg") == len(load_book().flows)
    assert "greeting → draft（之后）：1次 100%" in page
