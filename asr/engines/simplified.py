"""Writes traditional characters as simplified ones: the model mixes them, the hotline does not."""

from functools import cache


@cache
def _table() -> dict[int, str]:
    from misaki.zh_normalization.char_convert import (  # noqa: PLC0415  large, wanted once
        simplified_charcters,
        traditional_characters,
    )

    pairs = zip(traditional_characters, simplified_charcters, strict=False)
    return {ord(old): new for old, new in pairs if old != new}


def simplified(text: str) -> str:
    """Write every traditional character of a text as its simplified one."""
    return text.translate(_table())
