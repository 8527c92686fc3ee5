"""One district and one place come out of what was said."""

import time

import pytest

from backend.intake.address import locate
from backend.intake.gazetteer import load
from backend.intake.places import find


@pytest.mark.parametrize(
    ("text", "district", "place"),
    [
        ("我家住莲池区裕华路,暖气不热", "莲池区", "裕华路"),
        ("莲池区裕华路128号院3号楼2单元漏水", "莲池区", "裕华路128号院3号楼2单元"),
        ("徐水大王店那边有个厂子冒黑烟", "徐水区", "大王店"),
        ("安肃镇北街村停水了", "徐水区", "安肃镇北街村"),
        ("我老家是涿州的,现在住在竞秀区幸福里小区8号楼", "竞秀区", "幸福里小区8号楼"),
        ("北市区红星小区", "莲池区", "红星小区"),
        ("新市区乐凯大街", "竞秀区", "乐凯大街"),
        ("裕华路和恒祥大街交叉口路灯不亮", None, "裕华路和恒祥大街交叉口"),
        ("蠡县留史镇浅井水", "蠡县", "留史镇"),
        ("暖气三天不热了", None, None),
    ],
)
def test_the_address_is_what_was_said(text: str, district: str | None, place: str | None) -> None:
    address = locate(text)

    assert (address.district, address.place) == (district, place)


@pytest.mark.parametrize(
    ("heard", "district", "place"),
    [
        ("我是安俗这的,家里停水了", "徐水区", "安肃镇"),
        ("我家住连池区玉华路", "莲池区", "裕华路"),
        ("我在靖秀区乐开大街", "竞秀区", "乐凯大街"),
        ("我是徐水区高林春镇的", "徐水区", "高林村镇"),
    ],
)
def test_names_heard_almost_right_are_mended_and_shown(
    heard: str, district: str, place: str
) -> None:
    address = locate(heard)

    assert (address.district, address.place) == (district, place)
    assert address.mends
    assert all(mend.heard in heard and 0.8 <= mend.score <= 1 for mend in address.mends)


def test_an_old_name_of_a_district_is_less_sure_than_the_new_one() -> None:
    old, new = locate("北市区停水了"), locate("莲池区停水了")

    assert (old.district, new.district) == ("莲池区", "莲池区")
    assert old.district_confidence < new.district_confidence


@pytest.mark.parametrize("name", ["容城县", "安新县", "雄县", "定州市"])
def test_neighbours_are_known_and_marked(name: str) -> None:
    address = locate(f"我是{name}的")

    assert address.district == name
    assert address.neighbour


def test_every_district_is_known_by_its_full_name() -> None:
    assert [locate(f"{name}停水了").district for name in load().districts] == list(load().districts)


def test_the_gazetteer_is_large_and_mending_a_sentence_is_quick() -> None:
    sentence = "我是安俗这的,我们这边从昨天晚上就停水了到现在还没有来水也没有人通知"
    find(sentence)

    began = time.process_time()
    for _ in range(20):
        find(sentence)
    spent_ms = (time.process_time() - began) * 1000 / 20

    assert len(load().by_form) >= 1000
    assert spent_ms < 20
