"""Writes digits as they are said: 幺 for one in numbers people write down, years digit by digit."""

import re

_PLAIN = "零一二三四五六七八九"
_CLEAR = "零幺二三四五六七八九"
_GROUPS = {11: (3, 4, 4), 10: (3, 3, 4), 9: (3, 3, 3), 8: (4, 4), 12: (4, 4, 4), 7: (3, 4)}
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?=年)")
_HOTLINE = re.compile(r"(?<!\d)12345(?!\d)")
_WRITTEN_DOWN = re.compile(
    r"(?<!\d)(?:\d{5,}|0\d+|1(?:10|19|20|22)|\d{4}(?![\d年月日天元块米吨度]))(?!\d)"
)


def spell(digits: str) -> str:
    """Say digits one by one, in groups as people write them down."""
    said = "".join(_CLEAR[int(digit)] for digit in digits)
    groups, start = [], 0
    for size in _GROUPS.get(len(digits), (len(digits),)):
        groups.append(said[start : start + size])
        start += size
    return "，".join(groups)


def as_said(text: str) -> str:
    """Write ticket numbers, codes and telephone numbers as they are said; leave amounts."""
    text = _HOTLINE.sub("一二三四五", text)
    text = _YEAR.sub(lambda found: "".join(_PLAIN[int(d)] for d in found[1]), text)
    return _WRITTEN_DOWN.sub(lambda found: spell(found[0]), text)
