"""Writes what a recogniser heard as a transcript: digits as digits, pauses as commas."""

import re
from collections.abc import Sequence
from itertools import pairwise

from asr.engines import Word

_DIGITS = {
    "零": "0", "〇": "0", "幺": "1", "一": "1", "二": "2", "三": "3", "四": "4",
    "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
}  # fmt: skip
_HAN = r"㐀-䶿一-鿿"
_RUN = re.compile(f"[{''.join(_DIGITS)}0-9]{{3,}}")
_GAP = re.compile(f"(?<=[{_HAN}，。？！0-9])\\s+(?=[{_HAN}，。？！0-9])")
_PAUSE_SECONDS = 0.35


def transcript(text: str) -> str:
    """Close the gaps between hanzi and write three or more spoken digits in a row as digits."""
    closed = _GAP.sub("", text.strip())
    return _RUN.sub(_as_digits, closed)


def _as_digits(run: re.Match[str]) -> str:
    said = run[0]
    return "".join(_DIGITS.get(c, c) for c in said)


def punctuated(words: Sequence[Word]) -> str:
    """Join words; a hanzi transcript gets a comma at each pause and a full stop at the end."""
    if not words:
        return ""
    if not any(re.search(f"[{_HAN}]", w.word) for w in words):
        return " ".join(w.word for w in words)
    parts = [words[0].word]
    for before, word in pairwise(words):
        pause = word.start - before.end >= _PAUSE_SECONDS
        parts.append(("，" if pause else " ") + word.word)
    return transcript("".join(parts)) + "。"
