"""The unit's desk: each form really changes the ticket, and a unit sees only its own."""

import re

import pytest

from tests.backend.console_pages.district import District, local_now

INBOX = "/console/unit/inbox"
SCRIPT = "<script>alert(1)</script>"


async def test_the_inbox_shows_what_is_in_hand_with_the_time_left_in_words(
    district: District,
) -> None:
    late = await district.dispatched(tier="5d")
    soon = await district.dispatched(tier="2h")

    page = (await district.get("clerk", INBOX)).text

    assert page.index(soon) < page.index(late)
    assert "standing-in_time" in page
    assert re.search("剩(1小时59|2小时0)分", page)


@pytest.mark.parametrize("box", ["open", "to_sign", "redo", "helping", "asked", "done"])
async def test_another_unit_sees_nothing_of_it(district: District, box: str) -> None:
    number = await district.dispatched()

    listed = await district.get("street", f"{INBOX}?box={box}")
    opened = await district.get("street", f"/console/unit/tickets/{number}")
    signed = await district.act("street", number, "sign")

    assert listed.status_code == 200
    assert number not in listed.text
    assert (opened.status_code, signed.status_code) == (404, 404)
    assert "没有这个编号的工单" in opened.text


async def test_the_page_signs_replies_and_shows_the_history(district: District) -> None:
    number = await district.signed()

    before = (await district.get("clerk", f"/console/unit/tickets/{number}")).text
    answer = await district.act(
        "clerk", number, "reply", result="已责令夜间停工", caller_told_at=local_now(minutes=5)
    )
    after = (await district.get("clerk", f"/console/unit/tickets/{number}")).text

    assert "答复反馈" in before
    assert answer.status_code == 303
    assert (await district.ticket(number)).state == "replied"
    assert "已责令夜间停工" in after
    assert number in (await district.get("clerk", f"{INBOX}?box=done")).text


async def test_a_return_an_extension_help_and_escalation_are_asked_by_form(
    district: District,
) -> None:
    returned, extended = await district.dispatched(), await district.signed()

    await district.act("clerk", returned, "return", reason="不属本单位职责", basis="三定方案")
    await district.act(
        "clerk",
        extended,
        "extension",
        working_days=3,
        reason="需要检测",
        progress="已测量",
        caller_told_at=local_now(minutes=5),
    )
    await district.act(
        "clerk",
        extended,
        "co-handlers",
        unit_id=district.units["street"],
        tier="3d",
        reason="需街道配合",
    )
    helping = (await district.get("street", f"{INBOX}?box=helping")).text
    await district.act(
        "bureau", extended, "escalate", unit_id=district.units["county"], reason="难以解决"
    )

    assert (await district.ticket(returned)).state == "return_asked"
    assert (await district.ticket(extended)).pending["extension"]["working_days"] == 3
    assert extended in helping
    assert (await district.ticket(extended)).state == "escalated"
    assert extended in (await district.get("county", f"{INBOX}?box=asked")).text


async def test_what_was_left_undone_stands_on_top_of_the_ticket(district: District) -> None:
    number = await district.signed()
    told = local_now(minutes=5)
    await district.act("clerk", number, "reply", result="已处理", caller_told_at=told)
    await district.act("supervisor", number, "redo", lacking="仍有夜间施工")

    page = (await district.get("clerk", f"/console/unit/tickets/{number}")).text

    assert "第1次退回补充办理" in page
    assert "仍有夜间施工" in page
    assert number in (await district.get("clerk", f"{INBOX}?box=redo")).text


async def test_the_number_is_masked_until_a_reason_is_given(district: District) -> None:
    number = await district.signed()
    address = f"/console/unit/tickets/{number}"
    page = (await district.get("clerk", address)).text

    vain = await district.send("clerk", f"{address}/contact", reason="看")
    given = await district.send("clerk", f"{address}/contact", reason="联系诉求人核实地点")
    stranger = await district.send("street", f"{address}/contact", reason="联系诉求人核实地点")

    assert "13812345678" not in page
    assert "138****5678" in page
    assert (vain.status_code, "请写明理由" in vain.text) == (422, True)
    assert "13812345678" in given.text
    assert "已留痕" in given.text
    assert stranger.status_code == 404


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("reply", {"caller_told_at": "2026-01-01T10:00"}, "办理结果"),
        ("return", {"reason": " ", "basis": "三定方案"}, "理由"),
        ("extension", {"working_days": "0", "reason": "检测", "progress": "在办"}, "工作日数"),
    ],
)
async def test_bad_input_is_told_in_chinese_and_changes_nothing(
    district: District, what: str, fields: dict[str, str], said: str
) -> None:
    number = await district.signed()
    before = await district.ticket(number)

    answer = await district.act("clerk", number, what, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert (await district.ticket(number)).version == before.version


async def test_a_file_is_attached_and_another_unit_does_not_read_it(district: District) -> None:
    number = await district.signed()
    browser = await district.who("clerk")
    address = f"/console/unit/tickets/{number}"
    sent = {"file": ("现场.txt", b"\xe7\x8e\xb0\xe5\x9c\xba", "text/plain")}

    bare = await browser.http.post(f"{address}/attachments", data={"file": "x"})
    headers = {"X-Form-Token": browser.token}
    done = await browser.http.post(f"{address}/attachments", files=sent, headers=headers)
    page = (await district.get("clerk", address)).text
    stranger = await district.who("street")
    headers = {"X-Form-Token": stranger.token}
    foreign = await stranger.http.post(f"{address}/attachments", files=sent, headers=headers)

    assert bare.status_code == 403
    assert done.status_code == 303, done.text
    assert "现场.txt" in page
    assert foreign.status_code == 404


async def test_a_script_in_any_field_is_shown_as_text(district: District) -> None:
    number = await district.dispatched(words=f"裕华路施工噪声{SCRIPT}", basis=SCRIPT)
    await district.act("clerk", number, "return", reason=SCRIPT, basis=SCRIPT)

    for path in (f"/console/unit/tickets/{number}", INBOX):
        page = (await district.get("clerk", path)).text
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


async def test_a_form_without_its_token_changes_nothing(district: District) -> None:
    number = await district.dispatched()
    browser = await district.who("clerk")
    browser.token = "0" * 64

    answer = await district.act("clerk", number, "sign")

    assert answer.status_code == 403
    assert (await district.ticket(number)).state == "dispatched"
