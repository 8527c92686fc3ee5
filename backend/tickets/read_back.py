"""The one sentence that tells a caller what was understood, and owns up to what was not."""

from __future__ import annotations

from dataclasses import dataclass

_VERBS = {"咨询": "咨询", "建议": "建议", "投诉": "投诉", "举报": "举报"}
_KEPT = "您反映的内容已经完整记录下来了，工作人员会仔细核对。"
_REFUSED = "这类事项可能不在热线受理范围内，工作人员会向您说明。"
_EMERGENCY = "您反映的紧急情况已经记录，并已转至紧急热线。"
NO_MATTER = "其他"
"""The category that says nothing a caller would recognise."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The parts of a draft that a read-back can name."""

    kind: str
    category: str
    district: str | None
    place: str | None
    acceptable: bool
    unsure: frozenset[str]


def read_back(draft: Understood, *, emergency: bool = False) -> str:
    """Say what was understood, in one sentence; what the machine is unsure of stays unsaid."""
    if emergency:
        return _EMERGENCY
    sure = {"category", "district", "place"} - draft.unsure
    where = (draft.district or "") if "district" in sure else ""
    if "place" in sure and draft.place:
        where += draft.place.removeprefix(where)
    matter = draft.category if "category" in sure and draft.category != NO_MATTER else ""
    verb = "反映" if "kind" in draft.unsure else _VERBS.get(draft.kind, "反映")
    match where, matter:
        case "", "":
            sentence = _KEPT
        case _, "":
            sentence = f"您{verb}的是{where}的问题。"
        case "", _:
            sentence = f"您{verb}的是{matter}问题。"
        case _:
            sentence = f"您{verb}的是{where}的{matter}问题。"
    return sentence if draft.acceptable or "acceptable" in draft.unsure else sentence + _REFUSED
