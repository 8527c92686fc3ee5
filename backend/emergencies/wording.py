"""What alarms of emergencies say, in Chinese; no telephone number stands in them."""

from __future__ import annotations

from backend.calls.entries import Attempt, Emergency
from backend.emergencies.signs import Sign
from backend.tickets.models import Ticket

SERVICES = {"110": "110报警", "119": "119火警", "120": "120急救", "122": "122交通事故报警"}
_RESULTS = {
    "busy": "占线",
    "no_answer": "无人接听",
    "failed": "线路不通",
    "far_hangup": "对方接起后立即挂断",
    "caller_left": "来电人已挂断",
}


def service_name(service: str | None) -> str:
    """Name a service as an agent says it."""
    return SERVICES.get(service or "", service or "紧急热线")


def of_start(one: Emergency, ticket: Ticket | None) -> str:
    """Say that a caller is in danger."""
    cue = f"来电人说“{one.cue}”。" if one.cue else ""
    return f"紧急来电，正在转接{service_name(one.service)}。{cue}{_where(ticket)}"


def of_hand(service: str, ticket: Ticket) -> str:
    """Say that a person has made a ticket an emergency."""
    return f"工作人员将工单转为紧急，需{service_name(service)}。{_where(ticket)}"


def of_attempt(service: str | None, number: int, attempt: Attempt, *, helped: bool) -> str:
    """Say that a route to a service has failed."""
    why = _RESULTS.get(attempt.result or "", "未接通")
    then = "后经其他线路接通。" if helped else "正在尝试下一条线路。"
    return f"{service_name(service)}第{number}次呼叫未成功：{why}。{then}请检查线路。"


def of_end(sign: Sign, ticket: Ticket | None) -> str:
    """Say that no service talked with the caller."""
    name = service_name(sign.service)
    todo = f"请立即人工联系{name}并回拨来电人。"
    return f"{name}未能接通：{sign.handover.chinese}。{todo}{_where(ticket)}"


def of_unheard(sign: Sign, ticket: Ticket | None) -> str:
    """Say that danger stands in the words of a call in which nobody acted on it."""
    cue = f"“{sign.cue}”" if sign.cue else "危险情况"
    missed = f"通话中说到{cue}，但未转接{service_name(sign.service)}。"
    return f"{missed}请立即核实并回拨来电人。{_where(ticket)}"


def of_second_service(service: str, ticket: Ticket) -> str:
    """Say that an agent must tell one more service."""
    return f"工单{ticket.number}还需要{service_name(service)}，请话务员立即通知。{_where(ticket)}"


def _where(ticket: Ticket | None) -> str:
    if ticket is None:
        return ""
    place = "".join(part for part in (ticket.district, ticket.place) if part)
    return f"工单{ticket.number}，地点：{place or '未说清'}。"
