"""What pages call things, in Chinese: times, states, who did it, what went wrong."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from backend.deadlines import SHANGHAI
from backend.tickets.states import State

TIERS = {"2h": "2小时", "24h": "24小时", "3d": "3个工作日", "5d": "5个工作日"}
FIELDS = {
    "kind": "诉求类型",
    "acceptable": "是否受理",
    "reason": "理由",
    "category": "事项类别",
    "district": "区县",
    "place": "地点",
    "time": "时间",
    "date": "日期",
    "contact": "联系方式",
    "tier": "办理时限",
    "unit": "承办单位",
    "unit_id": "承办单位",
    "basis": "依据",
    "answer": "答复内容",
    "body": "转交单位",
    "clause": "适用条款",
    "told_at": "告知时间",
    "service": "紧急热线",
    "version": "版本",
    "login": "账号",
    "password": "密码",
    "old": "原密码",
    "new": "新密码",
    "number": "工单编号",
    "note": "备注",
    "result": "办理结果",
    "working_days": "工作日数",
    "progress": "进展",
    "caller_told_at": "告知时间",
    "legal_basis": "法律依据",
    "opinion": "处理意见",
    "measures": "必要措施",
    "scope": "范围",
    "standard": "标准",
    "procedure": "程序",
    "review_on": "复查日期",
    "finding": "复查结论",
    "callback": "回访结果",
    "explanation": "解释说明",
    "lacking": "未办事项",
    "into": "并入工单",
    "name": "名称",
    "roles": "角色",
    "title": "标题",
    "keywords": "关键词",
    "good_until": "有效期",
    "parent_id": "上级单位",
    "level": "层级",
    "duties": "职责类别",
    "from_month": "起始月份",
    "settings": "考核规则",
    "contact_weight": "响应率权重",
    "solution_weight": "解决率权重",
    "satisfaction_weight": "满意率权重",
    "partly_solved": "部分解决计入",
    "basically_satisfied": "基本满意计入",
    "smallest_valid": "最小样本",
    "experts": "参与论证人员",
    "question": "疑难问题",
    "tickets": "工单",
    "why_late": "未办结或超时的理由",
    "verdict": "结论",
    "grounds": "复核理由",
    "words": "诉求人的说法",
    "decision": "决定",
    "right_service": "应转的紧急热线",
    "critical": "危及生命",
    "file": "文件",
}
ERRORS = {
    "unauthorised": "请先登录。",
    "refused": "账号或密码不对。请核对后重试，或请管理员重置密码。",
    "locked": "密码错误次数过多，已暂时锁定。请稍后再试，或请管理员解锁。",
    "password_must_change": "密码由他人设置，请先改为自己的密码。",
    "wrong_password": "原密码不对，请重新输入。",
    "same_password": "新密码与原密码相同，请换一个。",
    "weak_password": "新密码太弱，请换一个更长、不常见的。",
    "form_token": "页面已过期，请刷新后重新提交。",
    "changed_meanwhile": "这件工单刚刚被别人改动过。请刷新后重新填写。",
    "no_such_move": "工单当前状态不能这样办理，请刷新查看。",
    "no_such_ticket": "没有这个编号的工单，或您无权查看。",
    "no_such_call": "没有这个来电记录。",
    "taken_already": "这件草稿已被其他话务员领取。",
    "not_free": "这位同事不在席或正在通话，请另选，或转回排队。",
    "nothing_to_take": "没有等待处理的草稿。",
    "not_told_yet": "告知时间在将来。请先告知诉求人理由，再作不予受理。",
    "inactive_unit": "该承办单位已停用，请另选。",
    "no_such_unit": "没有这个承办单位，请另选。",
    "later_than_the_lead": "协办单位的时限不能晚于牵头单位，请选更短的时限。",
    "exists_already": "已经存在，不能重复，请换一个。",
    "fixed_at_dispatch": "派发后时限和承办单位不能直接更正，请用改派或延期。",
    "own_rights": "本人的角色、单位和停用由其他管理员变更。",
    "last_administrator": "这是最后一名在用的系统管理员，请先增加一名。",
    "not_lead": "只有牵头单位可以这样办理。",
    "not_co_handler": "只有协办单位可以这样办理。",
    "asked_already": "延期申请正在等待审核。",
    "not_yours": "这不是您单位的事项。",
    "own_text": "不能审核自己编写的内容，请由他人审核。",
    "nothing_waits": "没有等待审核的内容。",
    "no_such_article": "没有这条知识，或尚未发布。",
    "highest_level": "督办已是最高级别。",
    "not_in_a_state_for_this": "这件督办当前不能这样办理，请刷新查看。",
    "wrong_rows": "表格中有需要改正的行，没有导入任何条目。",
    "reason_missing": "请写明理由（4至500字），将与您的姓名一起留痕。",
    "no_emergency": "这次通话中没有发现危险情况。",
    "no_rating": "这件工单没有计入考核的评价，不能申请复核。",
    "too_late": "已过可以申请的期限。",
    "disputed_before": "这个评价已经复核过或正在复核，不能再次申请。",
    "citizen_not_heard": "请先听取诉求人的说法，或记录联系经过，再作决定。",
    "decided": "这件复核已经作出决定，不能更改。",
    "not_counted": "工单已不在办结状态，不必决定。",
    "no_such_dispute": "没有这件复核或疑难事项。",
    "no_such_alarm": "没有这条警报。",
    "no_such_sound": "没有这段录音；通话结束后录音才会出现。",
    "recording_removed": "录音已过保存期限，已经删除。",
    "no_such_task": "没有这项待办，请刷新查看。",
    "already_done": "别人已经办完了这一项。",
    "database_away": "数据库暂时没有应答，没有改动任何内容。请稍后再试。",
}
BY_STATUS = {
    400: "请求无法读取，请刷新后重试。",
    401: "请先登录。",
    403: "您的角色不能进行这项操作。需要时请联系管理员。",
    404: "没有这个页面或内容。",
    405: "不能这样打开这个地址。",
    409: "当前状态不能这样办理，请刷新后查看。",
    413: "内容太大，请减小后重试。",
    422: "填写有误，请更正后重试。",
    429: "操作太频繁，请稍后再试。",
    503: "系统的一部分暂时没有应答，请稍后再试。",
}


def when(moment: dt.datetime | str | None) -> str:
    """Say a moment in the city's time: 11-23 16:05, with the year if it is another."""
    if moment is None:
        return "—"
    if isinstance(moment, str):
        moment = dt.datetime.fromisoformat(moment)
    local = moment.astimezone(SHANGHAI)
    this_year = local.year == dt.datetime.now(SHANGHAI).year
    return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")


