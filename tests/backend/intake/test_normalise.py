"""Spoken numbers become digits; names keep theirs."""

import pytest

from backend.intake import normalise
from backend.intake.normalise import number, simplified, without_fillers
from backend.intake.places import exact


def normal(text: str) -> str:
    plain = simplified(text)
    return normalise(plain, [(found.start, found.end) for found in exact(plain)])


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("我电话幺三八零三一二三四五六", "我电话13803123456"),
        ("工单号二六幺幺二三零零四二", "工单号2611230042"),
        ("一三八 零零幺二 三四五六", "13800123456"),
        ("裕华路一百二十八号", "裕华路128号"),
        ("八号楼二单元三零二室", "8号楼2单元302室"),
        ("十二号楼", "12号楼"),
        ("七一路", "七一路"),
        ("五四中路", "五四中路"),
        ("三丰路八号", "三丰路8号"),
        ("家里停水三天了", "家里停水三天了"),
    ],
)
def test_numbers_that_are_numbers_become_digits(spoken: str, written: str) -> None:
    assert normal(spoken) == written


@pytest.mark.parametrize(
    ("words", "value"),
    [("一百二十八", "128"), ("一百二", "120"), ("二十", "20"), ("三零二", "302"), ("百", None)],
)
def test_number_words_have_values(words: str, value: str | None) -> None:
    assert number(words) == value


def test_traditional_and_full_width_writing_is_made_plain() -> None:
    assert simplified("蓮池區裕華路１２８號,暖氣不熱") == "莲池区裕华路128号,暖气不热"


def test_control_characters_are_dropped_and_long_text_is_cut() -> None:
    assert simplified("停\x00水\u202e了\n吗") == "停水了 吗"
    assert len(simplified("水" * 10_000)) == 4_000


def test_hesitation_is_left_out_for_matching() -> None:
    assert without_fillers("嗯嗯那个那个停水了哎呀") == "停水了"
