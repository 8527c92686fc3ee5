"""Strong words that settle a category: the floor under the trained classifier."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).parent / "data" / "rules.yaml"


class Rule(BaseModel):
    """A category gets at least probability `floor` when the words are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    floor: float = Field(gt=0, lt=1)

    def cue(self, text: str) -> str | None:
        """The words of the rule that stand in the text; None when the rule does not apply."""
        if any(word in text for word in self.none):
            return None
        if self.all and not all(word in text for word in self.all):
            return None
        hit = next((word for word in self.any if word in text), None)
        return hit or ("、".join(self.all) if self.all and not self.any else None)


@lru_cache(maxsize=1)
def load() -> tuple[Rule, ...]:
    """All rules, in the order of the file."""
    return tuple(Rule.model_validate(entry) for entry in yaml.safe_load(FILE.read_text("utf-8")))


def floors(text: str) -> dict[str, tuple[float, str]]:
    """For each category that a rule speaks for: the floor and the words that say so."""
    found: dict[str, tuple[float, str]] = {}
    for rule in load():
        if (cue := rule.cue(text)) and rule.floor > found.get(rule.category, (0.0, ""))[0]:
            found[rule.category] = (rule.floor, cue)
    return found
