"""Rights 权限: one table says which role holds which, and by which article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.people.roles import Role


class Right(StrEnum):
    """One thing that may be done; every endpoint names the one it needs."""

    OWN_ACCOUNT = "own_account"
    SEE_UNITS = "see_units"
    REPORT_CALLS = "report_calls"
    CARRY_NUMBERS = "carry_numbers"
    SEE_CALLS = "see_calls"
    SEE_TICKETS = "see_tickets"
    DRAFT = "draft"
    CORRECT = "correct"
    ASK_PROGRESS = "ask_progress"
    ANSWER_AT_ONCE = "answer_at_once"
    DISPATCH = "dispatch"
    REFUSE = "refuse"
    PASS_ON = "pass_on"
    HAND_TO_EMERGENCY = "hand_to_emergency"
    SEE_ALARMS = "see_alarms"
    ACKNOWLEDGE_ALARMS = "acknowledge_alarms"
    REVIEW_EMERGENCIES = "review_emergencies"
    SETTLE_DISPUTES = "settle_disputes"
    KEEP_DUTIES = "keep_duties"
    KEEP_CALENDAR = "keep_calendar"
    SIGN = "sign"
    HANDLE = "handle"
    REPLY = "reply"
    ASK_RETURN = "ask_return"
    DECIDE_RETURN = "decide_return"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    LIST_LONG = "list_long"
    ASK_HELP = "ask_help"
    ESCALATE = "escalate"
    SUPERVISE = "supervise"
    CALL_BACK = "call_back"
    REDO = "redo"
    WARN = "warn"
    JUDGE_ABUSE = "judge_abuse"
    MARK_TOLERANCE = "mark_tolerance"
    WRITE_KNOWLEDGE = "write_knowledge"
    APPROVE_KNOWLEDGE = "approve_knowledge"
    SEE_STATISTICS = "see_statistics"
    PUBLISH = "publish"
    KEEP_RATES = "keep_rates"
    DISPUTE_RATING = "dispute_rating"
    REVIEW_RATING = "review_rating"
    EXPORT = "export"
    LOOK_AT_NUMBERS = "look_at_numbers"
    HEAR_RECORDINGS = "hear_recordings"
    LOOK_AT_CONFIDENTIAL = "look_at_confidential"
    ATTACH = "attach"
    HOLD = "hold"
    READ_AUDIT = "read_audit"
    SEE_PEOPLE = "see_people"
    SEE_FLOWS = "see_flows"
    KEEP_PEOPLE = "keep_people"
    UNLOCK_PEOPLE = "unlock_people"
    KEEP_UNITS = "keep_units"
    KEEP_TOKENS = "keep_tokens"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table: the Chinese words, the articles it rests on, and its holders."""

    chinese: str
    articles: tuple[int, ...]
    roles: frozenset[Role]
    service: bool = False
    """Held by the hotline's own programs."""
    token: bool = False
    """May be given to another system (Art. 32)."""


_LETTERS = {
    "A": Role.AGENT,
    "D": Role.DISPATCHER,
    "S": Role.SUPERVISOR,
    "h": Role.UNIT_HANDLER,
    "l": Role.UNIT_LEAD,
    "a": Role.AUDITOR,
    "K": Role.ADMINISTRATOR,
}


def _entry(holders: str, chinese: str, *articles: int) -> Entry:
    return Entry(
        chinese,
        articles,
        frozenset(_LETTERS[letter] for letter in holders if letter in _LETTERS),
        service="p" in holders,
        token="t" in holders,
    )