def local(moment: dt.datetime) -> str:
    """Write a moment as a `datetime-local` field wants it, in the city's time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def day(moment: dt.datetime | None) -> str:
    """Say the day of a moment in the city's time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d") if moment else "—"


def span(seconds: float) -> str:
    """Say a length of time: 3天4小时, 2小时5分, 40秒."""
    whole = abs(int(seconds))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    if days:
        return f"{days}天{hours}小时"
    if hours:
        return f"{hours}小时{minutes}分"
    return f"{minutes}分{secs}秒" if minutes else f"{secs}秒"


def left(due_at: dt.datetime | None) -> str:
    """Say the time left until a moment, or how long it has been overdue."""
    if due_at is None:
        return "—"
    seconds = (due_at - dt.datetime.now(dt.UTC)).total_seconds()
    return f"剩{span(seconds)}" if seconds >= 0 else f"超时{span(seconds)}"


def state(name: str) -> str:
    """Say a state of a ticket."""
    return State(name).chinese


def tier(name: str) -> str:
    """Say a time limit."""
    return TIERS.get(name, name)


def percent(share: float | None) -> str:
    """Say a share of one with one decimal; of nothing there is none."""
    return "无样本" if share is None else f"{share * 100:.1f}%"


def actor(name: str) -> str:
    """Say who did something, without a look-up of the person."""
    kind, _, rest = name.partition(":")
    named = {"machine": "系统", "service": "系统", "person": f"工号{rest}", "token": "外部系统"}
    return named.get(kind, name)


def problem(error: str, status: int, field: str | None) -> str:
    """Say what went wrong and what to do, in one sentence for the person at the page."""
    said = ERRORS.get(error) or BY_STATUS.get(status) or "系统出错，已记录。请稍后再试。"
    named = FIELDS.get((field or "").split(".")[0])
    if status in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT) and named:
        return said if error in ERRORS else f"“{named}”{said}"
    return said


FILTERS = {
    "when": when,
    "day": day,
    "local": local,
    "span": span,
    "left": left,
    "state": state,
    "tier": tier,
    "percent": percent,
    "actor": actor,
}
"""The filters of the templates."""
