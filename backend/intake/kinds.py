"""What the caller wants (Art. 11), from the words that say so outright."""

from __future__ import annotations

import re

from backend.intake.fields import Kind

_SAID = (
    (Kind.REPORT, re.compile(r"举报|检举|揭发")),
    (Kind.COMPLAINT, re.compile(r"投诉|告他们|告状")),
    (Kind.SUGGESTION, re.compile(r"建议|提个意见|提个想法|能不能考虑|希望政府能|应该增加|最好能")),
    (
        Kind.QUESTION,
        re.compile(
            r"咨询|问一下|问问|请问|打听|想了解|想知道|怎么办理|需要什么(?:材料|手续)|啥手续"
        ),
    ),
    (Kind.HELP, re.compile(r"解决|帮忙|帮帮|麻烦|求助|修一下|派人|处理一下|管管|协调|没人管")),
)


def said(text: str) -> tuple[Kind, str] | None:
    """The kind that the caller names, with the words; None when none is named."""
    for kind, words in _SAID:
        if match := words.search(text):
            return kind, match[0]
    return None
