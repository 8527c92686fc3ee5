"""Recognises what Whisper invents: subtitles' credits on silence, loops, echoes of its hints."""

import re
import zlib

_CREDITS = re.compile(
    "字幕|点赞|订阅|打赏|转发|明镜|Amara|谢谢(观看|收看|大家)|感谢(观看|收看|您的观看)|下集"
    "|李宗盛|优优独播|請不吝|Subtitle|Thank you"
)
_LOOP = re.compile(r"(.{2,14}?)\1{2,}")
_SHORT_LOOP = re.compile(r"(.)\1{4,}")
_UNSPOKEN = re.compile(r"[\s\W_]+")


def bare(text: str) -> str:
    """Leave only what is spoken."""
    return _UNSPOKEN.sub("", text)


def is_credit(text: str) -> bool:
    """Tell whether a short text is a subtitle's credit, which no caller says."""
    return bool(_CREDITS.search(text)) and len(bare(text)) <= 24


def loops(text: str) -> bool:
    """Tell whether a text repeats itself as no caller does."""
    raw = text.encode()
    if len(raw) > 60 and len(raw) / len(zlib.compress(raw)) > 2.4:
        return True
    found = _LOOP.search(bare(text))
    return bool(found and len(found[0]) >= 12)


def without_loops(text: str) -> str:
    """Say each repeated piece once."""
    return _SHORT_LOOP.sub(r"\1", _LOOP.sub(r"\1", text))


def echoes(text: str, hints: str) -> bool:
    """Tell whether a text was read off the hints instead of heard."""
    said = bare(text)
    return bool(hints) and len(said) >= 6 and said in bare(hints)
