"""Which unit leads a matter 承办单位, by the duty list 派单目录 (Art. 17)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parent / "data" / "duties.yaml"


class Entry(BaseModel):
    """One line of the duty list; `{d}` in a unit's name stands for the district."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: str
    city: str
    urban: str
    county: str
    basis: str


class DutyList(BaseModel):
    """The duty list: its version, the districts of the main city, one entry a category."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    urban: tuple[str, ...]
    entries: tuple[Entry, ...]


@lru_cache(maxsize=1)
def load() -> DutyList:
    """The duty list, read once; a fault in the file raises pydantic's ValidationError."""
    return DutyList.model_validate(yaml.safe_load(FILE.read_text("utf-8")))


def lead(category: str, district: str | None, neighbour: bool = False) -> tuple[str, str]:
    """The unit that leads and why (entry and basis); a neighbour's matter goes to its hotline."""
    if neighbour and district:
        return (
            f"{district}政务服务便民热线",
            f"{district}不在本市派单范围，转交当地热线（第十六条第四项）",
        )
    duties = load()
    entry = next(e for e in duties.entries if e.category == category)
    if district is None:
        unit = entry.city
    else:
        unit = (entry.urban if district in duties.urban else entry.county).format(d=district)
    return unit, f"派单目录{duties.version} {entry.id}：{entry.basis}"
