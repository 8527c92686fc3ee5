"""Sight: which units' matters somebody sees; a unit sees its own only (Art. 13, 35)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute

from backend.units import tree
from backend.units.queries import ids_in_branch


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything, one unit, a unit with its branch, or nothing."""

    everything: bool = False
    path: str | None = None
    branch: bool = False

    def condition(self, unit_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Return the condition on a column of unit ids, for a query's WHERE."""
        if self.everything:
            return true()
        if self.path is None:
            return false()
        if self.branch:
            return unit_id.in_(ids_in_branch(self.path))
        return unit_id == tree.ids_in(self.path)[-1]

    def covers(self, unit_path: str | None) -> bool:
        """Tell whether matters of the unit of this path are seen; None is nobody's yet."""
        if self.everything:
            return True
        if self.path is None or unit_path is None:
            return False
        return tree.contains(self.path, unit_path) if self.branch else unit_path == self.path


ALL = Sight(everything=True)
NOTHING = Sight()
