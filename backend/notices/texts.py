"""The sentences callers are told, by occasion."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "texts.yaml"
LONGEST = 300
"""An SMS of several parts; a long reason is cut."""


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """Return occasion -> sentence with places to fill."""
    loaded: dict[str, str] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.BaseLoader)
    return loaded


def sentence(occasion: str, facts: dict[str, str]) -> str:
    """Fill a sentence; what is not known is left out."""
    filled = texts()[occasion].format_map(_Known(facts))
    return filled if len(filled) <= LONGEST else f"{filled[: LONGEST - 1]}…"


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
