"""What the caller wants (Art. 11): a word that says so outright, else the classifier."""

from __future__ import annotations

import re

from backend.intake import classifier
from backend.intake.fields import Kind

_SAID = (
    (Kind.REPORT, re.compile(r"(?:我|来|要|想|，|,|^)\s?(?:要|来)?(?:举报|检举|揭发)")),
    (Kind.COMPLAINT, re.compile(r"(?:我|要|得|想|，|,|^)\s?(?:要|得)?投诉(?!没|了|电话|过)")),
    (Kind.SUGGESTION, re.compile(r"建议|提个意见|提个想法|我提一?个")),
    (
        Kind.QUESTION,
        re.compile(
            r"咨询|问一下|问问|请问|打听|想了解|想知道|(?:需要|要|带)(?:什么|啥|哪些)(?:材料|手续)"
        ),
    ),
    (Kind.HELP, re.compile(r"麻烦.{0,12}(?:解决|处理|修|看看)|帮忙|帮帮|求助|派人|赶紧来")),
)
_FLOOR = 0.86


def kind(text: str) -> tuple[Kind, float, str]:
    """The kind, its confidence 0..1, and the words or the probability that decided."""
    chances = classifier.kinds().probabilities(text)
    guess = max(chances, key=lambda name: chances[name])
    for named, words in _SAID:
        match = words.search(text)
        if match and (chances.get(named, 0.0) > 0.15 or named in (Kind.REPORT, Kind.COMPLAINT)):
            return named, round(max(_FLOOR, chances.get(named, 0.0)), 3), f"说到“{match[0]}”"
    return Kind(guess), round(chances[guess], 3), f"分类器认为是{guess}"
