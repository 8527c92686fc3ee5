"""Every endpoint of an application with the right that opens it, read from the endpoint itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from backend.database import Reading, Writing
from backend.people.access import OPEN, RIGHT, identify
from backend.people.rights import SERVICE_RIGHTS, TABLE, TOKEN_RIGHTS, Right
from backend.people.roles import Role

SESSIONS = tuple(get_args(kind)[1].dependency for kind in (Reading, Writing))
OTHERS = {"programs": SERVICE_RIGHTS, "other systems": TOKEN_RIGHTS}
"""Who else may pass: the hotline's own programs, and another system with every scope."""
OPENED_ELSEWHERE = {
    "/openapi.json": "the description of the API holds no data",
    "/docs": "the description of the API holds no data",
}
"""Paths that the framework itself answers, and why they are open."""


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one path: the rights it asks for, or why it is open to all."""

    method: str
    path: str
    rights: tuple[Right, ...]
    open_because: str | None
    session_first: bool = False
    """A session to the database is opened before it is known who asks: a fault."""

    @property
    def unguarded(self) -> bool:
        """Tell whether nobody said who may pass."""
        return not self.rights and self.open_because is None

    def opens_for(self, role: Role) -> bool:
        """Tell whether a person of this role alone passes."""
        return all(role in TABLE[right].roles for right in self.rights)


def doors(app: FastAPI) -> list[Door]:
    """Return every door of an application, by path and method."""
    found = []
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        dependant: Dependant | None = getattr(route, "dependant", None)
        calls = list(_calls(dependant)) if dependant else []
        rights = tuple(dict.fromkeys(getattr(one, RIGHT) for one in calls if hasattr(one, RIGHT)))
        reasons = [getattr(one, OPEN) for one in calls if hasattr(one, OPEN)]
        because = reasons[0] if reasons else OPENED_ELSEWHERE.get(path)
        late = _session_first(calls)
        for method in (route.methods or {"*"}) - {"HEAD"}:
            found.append(Door(method, path, rights, because, late))
    return sorted(found, key=lambda door: (door.path, door.method))


def table(found: Sequence[Door]) -> str:
    """Draw role x endpoint in Markdown: a dot where the role passes."""
    heads = ["endpoint", "right", "articles", *(role.value for role in Role), *OTHERS]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for door in found:
        names = ", ".join(door.rights) or f"open: {door.open_because or 'NOBODY SAID WHY'}"
        articles = sorted({one for right in door.rights for one in TABLE[right].articles})
        passes = ["●" if door.opens_for(role) else "" for role in Role]
        passes += ["●" if set(door.rights) <= held else "" for held in OTHERS.values()]
        cells = [f"{door.method} {door.path}", names, ", ".join(map(str, articles)), *passes]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _session_first(calls: Sequence[object]) -> bool:
    if identify not in calls:
        return False
    return any(opens in calls[: calls.index(identify)] for opens in SESSIONS)


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
