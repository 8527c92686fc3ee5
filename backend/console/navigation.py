"""The links at the top of every page; one is shown to those whom its page lets in."""

from __future__ import annotations

from dataclasses import dataclass

from backend.people.identity import Identity
from backend.people.rights import Right


@dataclass(frozen=True, slots=True)
class Link:
    """A page: its Chinese name, its address, and the right that opens it."""

    name: str
    address: str
    right: Right


PAGES: list[Link] = [
    Link("话务席", "/console/desk", Right.DRAFT),
    Link("承办收件箱", "/console/unit/inbox", Right.SIGN),
    Link("督办与征询", "/console/unit/cases", Right.HANDLE),
    Link("紧急来电", "/console/emergencies", Right.SEE_CALLS),
    Link("线路与警报", "/console/lines", Right.SEE_ALARMS),
    Link("督办台", "/console/supervisor", Right.SUPERVISE),
    Link("待审核", "/console/decisions", Right.DECIDE_RETURN),
    Link("超时", "/console/late", Right.DECIDE_RETURN),
    Link("督办件", "/console/supervisions", Right.SUPERVISE),
    Link("疑难事项", "/console/disputes", Right.SETTLE_DISPUTES),
    Link("评价复核", "/console/ratings", Right.SEE_STATISTICS),
    Link("统计", "/console/statistics", Right.SEE_STATISTICS),
    Link("知识库", "/console/knowledge", Right.WRITE_KNOWLEDGE),
    Link("派单目录", "/console/duties", Right.KEEP_DUTIES),
    Link("考核规则", "/console/settings", Right.KEEP_RATES),
    Link("人员", "/console/people", Right.SEE_PEOPLE),
    Link("承办单位", "/console/units", Right.KEEP_UNITS),
    Link("流程", "/console/flows", Right.SEE_FLOWS),
    Link("审计", "/console/audit", Right.READ_AUDIT),
]
"""In the order in which they are shown."""


def links_for(asker: Identity | None) -> list[Link]:
    """Return the links of the pages that open for somebody."""
    return [link for link in PAGES if asker is not None and asker.may(link.right)]
