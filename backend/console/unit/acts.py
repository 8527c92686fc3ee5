"""The forms of the acts on a ticket: what each asks for, in the words of the regulation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.dispatch.endpoints import DOORS
from backend.people.identity import Identity
from backend.tickets.models import Assignment, Ticket
from backend.tickets.moves import step
from backend.tickets.states import State


class Kind(StrEnum):
    """How a field is filled in."""

    WORDS = "words"
    MOMENT = "moment"
    DAY = "day"
    NUMBER = "number"
    TIER = "tier"
    UNIT = "unit"
    ABOVE = "above"
    YES = "yes"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: Kind = Kind.WORDS
    needed: bool = True


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act: its address below the ticket, its title, a line of help, and its fields."""

    path: str
    title: str
    help: str
    fields: tuple[Field, ...] = ()
    colour: str = "primary"


_REASON = Field("reason", "理由")
_TOLD = Field("caller_told_at", "告知诉求人的时间", Kind.MOMENT)
_UNIT = Field("unit_id", "承办单位", Kind.UNIT)
_BASIS = Field("basis", "依据")
_REVIEW = Field("review_on", "下次复查日期", Kind.DAY)
LEAD = (
    ActForm("sign", "签收", "办理时限自派单时起算，签收不影响时限（第二十条）。"),
    ActForm("start", "开始办理", "及时联系诉求人，了解具体情况（第二十二条）。"),
    ActForm(
        "reply",
        "答复反馈",
        "在时限内向诉求人和热线反馈办理情况（第二十二条）。请先告知诉求人。",
        (Field("result", "办理结果"), _TOLD),
    ),
    ActForm(
        "co-handlers",
        "请求协办",
        "首接单位牵头，协办单位按期把结果报首接单位（第二十一条）。",
        (Field("unit_id", "协办单位", Kind.UNIT), Field("tier", "协办时限", Kind.TIER), _REASON),
        "secondary",
    ),
    ActForm(
        "extension",
        "申请延期",
        "须在时限届满前提出，并已把阶段进展和延期情况告知诉求人；一般不超过五个工作日（第十九条）。",
        (
            Field("working_days", "延长工作日数", Kind.NUMBER),
            _REASON,
            Field("progress", "阶段性工作进展"),
            _TOLD,
            Field("legal_basis", "超过五个工作日的法律依据", needed=False),
        ),
        "secondary",
    ),
    ActForm(
        "return",
        "申请退单",
        "不属于本单位职责的，及时申请并说明理由和依据；审核期间时限继续计算（第二十条）。",
        (_REASON, Field("basis", "依据（三定方案、法规条款等）")),
        "secondary",
    ),
    ActForm(
        "escalate",
        "报请上级协调",
        "自身难以解决的，报请本级政府或者上级主管部门（第二十三条）。",
        (Field("unit_id", "报请单位", Kind.ABOVE), _REASON),
        "secondary",
    ),
)
HELPER = (
    ActForm(
        "report",
        "向首接单位反馈",
        "按期报送办理结果；不能按期办结的说明理由和阶段进展（第二十一条）。",
        (
            Field("done", "已经办结", Kind.YES),
            Field("result", "办理结果或阶段进展"),
            Field("why_late", "未办结或超时的理由", needed=False),
        ),
    ),
)
SUPERIOR = (
    ActForm(
        "guide",
        "提出处理意见",
        "对报请事项及时分析研判，提出意见，采取必要措施（第二十三条）。",
        (Field("opinion", "处理意见"), Field("measures", "采取的措施")),
    ),
)
HOTLINE = (
    ActForm(
        "dispatch",
        "派发",
        "按派单目录派发至承办单位，时限自此起算（第十六条至第十八条）。",
        (_UNIT, _BASIS, Field("tier", "办理时限", Kind.TIER, needed=False)),
    ),
    ActForm(
        "reassign",
        "改派",
        "明确其他承办单位，写明理由和依据（第十七条、第二十一条）。",
        (_UNIT, _BASIS, _REASON, Field("tier", "办理时限", Kind.TIER, needed=False)),
        "secondary",
    ),
    ActForm("return/accept", "同意退单", "同意后即时转派其他单位（第二十条）。", (_REASON,)),
    ActForm(
        "return/refuse",
        "不同意退单",
        "说明理由，由原承办单位继续办理，时限不变（第二十条）。",
        (_REASON,),
        "danger",
    ),
    ActForm("extension/grant", "同意延期", "新的时限随即固定（第十九条）。", (_REASON,)),
    ActForm("extension/refuse", "不同意延期", "时限不变（第十九条）。", (_REASON,), "danger"),
    ActForm("accept-reply", "答复审核通过", "随后回访诉求人（第二十五条）。"),
    ActForm(
        "redo",
        "退回补充办理",
        "存在应办未办情况的，补充办理（第二十六条）。",
        (Field("lacking", "应办未办事项"), Field("tier", "补充办理时限", Kind.TIER, needed=False)),
        "danger",
    ),
    ActForm(
        "close",
        "办结",
        "如实记录回访评价结果（第二十五条）。",
        (Field("callback", "回访结果", Kind.CALLBACK), Field("note", "备注", needed=False)),
    ),
    ActForm(
        "explain",
        "解释后办结",
        "因客观条件限制等导致差评的，耐心解释、争取理解（第二十六条）。",
        (_REASON, Field("explanation", "向诉求人所作的解释")),
        "secondary",
    ),
    ActForm(
        "long-list",
        "列入挂账",
        "短时间内难以解决的，明确范围、标准、程序（第十九条）。",
        (
            Field("scope", "范围"),
            Field("standard", "标准"),
            Field("procedure", "程序"),
            _REVIEW,
            _REASON,
        ),
        "secondary",
    ),
    ActForm(
        "long-list/review",
        "挂账复查",
        "记录复查结论和下次复查日期。",
        (Field("finding", "复查结论"), _REVIEW),
        "secondary",
    ),
    ActForm("long-list/take-off", "移出挂账", "现在可以办理。", (_REASON,), "secondary"),
)
_DOORS = {door.path: door for door in DOORS}


def open_to(
    asker: Identity, ticket: Ticket, lead: Assignment | None, helper: Assignment | None
) -> list[ActForm]:
    """Return the acts that the ticket has now and the asker may do, by their part in it."""
    offered = [*(LEAD if lead else ()), *(HELPER if helper else ())]
    offered += [*(SUPERIOR if _asked(asker, ticket) else ()), *HOTLINE]
    return [one for one in offered if may(asker, ticket, one)]


def may(asker: Identity, ticket: Ticket, act: ActForm) -> bool:
    """Tell whether a ticket has an act now and the asker holds its right."""
    door = _DOORS[act.path]
    if step(State(ticket.state), door.move) is None or not asker.may(door.right):
        return False
    decides = act.path.startswith("extension/")
    asks_again = act.path == "extension" and "extension" in ticket.pending
    return not asks_again and (not decides or "extension" in ticket.pending)


def _asked(asker: Identity, ticket: Ticket) -> bool:
    path, escalated = asker.sight.path, ticket.pending.get("escalation")
    return bool(path and escalated and path.endswith(f"/{escalated['unit']}/"))
