"""How Chinese characters sound, and how far two syllables are apart for a telephone's ear."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_INITIALS = "zh ch sh b p m f d t n l g k h j q x r z c s y w"
"""Longest first, so that zh is not read as z."""
INITIALS = tuple(_INITIALS.split())
FOLDED_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "h": "f"}
FOLDED_FINAL = {"ing": "in", "eng": "en", "ang": "an", "iang": "ian", "uang": "uan", "ong": "on"}
_NEAR_INITIALS = "zh/j ch/q sh/x b/p d/t g/k j/q z/c z/s c/s f/w h/k j/x q/x y/r l/y b/m m/n"
_NEAR_FINALS = (
    "en/e eng/e an/a ang/a in/i ing/i ian/ie ian/i uan/an ong/eng ong/en uo/o o/e ou/u ou/o "
    "ui/ei ai/an ao/ou iao/ao iu/ou uai/ai ua/a un/en un/ong ie/i ei/i u/v ue/ie v/i ai/ei "
    "uang/ang iang/ang uan/un ian/an ia/a e/i"
)


def _pairs(written: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split("/")) for pair in written.split())


NEAR_INITIAL = _pairs(_NEAR_INITIALS)
NEAR_FINAL = _pairs(_NEAR_FINALS)


@lru_cache(maxsize=30_000)
def syllable(character: str) -> str:
    """The character's commonest reading without tone; the character itself if it has none."""
    return lazy_pinyin(character, style=Style.NORMAL)[0] if character else ""


def syllables(text: str) -> tuple[str, ...]:
    """One toneless reading a character, so that positions in sound and text agree."""
    return tuple(syllable(character) for character in text)


@lru_cache(maxsize=65_536)
def tones(text: str) -> tuple[str, ...]:
    """The tone of each character as read in this text: "1" to "4", or "5" for the neutral one."""
    read = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return tuple(syllable[-1] for syllable in read) if len(read) == len(text) else ()


def same_tone(one: str, other: str) -> bool:
    """Tell whether two tones are heard alike: the neutral one goes with every other."""
    return one == other or "5" in (one, other)


@lru_cache(maxsize=4096)
def parts(reading: str) -> tuple[str, str]:
    """A reading as initial and final: `zhen` gives `("zh", "en")`."""
    for initial in INITIALS:
        if reading.startswith(initial) and len(reading) > len(initial):
            return initial, reading[len(initial) :]
    return "", reading


@lru_cache(maxsize=4096)
def folded(reading: str) -> str:
    """The reading with the commonest confusions taken away: `zhang` and `zan` fold alike."""
    initial, final = parts(reading)
    return FOLDED_INITIAL.get(initial, initial) + FOLDED_FINAL.get(final, final)


@lru_cache(maxsize=65_536)
def gap(heard: str, meant: str) -> float:
    """How unlike two readings sound, 0 (same) to 1 (nothing in common)."""
    if heard == meant:
        return 0.0
    if folded(heard) == folded(meant):
        return 0.12
    (first_a, last_a), (first_b, last_b) = parts(heard), parts(meant)
    initial = _part_gap(first_a, first_b, FOLDED_INITIAL, NEAR_INITIAL)
    final = _part_gap(last_a, last_b, FOLDED_FINAL, NEAR_FINAL)
    return min(1.0, initial + final)


def _part_gap(
    heard: str, meant: str, folding: dict[str, str], near: frozenset[frozenset[str]]
) -> float:
    if heard == meant:
        return 0.0
    if folding.get(heard, heard) == folding.get(meant, meant):
        return 0.08
    return 0.25 if frozenset((heard, meant)) in near else 0.6


def likeness(heard: tuple[str, ...], meant: tuple[str, ...]) -> float:
    """How alike two readings of the same length sound, 0..1."""
    if len(heard) != len(meant) or not heard:
        return 0.0
    return 1.0 - sum(map(gap, heard, meant)) / len(heard)
