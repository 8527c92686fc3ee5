"""Takes out of a caller's words what could tell who or where they are; the danger stays."""

from __future__ import annotations

import re

from backend.people.callers import hush

_HAN_DIGITS = "零〇一二三四五六七八九十百两幺"
_SERVICES = r"(?:110|119|120|122|12345)"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
    "雷钱汤尹黎易常武乔贺赖龚文"
)
_RULES = (
    (re.compile(r"\d*\*{2,}\d*"), "某号码"),
    (re.compile(r"[一-鿿][A-Za-z][·. ]?[A-Za-z0-9]{5,6}"), "某车牌"),
    (re.compile(rf"(?!{_SERVICES}(?!\d))(?<!\d)\d{{5,}}[Xx]?"), "某号码"),
    (
        re.compile(
            rf"(?<![{_HAN_DIGITS}\d])[{_HAN_DIGITS}\d]+(?=号楼|号院|栋|幢|单元|室|号(?!线))"
        ),
        "某",
    ),
    (
        re.compile(rf"((?:我叫|名叫|名字叫|姓名是?))[{_SURNAMES}][一-鿿]{{1,2}}"),
        r"\1某某",
    ),
    (re.compile(rf"(我姓|免贵姓)[{_SURNAMES}]"), r"\1某"),
)


def anonymous(words: str) -> str:
    """Return the words without numbers, names that were given, plates, houses and rooms.

    >>> anonymous("我叫王小明，手机13812345678，裕华路12号楼3单元着火了")
    '我叫某某，手机某号码，裕华路某号楼某单元着火了'
    """
    plain = hush(" ".join(words.split()))
    for pattern, instead in _RULES:
        plain = pattern.sub(instead, plain)
    return plain
