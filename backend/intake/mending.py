"""Words heard almost right are put right by their sound: 游言 becomes 油烟. Pure.

A recogniser writes what it heard with the commonest characters of that sound. Among all ways to
read the same syllables the likeliest one is taken, where a word of the hotline's own may stand for
one that sounds nearly alike (noisy channel, found by dynamic programming over the syllables).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from backend.intake import sound
from backend.intake.vocabulary import Sounds, Vocabulary, keys_of, load

RUN = re.compile(r"[\u4e00-\u9fff]+(?:[ 、，,]+[\u4e00-\u9fff]+)*")
"""Characters with the pauses between them: a recogniser writes one as a space or a comma."""
PAUSE = re.compile(r"[ 、，,]+")
LONGEST = 7
"""The longest word, in characters."""
HOMOPHONE = 1.0
"""What it costs to write another character of the very same sound and tone."""
CHANGED = 3.0
"""What it costs to write another character of the same syllable in another tone."""
NEAR = 2.0
"""What it costs besides when the sound is one that telephones confuse."""
FAR = 12.0
"""What it costs besides, for a gap of 1.0 between two sounds."""
UNLIKE = 0.9
"""From this gap on two syllables have nothing in common: the word is another one."""

KEPT = frozenset("零一二三四五六七八九十百千万两半几")
"""Numbers are never put right, except in the name of a place: 三个月 stays 三个月."""


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch that was put right."""

    heard: str
    meant: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The words after mending, and what was changed in them."""

    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    words: tuple[tuple[str, str], ...]
    """(heard, meant) from the beginning on."""


def mend(text: str, vocabulary: Vocabulary | None = None) -> Mended:
    """Put right what sounds like the hotline's own words; everything else stays as heard.

    A pause between two words becomes a comma, one within a word goes.
    """
    known = vocabulary or load()
    written: list[str] = []
    changes: list[Change] = []
    at = 0
    for run in RUN.finditer(text):
        words = _likeliest(PAUSE.sub("", run.group()), known)
        written += [text[at : run.start()], _joined(words, _pauses(run.group()))]
        changes += [Change(heard, meant) for heard, meant in words if heard != meant]
        at = run.end()
    return Mended("".join([*written, text[at:]]), tuple(changes))


def _pauses(run: str) -> set[int]:
    """After how many characters there was a pause."""
    return {len(PAUSE.sub("", run[: gap.start()])) for gap in PAUSE.finditer(run)}


def _joined(words: tuple[tuple[str, str], ...], pauses: set[int]) -> str:
    """Write the words one after another, with a comma where a pause fell between two."""
    written, at = "", 0
    for heard, meant in words:
        written += ("，" if at in pauses else "") + meant
        at += len(heard)
    return written


def _likeliest(run: str, known: Vocabulary) -> tuple[tuple[str, str], ...]:
    """The cheapest division of a run of characters into words, as (heard, meant)."""
    spoken = tuple(lazy_pinyin(run))
    if len(spoken) != len(run):
        return ((run, run),)
    folded = tuple(map(sound.folded, spoken))
    best = [_Path(0.0, ())]
    for end in range(1, len(run) + 1):
        ways = [
            _Path(best[start].cost + cost, (*best[start].words, (run[start:end], meant)))
            for start in range(max(0, end - LONGEST), end)
            for meant, cost in _readings(
                run[start:end], spoken[start:end], folded[start:end], known
            )
        ]
        best.append(min(ways, key=lambda way: way.cost))
    return best[-1].words


def _readings(
    heard: str, spoken: Sounds, folded: Sounds, known: Vocabulary
) -> list[tuple[str, float]]:
    """Every word these characters may stand for, the characters themselves first, with its cost."""
    found: dict[str, float] = {}
    if (cost := known.cost(heard)) is not None:
        found[heard] = cost
    if len(heard) > 1:
        for key in keys_of(folded):
            for word, sounds in known.by_sound.get(key, ()):
                if word not in found and _may_replace(heard, word, known):
                    found[word] = (known.cost(word) or 0.0) + _strain(heard, spoken, word, sounds)
    return list(found.items())


def _may_replace(heard: str, word: str, known: Vocabulary) -> bool:
    """Refuse a word that would change a number the caller said."""
    changed = {c for pair in zip(heard, word, strict=True) if pair[0] != pair[1] for c in pair}
    return word in known.places or KEPT.isdisjoint(changed)


def _strain(heard: str, spoken: Sounds, word: str, sounds: Sounds) -> float:
    """What it takes to believe that ``word`` was said where these characters were heard."""
    cost = 0.0
    for at, (said, should) in enumerate(zip(spoken, sounds, strict=True)):
        if heard[at] == word[at]:
            continue
        gap = sound.gap(said, should)
        if gap >= UNLIKE:
            return math.inf
        if gap == 0:
            cost += HOMOPHONE if _in_one_tone(heard, word, at) else CHANGED
        else:
            cost += CHANGED + (NEAR if gap <= 0.2 else FAR * gap)
    return cost


def _in_one_tone(heard: str, word: str, at: int) -> bool:
    one, other = sound.tones(heard), sound.tones(word)
    return bool(one and other) and sound.same_tone(one[at], other[at])
