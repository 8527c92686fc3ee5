"""Verdicts as JSON lines, for the operator's command."""

import json
from collections.abc import Iterable, Iterator

from .detector import Detector


def detect_lines(texts: Iterable[str], detector: Detector) -> Iterator[str]:
    """One JSON object a text, in order: decision, service, also, cue, listed, weakened_by."""
    for text in texts:
        verdict = detector.detect(text)
        yield json.dumps(
            {
                "text": text,
                "decision": verdict.decision,
                "service": verdict.service,
                "also": list(verdict.also),
                "cue": verdict.cue,
                "listed": verdict.listed,
                "weakened_by": verdict.weakened_by,
            },
            ensure_ascii=False,
        )
