import pytest

from asr.engines import Word
from asr.engines.ghosts import echoes, is_credit, loops, without_loops
from asr.engines.simplified import simplified
from asr.numbers import as_said
from asr.wording import punctuated, transcript


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("幺三八零零零零幺二三四", "13800001234"),
        ("我 的 电话 是 一 三 八 零 零", "我的电话是13800"),
        ("七一路", "七一路"),
        ("三天没热了", "三天没热了"),
        ("二零二六年", "2026年"),
        ("아 파 네요", "아 파 네요"),
    ],
)
def test_spoken_digits_are_written_as_digits(heard: str, written: str) -> None:
    assert transcript(heard) == written


def test_pauses_become_commas() -> None:
    words = [Word("停水", 0, 0.5, 1), Word("了", 0.5, 0.7, 1), Word("快来", 1.5, 2, 1)]

    assert punctuated(words) == "停水了，快来。"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("工单号是2611230042", "工单号是二六幺，幺二三，零零四二"),
        ("查询码4821", "查询码四八二幺"),
        ("电话13800001234", "电话幺三八，零零零零，幺二三四"),
        ("12345热线", "一二三四五热线"),
        ("正在转接119", "正在转接幺幺九"),
        ("2026年", "二零二六年"),
        ("欠了1200元", "欠了1200元"),
        ("3天", "3天"),
    ],
)
def test_numbers_are_said_as_people_say_them(text: str, said: str) -> None:
    assert as_said(text) == said


def test_what_no_caller_says_is_recognised() -> None:
    assert is_credit("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目")
    assert is_credit("谢谢观看")
    assert not is_credit(
        "我要投诉，电视台的字幕打错了，孩子天天看，希望你们能够管一管这件事情好不好"
    )
    assert loops("我要投诉" + "竞秀区" * 20)
    assert not loops("我们小区的电梯老是停运，物业也不管，在七一东路。")
    assert without_loops("竞秀区竞秀区竞秀区竞秀区") == "竞秀区"
    assert echoes("莲池区、竞秀区、满城区", "反映保定市莲池区、竞秀区、满城区的供热")


def test_traditional_characters_are_simplified() -> None:
    assert simplified("請儘快派人來修，暖氣沒熱") == "请尽快派人来修，暖气没热"
