"""What is sent and shown of units."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from backend.intake import gazetteer, urgency
from backend.units import tree
from backend.units.levels import Level
from backend.units.models import Unit

Id = Annotated[int, Field(ge=1, le=2**53 - 1)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


def plain(text: str) -> str:
    """Refuse what no name holds: control characters and nothing but spaces."""
    text = text.strip()
    if not text or not text.isprintable():
        raise ValueError("must be words without line breaks or control characters")
    return text


def _district(name: str) -> str:
    known = gazetteer.load()
    names = [one for one in known.districts if one not in known.neighbours]
    if name not in names:
        raise ValueError(f"must be one of {'、'.join(names)}")
    return name


def _duties(names: list[str]) -> list[str]:
    known = urgency.usual()
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"{'、'.join(unknown)}: must be of {'、'.join(known)}")
    return sorted(set(names))


Plain = Annotated[str, Field(max_length=100), AfterValidator(plain)]
District = Annotated[str, Field(max_length=40), AfterValidator(_district)]
Duties = Annotated[list[str], Field(max_length=100), AfterValidator(_duties)]


class UnitIn(BaseModel):
    """A new unit; `duties` are categories of matters, `district` follows the parent's."""

    name: Plain
    level: Level
    parent_id: Id | None = None
    district: District | None = None
    duties: Duties = []


class UnitChange(BaseModel):
    """What changes of a unit read at `version`; what is left out stays."""

    version: Version
    name: Plain | None = None
    parent_id: Id | None = None
    district: District | None = None
    duties: Duties | None = None
    active: bool | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given; only `district` can be taken away with null."""
        given = self.model_dump(exclude_unset=True, exclude={"version"})
        return {
            name: value for name, value in given.items() if value is not None or name == "district"
        }


class UnitView(BaseModel):
    """One unit; `path` holds the ids from the root down to it."""

    id: int
    name: str
    level: Level
    parent_id: int | None
    path: list[int]
    district: str | None
    duties: list[str]
    active: bool
    version: int
    updated_at: dt.datetime


class UnitPage(BaseModel):
    """Some units in the order of the tree; `next_cursor` asks for the ones after them."""

    items: list[UnitView]
    next_cursor: str | None


def unit_view(unit: Unit) -> UnitView:
    """Show a unit."""
    return UnitView(
        id=unit.id,
        name=unit.name,
        level=Level(unit.level),
        parent_id=unit.parent_id,
        path=tree.ids_in(unit.path),
        district=unit.district,
        duties=unit.duties,
        active=unit.active,
        version=unit.version,
        updated_at=unit.updated_at,
    )
