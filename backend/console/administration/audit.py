"""The audit record as a page, for the auditor alone: search it, and prove that it is whole."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from backend.console.doors import console_router
from backend.console.pages import page
from backend.console.unit.history import names
from backend.database import Reading
from backend.deadlines import SHANGHAI
from backend.people import audit
from backend.people.access import require
from backend.people.audit import Act, AuditEntry
from backend.people.identity import Identity
from backend.people.rights import Right

router = console_router()
PAGE = 100
Auditor = Annotated[Identity, Depends(require(Right.READ_AUDIT))]
Name = Annotated[str, Query(max_length=100)]
ACTS = {
    Act.LOOKED_AT_NUMBER: "查看号码",
    Act.HEARD_RECORDING: "收听录音",
    Act.KEPT_CONFIDENTIAL: "登记保密",
    Act.SIGNED_IN: "登录",
    Act.SIGNED_OUT: "退出",
    Act.LOCKED: "登录锁定",
    Act.UNLOCKED: "解除锁定",
    Act.PASSWORD_CHANGED: "修改密码",
    Act.PASSWORD_RESET: "重置密码",
    Act.PERSON_ADDED: "增加人员",
    Act.PERSON_CHANGED: "变更人员",
    Act.TOKEN_MADE: "发放接入令牌",
    Act.TOKEN_REVOKED: "收回接入令牌",
    Act.UNIT_ADDED: "增加单位",
    Act.UNIT_CHANGED: "变更单位",
    Act.ALARM_ACKNOWLEDGED: "确认警报",
    Act.EMERGENCY_REVIEWED: "复核紧急识别",
    Act.ABUSE_JUDGED: "审核滥用热线",
    Act.EXPORTED: "导出数据",
    Act.FILE_SEALED: "文件归档",
    Act.FILE_REMOVED: "文件到期清除",
    Act.FILE_READ: "读取归档文件",
    Act.HOLD_PLACED: "设置保全",
    Act.HOLD_LIFTED: "解除保全",
    Act.CALL_ARCHIVED: "来电归档",
    Act.HISTORY_WITNESSED: "工单历史存证",
    Act.RATES_CHANGED: "变更考核规则",
    Act.RATING_DISPUTED: "申请复核评价",
    Act.RATING_HEARD: "听取诉求人意见",
    Act.RATING_REVIEWED: "复核评价",
    Act.REPORT_KEPT: "固定报表",
    Act.FIGURES_PUBLISHED: "公开数据",
}
"""Act -> its Chinese words; one that is not here is shown by its own name."""


@router.get("/audit")
async def entries(
    request: Request,
    auditor: Auditor,
    session: Reading,
    act: Name = "",
    actor: Name = "",
    subject: Name = "",
    day: Name = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> HTMLResponse:
    """Show recorded acts, newest first, by who did them, to what, and on which day."""
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(PAGE + 1)
    wanted = {"act": act, "actor": actor, "subject": subject}
    for name, value in wanted.items():
        if plain := value.replace("\x00", "").strip():
            query = query.where(getattr(AuditEntry, name) == plain)
    begin, wrong = _day(day)
    if begin:
        query = query.where(AuditEntry.at >= begin, AuditEntry.at < begin + dt.timedelta(days=1))
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    found = list(await session.scalars(query))
    return page(
        request,
        "administration/audit.html",
        entries=found[:PAGE],
        more=found[PAGE - 1].seq if len(found) > PAGE else None,
        people=await names(session, (one.actor for one in found)),
        acts=ACTS,
        wrong=wrong,
        asked={**wanted, "day": day},
    )


@router.get("/audit/check")
async def check(request: Request, auditor: Auditor, session: Reading) -> HTMLResponse:
    """Prove the chain of the record from its beginning."""
    fault = await audit.fault(session)
    said = "审计记录完整，没有改动、缺失或乱序。" if fault is None else f"审计记录不完整：{fault}"
    kind = "success" if fault is None else "danger"
    return page(request, "notice.html", said=said, kind=kind)


def _day(text: str) -> tuple[dt.datetime | None, str | None]:
    if not text.strip():
        return None, None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), SHANGHAI), None
    except ValueError:
        return None, "日期请写成 2026-11-23 的样子，已按全部日期列出。"
