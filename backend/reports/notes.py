"""What stands beneath every report: how it was counted, so that anyone can count it again."""

from __future__ import annotations

from backend.deadlines.moments import in_shanghai
from backend.statistics.display import percent
from backend.statistics.frozen import digest, freeze
from backend.statistics.months import Month
from backend.statistics.report import FORMULAS, Report

_MOMENT = "%Y年%m月%d日 %H:%M:%S"


def title_of(report: Report) -> str:
    """Name a report."""
    span = report.period.span
    name = f"{span.year}年{span.month}月" if isinstance(span, Month) else f"{span.year}年度"
    return f"{name}接诉即办考核报表{'（考核期未结束，暂计）' if report.preliminary else ''}"


def notes_of(report: Report, scope: str) -> list[tuple[str, str]]:
    """Return pairs of a name and its words."""
    rules = report.settings
    begins, ends = (in_shanghai(one) for one in (report.period.begins, report.period.ends))
    weights = (
        f"综合得分 = {rules.contact_weight}×响应率 + {rules.solution_weight}×解决率"
        f" + {rules.satisfaction_weight}×满意率"
    )
    bands = "，".join(f"{one.name} ≥ {percent(one.at_least)}" for one in rules.bands)
    return [
        ("范围", scope),
        ("考核期", f"{begins:{_MOMENT}} 起，至 {ends:{_MOMENT}} 前"),
        ("统计时刻", f"{in_shanghai(report.counted_at):{_MOMENT}}（此后才知道的不计入）"),
        ("有效回访数V", "三问均有明确回答的回访；占线、未接、拒绝等按原因单列，不当作任何一种评价"),
        ("响应率", "已联系 ÷ V"),
        ("解决率", f"（已解决 + {rules.partly_solved}×部分解决）÷ V"),
        ("满意率", f"（满意 + {rules.basically_satisfied}×基本满意）÷ V"),
        ("综合得分", weights),
        ("等次", f"{bands}；同一等次内不排名"),
        ("不予评价", f"V 小于 {rules.smallest_valid} 时不计算比率，不按 0 或 100 计"),
        ("上下限", f"威尔逊区间，z = {float(rules.z):.2f}"),
        ("合计", "由件数合并计算；成员平均得分仅供对照"),
        ("规则版本", f"{rules.version}（{rules.digest}），公式 {FORMULAS}"),
        ("校验码", digest(freeze(report))),
    ]
