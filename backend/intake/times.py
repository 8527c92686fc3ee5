"""When the matter began, as it was said and as a day."""

from __future__ import annotations

import datetime
import re

from backend.intake.normalise import number

_N = r"[0-9一二两三四五六七八九十半几好多]{1,3}"
_PARTS = r"(?:凌晨|清早|早上|早晨|上午|中午|下午|晚上|夜里|半夜|后半夜|傍晚)"
_HOUR = rf"(?:{_N}点(?:半|多钟?|钟|左右|{_N}分?)?)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:今年|去年|前年)?{_N}月{_N}[号日]{_PARTS}?{_HOUR}",
        rf"(?:大前天|前天|昨天|昨儿|今天|今儿|昨夜|昨晚|今早|今晨|刚才|刚刚){_PARTS}?{_HOUR}",
        rf"(?:上个?|这个?|本)?(?:周|星期|礼拜)[一二三四五六日天末]{_PARTS}?{_HOUR}",
        rf"{_N}(?:个)?(?:多)?(?:天|宿|周|星期|礼拜|月|年|小时|钟头)(?:多|半)?(?=了|没|不|都|以来|以前|之前)",
        r"(?:上个?月底?|这个月|月初|月底|去年(?:冬天|夏天|春天|秋天|年底)?|今年(?:春天|夏天|秋天|冬天|年初)?|前年|入冬以来|开春以来|前几天|前些天|这几天|这两天|最近|近期|上周|上星期|上礼拜|半个月)",
        rf"{_N}月份",
    )
)
_DAYS = {"大前天": 3, "前天": 2, "昨": 1, "今": 0, "刚": 0}
_WEEKDAYS = "一二三四五六日"
_SPAN = {"天": 1, "宿": 1, "周": 7, "星期": 7, "礼拜": 7}


def began(
    text: str, at: datetime.datetime | None
) -> tuple[str | None, datetime.date | None, float]:
    """The words, the day they mean if `at` is given and they name one, and a confidence 0..1."""
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            day = day_of(match[0], at.date()) if at else None
            return match[0], day, 0.9 if day else 0.75
    return None, None, 0.0


def day_of(words: str, today: datetime.date) -> datetime.date | None:
    """The day that `words` mean on `today`; None when they are vague (最近, 去年)."""
    for mark, days in _DAYS.items():
        if words.startswith(mark) and not words.startswith("今年"):
            return today - datetime.timedelta(days=days)
    if match := re.search(r"(?:周|星期|礼拜)([一二三四五六日天])", words):
        return _weekday(words, match[1], today)
    if match := re.search(
        r"([0-9一二三四五六七八九十]+)月([0-9一二三四五六七八九十]+)[号日]", words
    ):
        return _month_day(words, number(match[1]), number(match[2]), today)
    match = re.search(r"([0-9一二两三四五六七八九十]+)个?(天|宿|周|星期|礼拜)", words)
    if match and (count := number(match[1])):
        return today - datetime.timedelta(days=int(count) * _SPAN[match[2]])
    return None


def _weekday(words: str, name: str, today: datetime.date) -> datetime.date:
    wanted = _WEEKDAYS.index("日" if name == "天" else name)
    monday = today - datetime.timedelta(days=today.weekday() + (7 if words.startswith("上") else 0))
    day = monday + datetime.timedelta(days=wanted)
    return day if day <= today else day - datetime.timedelta(days=7)


def _month_day(
    words: str, month: str | None, day: str | None, today: datetime.date
) -> datetime.date | None:
    if month is None or day is None:
        return None
    year = today.year - (1 if words.startswith("去年") else 2 if words.startswith("前年") else 0)
    try:
        said = datetime.date(year, int(month), int(day))
    except ValueError:
        return None
    return said if said <= today else said.replace(year=year - 1, day=min(said.day, 28))
