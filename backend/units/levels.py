"""Levels of units 单位层级 (Art. 2), and which level may stand under which."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """What kind of body a unit is."""

    CITY = "city"
    """市: the root of the tree."""
    COUNTY = "county"
    """县（市、区）."""
    TOWNSHIP = "township"
    """乡（镇）、街道办事处."""
    DEPARTMENT = "department"
    """工作部门, of the city or of a county; may have branches of its own."""
    UTILITY = "utility"
    """公共服务企业事业单位: water, power, gas, heat, buses …; may have branches."""

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]


_CHINESE = {
    Level.CITY: "市",
    Level.COUNTY: "县（市、区）",
    Level.TOWNSHIP: "乡镇、街道",
    Level.DEPARTMENT: "工作部门",
    Level.UTILITY: "公共服务单位",
}

UNDER: dict[Level, frozenset[Level]] = {
    Level.CITY: frozenset(),
    Level.COUNTY: frozenset({Level.CITY}),
    Level.TOWNSHIP: frozenset({Level.COUNTY}),
    Level.DEPARTMENT: frozenset({Level.CITY, Level.COUNTY, Level.DEPARTMENT}),
    Level.UTILITY: frozenset({Level.CITY, Level.COUNTY, Level.DEPARTMENT, Level.UTILITY}),
}
"""Level -> the levels it may stand under; the city stands under none."""
