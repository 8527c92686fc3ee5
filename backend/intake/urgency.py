"""How fast: the tier of the category, made faster by words of danger or of many people hit."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from backend.intake.fields import Kind, Tier

FILE = Path(__file__).parent / "data" / "categories.tsv"
VITAL = frozenset({"供热", "供水", "供电", "供气"})
"""Water, power, gas and heat are served day and night (Art. 19)."""

_CUT_OFF = re.compile(
    r"爆管|爆裂|爆了|漏气|跑水|喷水|全停|整(?:栋|个|片|条|座)?(?:楼|小区|村|片)?(?:都|全)|全(?:小区|村|楼)|大面积"
    r"|(?:停|断)(?:水|电|气|暖|供)|没(?:有)?(?:水|电|气|暖气)"
)
_WEAK = re.compile(r"老人|孩子|婴儿|宝宝|月子|孕妇|病人|透析|呼吸机|残疾")
_DANGER = re.compile(
    r"危险|要塌|快塌|塌了|塌陷|掉下来|砸到|砸着|漏电|火花|触电|电线.{0,4}(?:断|掉|垂)|井盖.{0,4}(?:丢|没|坏|碎)"
    r"|摔(?:伤|了|倒|着)|着火|中毒|出人命|掉进去|掉坑|困(?:人|在|住)"
)
_FASTER = {Tier.FIVE_DAYS: Tier.DAY, Tier.THREE_DAYS: Tier.DAY, Tier.DAY: Tier.TWO_HOURS}


@lru_cache(maxsize=1)
def usual() -> dict[str, Tier]:
    """The tier of each category when nothing makes it urgent."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: Tier(row["tier"]) for row in csv.DictReader(lines, delimiter="\t")}


def tier(text: str, category: str, kind: Kind, sure: float) -> tuple[Tier, float, str]:
    """The tier of Art. 19, its confidence 0..1 and why; `sure` is how sure the category is."""
    base = usual()[category]
    if kind in (Kind.QUESTION, Kind.SUGGESTION):
        return base, sure, f"{category}的通常时限"
    if category in VITAL and (cue := _CUT_OFF.search(text) or _WEAK.search(text)):
        return Tier.TWO_HOURS, sure, f"水电气热，说到“{cue[0]}”"
    if (cue := _DANGER.search(text)) and base in _FASTER:
        return _FASTER[base], sure, f"说到“{cue[0]}”，加快一级"
    return base, sure, f"{category}的通常时限"
