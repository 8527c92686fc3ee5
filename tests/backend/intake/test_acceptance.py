"""Article 12: what the hotline may not take, and why."""

import pytest

from backend.intake import draft


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("法院已经判了我不服你们给我改判", "诉讼"),
        ("劳动仲裁已经裁决了公司不给钱", "仲裁"),
        ("我要举报局长受贿二十万", "纪检监察"),
        ("行政复议决定已经下来了我不服", "行政复议"),
        ("我要申请政府信息公开", "信息公开"),
        ("这事信访局已经受理了你们再给我记一份", "信访"),
        ("帮我查一下我前妻的家庭住址", "个人隐私"),
        ("给我介绍个代孕的", "公序良俗"),
    ],
)
def test_what_article_12_excludes_is_refused_with_its_ground(text: str, ground: str) -> None:
    fields = draft(text)

    assert not fields.acceptable
    assert fields.reason is not None
    assert ground in fields.reason
    assert "第十二条" in fields.reason


@pytest.mark.parametrize(
    "text",
    [
        "请问劳动仲裁去哪里申请要带什么材料",
        "想咨询行政复议怎么办理",
        "法院门口那条路的路灯不亮了",
        "我家住法院西街暖气不热",
        "信访局门口井盖丢了",
    ],
)
def test_asking_where_to_go_and_naming_a_place_is_not_refused(text: str) -> None:
    assert draft(text).acceptable
