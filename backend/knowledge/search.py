"""Finds knowledge by words as people say them: pairs of characters, titles before texts. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

MOST_PAIRS = 40
_RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_EMPTY = frozenset("的了吗呢吧啊我你他您们是在和与就都也很怎么什么请问一个")
_WEIGHTS = (6.0, 4.0, 1.0)
"""What a pair counts for in the title, in the keywords and in the body."""


def pairs(words: str) -> list[str]:
    """Return the pairs of characters that are looked for, each once; figures stay whole.

    >>> pairs("暖气不热怎么办")
    ['暖气', '气不', '不热']
    """
    found: dict[str, None] = {}
    for run in _RUNS.findall(words.lower()):
        if run[0].isascii():
            found[run] = None
            continue
        kept = "".join(one for one in run if one not in _EMPTY) or run
        if len(kept) == 1:
            found[kept] = None
        for one, two in itertools.pairwise(run):
            if one not in _EMPTY and two not in _EMPTY:
                found[one + two] = None
    return list(found)[:MOST_PAIRS]


def score(wanted: Iterable[str], title: str, keywords: str, body: str) -> float:
    """Return how well an article fits; 0 when nothing of what is wanted is in it."""
    parts = [part.lower() for part in (title, keywords, body)]
    return sum(
        weight
        for pair in wanted
        for weight, part in zip(_WEIGHTS, parts, strict=True)
        if pair in part
    )
