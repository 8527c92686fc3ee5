"""Digits as they are said on the telephone, and digits in what was said."""

_SAID = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
_GROUPS = {11: (3, 4, 4), 10: (3, 3, 4)}
"""How telephone numbers and ticket numbers are grouped; others by fours."""
_HEARD = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇幺两", "012", strict=True)),
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **{digit: digit for digit in "0123456789"},
}


def spoken_digits(number: str) -> str:
    """Say a number digit by digit, in groups an ear can hold: 1 is ``幺`` on the telephone."""
    digits = "".join(_SAID.get(c, "") for c in number)
    groups: list[str] = []
    sizes, start = _GROUPS.get(len(digits), ()), 0
    while start < len(digits):
        size = sizes[len(groups)] if len(groups) < len(sizes) else 4
        groups.append(digits[start : start + size])
        start += size
    return "，".join(groups)


def digits_in(text: str) -> str:
    """Give the digits somebody typed or said, in order; everything else is left out."""
    return "".join(_HEARD.get(c, "") for c in text)
