"""What the pages of emergencies and lines call things, in Chinese."""

from __future__ import annotations

from backend.emergencies.notices import Judged
from backend.emergencies.tasks import Result
from backend.emergencies.wording import SERVICES, service_name

VERDICTS = {
    Judged.TRUE: "属实",
    Judged.FALSE: "误报",
    Judged.MISSED: "漏报",
    Judged.WRONG_SERVICE: "转错部门",
}
RESULTS = {Result.TOLD: "已通知", Result.NOT_NEEDED: "不需要", Result.NOT_REACHED: "未能接通"}
LEVELS = {"critical": "特急", "urgent": "紧急", "notice": "提示"}
_DECISIONS = {"certain": "确定", "doubtful": "疑似", "none": "言语中未识别"}
_SOURCES = {"word": "言语识别", "key": "按键", "agent": "话务员"}
_ENDS = {
    "answered": "已接通",
    "busy": "占线",
    "no_answer": "无人接听",
    "failed": "线路不通",
    "far_hangup": "对方接起后立即挂断",
    "caller_left": "来电人已挂断",
}
_TRUNK = {
    "NOT_INUSE": "有应答，空闲",
    "INUSE": "有应答，使用中",
    "RINGINUSE": "有应答，使用中",
    "RINGING": "有应答，振铃中",
    "ONHOLD": "有应答，保持中",
    "BUSY": "有应答，全忙",
    "UNAVAILABLE": "没有应答",
    "INVALID": "没有这条中继",
    "UNKNOWN": "状态不明",
}


def service(name: str | None) -> str:
    """Name a service."""
    return service_name(name)


def services() -> dict[str, str]:
    """Return every service by its number."""
    return SERVICES


def decision(name: str) -> str:
    """Say how sure the detector was."""
    return _DECISIONS.get(name, name)


def sources(names: list[str]) -> str:
    """Say what made the hotline act."""
    return "、".join(_SOURCES.get(one, one) for one in names) or "未动作"


def end(name: str | None) -> str:
    """Say how a ringing ended."""
    return _ENDS.get(name or "", name or "进行中")


def trunk(state: str) -> str:
    """Say what the exchange tells of a trunk."""
    return _TRUNK.get(state.upper(), state)
