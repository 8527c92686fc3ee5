"""An identity: who asks, what they may do, and whose matters they see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.people.rights import SERVICE_RIGHTS, TOKEN_RIGHTS, Right, rights_of
from backend.people.roles import UNIT_ROLES, Role
from backend.people.sight import ALL, NOTHING, Sight


@dataclass(frozen=True, slots=True)
class Identity:
    """A program of the hotline, a person, or another system; `actor` is its name in histories."""

    actor: str
    rights: frozenset[Right]
    sight: Sight
    person_id: int | None = None
    session_id: int | None = None
    must_change: bool = False
    """Nothing but the own account is open before the password is changed."""
    name: str = ""
    """What a person is called on pages; histories keep `actor`."""

    def may(self, right: Right) -> bool:
        """Tell whether this right is held and usable now."""
        return right in self.rights and (not self.must_change or right is Right.OWN_ACCOUNT)


SERVICE = Identity("service", SERVICE_RIGHTS, ALL)
"""The programs of the hotline itself, which share one token."""


def of_person(
    person_id: int,
    roles: Iterable[Role],
    unit_path: str | None,
    *,
    session_id: int,
    must_change: bool = False,
    name: str = "",
) -> Identity:
    """Make the identity of a signed-in person."""
    held = frozenset(roles)
    return Identity(
        actor=f"person:{person_id}",
        rights=frozenset(right for role in held for right in rights_of(role)),
        sight=_sight(held, unit_path),
        person_id=person_id,
        session_id=session_id,
        must_change=must_change,
        name=name,
    )


def of_system(token_id: int, scopes: Iterable[Right], unit_path: str | None) -> Identity:
    """Make the identity of another system; with a unit it sees that unit's branch only."""
    sight = Sight(path=unit_path, branch=True) if unit_path else ALL
    return Identity(f"token:{token_id}", frozenset(scopes) & TOKEN_RIGHTS, sight)


def _sight(roles: frozenset[Role], unit_path: str | None) -> Sight:
    """The hotline sees all; a lead the unit and those below it; a handler the unit."""
    if roles & UNIT_ROLES:
        return Sight(path=unit_path, branch=Role.UNIT_LEAD in roles) if unit_path else NOTHING
    return ALL if roles else NOTHING
