"""The tree of units as paths: pure rules, no database."""

from __future__ import annotations

from dataclasses import dataclass

from backend.units.levels import UNDER, Level

MOST_DEPTH = 8
ROOT = "/"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a unit may not stand where it is put."""

    field: str
    problem: str
    remedy: str


def path_under(parent_path: str | None, unit_id: int) -> str:
    """Return the path of a unit under a parent, or of the root."""
    return f"{parent_path or ROOT}{unit_id}/"


def ids_in(path: str) -> list[int]:
    """Return the ids of a path, root first."""
    return [int(part) for part in path.split("/") if part]


def bounds(path: str) -> tuple[str, str]:
    """Return the half-open range of paths that a subtree fills: `0` is the byte after `/`."""
    return path, path[:-1] + "0"


def contains(path: str, other: str) -> bool:
    """Tell whether `other` is this unit or one below it."""
    return other.startswith(path)


def placement_fault(
    level: Level,
    parent: tuple[Level, str] | None,
    *,
    own_path: str | None = None,
    height: int = 1,
) -> Fault | None:
    """Say why a unit may not stand under a parent (its level and path), or None.

    `own_path` is given when an existing unit moves; `height` counts the rows of its subtree.
    """
    allowed = UNDER[level]
    names = "、".join(one.value for one in Level if one in allowed)
    if parent is None:
        if allowed:
            return Fault("parent_id", f"a {level} stands under another unit", f"give one: {names}")
        return None
    parent_level, parent_path = parent
    if own_path is not None and contains(own_path, parent_path):
        return Fault(
            "parent_id",
            "the new parent is the unit itself or stands below it",
            "choose a unit outside of this one's own branch",
        )
    if parent_level not in allowed:
        remedy = f"choose one of: {names}" if names else "leave parent_id out"
        return Fault("parent_id", f"a {level} does not stand under a {parent_level}", remedy)
    if len(ids_in(parent_path)) + height > MOST_DEPTH:
        return Fault("parent_id", f"deeper than {MOST_DEPTH} levels", "choose a unit higher up")
    return None
