"""Where the caller can be reached: a number in the words, else the calling number."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)")
_FIXED = re.compile(
    r"(?<!\d)(0\d{2,3}-?\d{7,8})(?!\d)|(?:电话|座机|号码)(?:是|号码)?\D{0,3}(\d{7,8})(?!\d)"
)


def contact(text: str, caller: str | None) -> tuple[str | None, float, str]:
    """The number, its confidence 0..1 and why; `text` has its digits as digits."""
    spoken = _MOBILE.search(text)
    if spoken:
        return spoken[1], 0.95, "话里说的手机号"
    fixed = _FIXED.search(text)
    if fixed:
        return (fixed[1] or fixed[2]).replace("-", ""), 0.9, "话里说的固定电话"
    if caller:
        return caller, 0.9, "来电号码"
    return None, 0.0, "没有号码"
