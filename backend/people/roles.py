"""Roles 角色, and which of them one person may not hold together."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What a person is for the hotline; a person may hold several."""

    AGENT = "agent"
    """话务员: takes calls and confirms drafts (Art. 15, 16)."""
    DISPATCHER = "dispatcher"
    """派单员: settles whose matter it is and decides returns (Art. 17, 20)."""
    SUPERVISOR = "supervisor"
    """督办员: watches what is late and presses for it (Art. 24)."""
    UNIT_HANDLER = "unit_handler"
    """承办人: signs, handles and replies for a unit (Art. 20, 22)."""
    UNIT_LEAD = "unit_lead"
    """承办单位负责人: answers for a unit and the units below it (Art. 7, 21, 23)."""
    AUDITOR = "auditor"
    """审计员: reads what was done, changes nothing (Art. 35, 38)."""
    ADMINISTRATOR = "administrator"
    """系统管理员: keeps people, units and access of other systems; sees no citizen's data."""

    @property
    def chinese(self) -> str:
        """The word people use for it."""
        return _CHINESE[self]


_CHINESE = {
    Role.AGENT: "话务员",
    Role.DISPATCHER: "派单员",
    Role.SUPERVISOR: "督办员",
    Role.UNIT_HANDLER: "承办人",
    Role.UNIT_LEAD: "承办单位负责人",
    Role.AUDITOR: "审计员",
    Role.ADMINISTRATOR: "系统管理员",
}

HOTLINE_ROLES = frozenset({Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR})
"""Roles of the hotline's own body 热线工作机构 (Art. 6)."""
UNIT_ROLES = frozenset({Role.UNIT_HANDLER, Role.UNIT_LEAD})
"""Roles of a handling unit; their holder belongs to one."""


def clash(roles: Collection[Role]) -> str | None:
    """Say why these roles may not meet in one person, or None.

    Whoever asks for a return does not decide it (Art. 20), and whoever gives access does not
    audit its use or look at callers (Art. 35).
    """
    held = frozenset(roles)
    if held & UNIT_ROLES and held & HOTLINE_ROLES:
        return "a unit's role and the hotline's: nobody decides their own unit's returns"
    if Role.AUDITOR in held and len(held) > 1:
        return "auditor and another role: nobody audits their own work"
    if Role.ADMINISTRATOR in held and len(held) > 1:
        return "administrator and another role: who gives rights does not use them"
    return None
