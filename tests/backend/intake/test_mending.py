import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.intake.mending import Change, mend
from backend.intake.vocabulary import build

HEARD = {
    "楼下饭店的游言直接往我家窗户里排": "油烟",
    "我是金秀区朝阳大街的居民": "竞秀区",
    "白沟震的市场里有人卖假货": "白沟镇",
    "商家不给推款": "退款",
    "我的杨老金没有发": "养老金",
    "我想资讯一下医保": "咨询",
}


@pytest.mark.parametrize(("heard", "meant"), HEARD.items())
def test_words_of_complaints_are_put_right_by_their_sound(heard: str, meant: str) -> None:
    assert meant in mend(heard).text


@pytest.mark.parametrize(
    "said",
    [
        "我家住在莲池区裕华路暖气已经三天不热了",
        "工地上干了三个月的活老板一直拖着工资不给",
        "五四路施工把我们家门口的路挖断了半年了",
        "我的电话是13800000000请回电",
        "hello 你好",
        "",
    ],
)
def test_what_is_right_stays_as_it_is(said: str) -> None:
    assert mend(said).text == said


def test_a_number_that_was_said_is_never_changed() -> None:
    vocabulary = build({"半个月": 50, "三天": 1}, {}, 1)

    assert mend("三个月", vocabulary).text == "三个月"


def test_the_name_of_a_place_may_hold_a_number() -> None:
    assert mend("汽一路上的井盖坏了").text.startswith("七一路")


def test_every_change_is_told() -> None:
    assert Change("游言", "油烟") in mend("楼下饭店的游言").changes


def test_a_pause_becomes_a_comma_between_words_and_goes_within_one() -> None:
    vocabulary = build({"路灯": 9, "坏了": 9}, {}, 1)

    assert mend("路 灯 坏了", vocabulary).text == "路灯，坏了"


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_keeps_what_is_not_hanzi(text: str) -> None:
    def rest(written: str) -> list[str]:
        return [c for c in written if not "\u4e00" <= c <= "\u9fff" and c not in " 、，,"]

    assert rest(mend(text).text) == rest(text)


def test_a_word_of_the_same_tones_is_believed_before_a_commoner_one_of_others() -> None:
    vocabulary = build({"医治": 5, "遗址": 2, "意志": 5}, {}, 1)

    assert mend("移止", vocabulary).text == "遗址"