# Holders: A agent, D dispatcher, S supervisor, h unit handler, l unit lead, a auditor,
# K administrator (keeper), p the hotline's own programs, t may be given to another system.
TABLE: dict[Right, Entry] = {
    Right.OWN_ACCOUNT: _entry("ADShlaK", "管理本人账号", 35),
    Right.SEE_UNITS: _entry("ADShlaKt", "查看承办单位", 2),
    Right.REPORT_CALLS: _entry("p", "上报来电过程", 15),
    Right.CARRY_NUMBERS: _entry("p", "系统内部使用号码", 15, 35),
    Right.SEE_CALLS: _entry("ADSap", "查看来电", 15),
    Right.SEE_TICKETS: _entry("ADShlapt", "查看工单", 15, 16),
    Right.DRAFT: _entry("Apt", "起草工单", 15),
    Right.CORRECT: _entry("ADSp", "更正工单", 15),
    Right.ASK_PROGRESS: _entry("ADSpt", "查询办理进度", 13),
    Right.ANSWER_AT_ONCE: _entry("ADS", "即时答复", 16),
    Right.DISPATCH: _entry("ADS", "派发工单", 16, 17, 18),
    Right.REFUSE: _entry("ADS", "不予受理", 12, 16),
    Right.PASS_ON: _entry("ADS", "转交有关部门", 16),
    Right.HAND_TO_EMERGENCY: _entry("ADSp", "转紧急热线", 16),
    Right.SEE_ALARMS: _entry("ADSaKpt", "查看警报", 16),
    Right.ACKNOWLEDGE_ALARMS: _entry("ADSKt", "确认警报", 16),
    Right.REVIEW_EMERGENCIES: _entry("S", "复核紧急识别", 16),
    Right.SETTLE_DISPUTES: _entry("DS", "明确疑难事项承办单位", 17),
    Right.KEEP_DUTIES: _entry("DS", "维护派单目录", 17),
    Right.KEEP_CALENDAR: _entry("S", "维护工作日历", 18, 19),
    Right.SIGN: _entry("hl", "签收", 20),
    Right.HANDLE: _entry("hl", "办理", 22),
    Right.REPLY: _entry("hl", "答复反馈", 22),
    Right.ASK_RETURN: _entry("hl", "申请退单", 20),
    Right.DECIDE_RETURN: _entry("DS", "审核退单", 20),
    Right.ASK_EXTENSION: _entry("hl", "申请延期", 19),
    Right.DECIDE_EXTENSION: _entry("DS", "审核延期", 19),
    Right.LIST_LONG: _entry("DS", "列入挂账", 19),
    Right.ASK_HELP: _entry("hl", "牵头协办", 21),
    Right.ESCALATE: _entry("l", "报请上级协调", 23),
    Right.SUPERVISE: _entry("S", "督办", 24),
    Right.CALL_BACK: _entry("ADSp", "回访", 25),
    Right.REDO: _entry("DS", "退回补充办理", 26),
    Right.WARN: _entry("S", "风险预警", 31),
    Right.JUDGE_ABUSE: _entry("S", "审核滥用热线", 14, 40),
    Right.MARK_TOLERANCE: _entry("S", "容错认定", 41),
    Right.WRITE_KNOWLEDGE: _entry("ADShl", "编写知识", 7, 28),
    Right.APPROVE_KNOWLEDGE: _entry("Sl", "审核知识", 28),
    Right.SEE_STATISTICS: _entry("DSlat", "查看统计", 29, 30, 36),
    Right.PUBLISH: _entry("S", "公开数据", 37),
    Right.KEEP_RATES: _entry("S", "维护考核规则", 36),
    Right.DISPUTE_RATING: _entry("hl", "申请复核评价", 36),
    Right.REVIEW_RATING: _entry("S", "复核评价", 36),
    Right.EXPORT: _entry("Sat", "导出数据", 32, 35),
    Right.LOOK_AT_NUMBERS: _entry("ADShl", "查看联系方式", 13, 22, 35),
    Right.HEAR_RECORDINGS: _entry("ADSl", "收听录音", 13, 35),
    Right.LOOK_AT_CONFIDENTIAL: _entry("S", "查看保密诉求人", 13, 35),
    Right.ATTACH: _entry("ADShl", "上传附件", 22, 27),
    Right.HOLD: _entry("S", "保全档案", 27),
    Right.READ_AUDIT: _entry("a", "查阅审计记录", 27, 35, 38),
    Right.SEE_PEOPLE: _entry("SlaK", "查看人员", 7, 35),
    Right.SEE_FLOWS: _entry("DSaK", "查看来电流程", 15, 16),
    Right.KEEP_PEOPLE: _entry("K", "管理人员", 7, 35),
    Right.UNLOCK_PEOPLE: _entry("SK", "解除登录锁定", 35),
    Right.KEEP_UNITS: _entry("K", "管理承办单位", 2, 7),
    Right.KEEP_TOKENS: _entry("K", "管理系统接入", 32, 35),
}

SERVICE_RIGHTS = frozenset(right for right, entry in TABLE.items() if entry.service)
TOKEN_RIGHTS = frozenset(right for right, entry in TABLE.items() if entry.token)


def rights_of(role: Role) -> frozenset[Right]:
    """Return what a role may do."""
    return frozenset(right for right, entry in TABLE.items() if role in entry.roles)
