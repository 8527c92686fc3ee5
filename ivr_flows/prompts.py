"""The sentences callers hear, by name."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr_flows.yaml_files import Fault, read_mapping

PROMPTS = Path(__file__).parent / "prompts"
HANZI_PER_SECOND = 4.5
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SPOKEN = re.compile(r"[0-9A-Za-z㐀-䶿一-鿿]")


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    say: Annotated[str, Field(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One sentence; with ``{placeholders}`` it is made during the call, else rendered once."""

    name: str
    say: str

    @property
    def placeholders(self) -> frozenset[str]:
        """Name what must be known before this prompt can be said."""
        return frozenset(_PLACEHOLDER.findall(self.say))

    @property
    def dynamic(self) -> bool:
        """Tell whether the sentence is made during the call."""
        return bool(self.placeholders)

    @property
    def seconds(self) -> float:
        """Estimate how long the sentence takes to say, in seconds."""
        return spoken_seconds(_PLACEHOLDER.sub("", self.say))

    def fill(self, known: dict[str, str]) -> str:
        """Put what is known in place of the placeholders; unknown ones fall silent."""
        return _PLACEHOLDER.sub(lambda found: known.get(found[1], ""), self.say)


def spoken_seconds(text: str) -> float:
    """Estimate how long a Mandarin sentence takes to say, in seconds."""
    return len(_SPOKEN.findall(text)) / HANZI_PER_SECOND


def read_prompts(folder: Path = PROMPTS) -> tuple[dict[str, Prompt], list[Fault]]:
    """Read every prompt file of a folder, with all faults found in them."""
    prompts: dict[str, Prompt] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        written, found = read_mapping(path)
        faults += found
        for name, value in written.items():
            faults += _take(path, str(name), value, prompts)
    return prompts, faults


def _take(path: Path, name: str, value: object, prompts: dict[str, Prompt]) -> list[Fault]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return [Fault(path, name, "is not a name", "use small letters, digits and _")]
    if name in prompts:
        return [Fault(path, name, "is in two prompt files", "keep one of them")]
    try:
        prompts[name] = Prompt(name, _Written.model_validate(value).say)
    except ValidationError as error:
        return [
            Fault(path, name, e["msg"].lower(), f'write {name}: {{say: "…"}}')
            for e in error.errors()
        ]
    return []


def load_prompts(folder: Path = PROMPTS) -> dict[str, Prompt]:
    """Give all prompts by name, or raise ``ValueError`` with every fault in plain words."""
    prompts, faults = read_prompts(folder)
    if faults:
        raise ValueError("\n".join(map(str, faults)))
    return prompts
