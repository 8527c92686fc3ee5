"""Import and export of the catalogue: every row is checked, and one wrong row stops them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.deadlines import Tier
from backend.duties import sheets
from backend.duties.matching import Duty
from backend.errors import Invalid, Problem
from backend.intake import gazetteer, urgency
from backend.units.models import Unit

CODE, MATTER, WORDS, DISTRICT, PLACE = "编号", "事项", "关键词", "区县", "地点"
UNIT, TIER, BASIS = "承办单位", "办理时限", "依据"
HEADINGS = (CODE, MATTER, WORDS, DISTRICT, PLACE, UNIT, TIER, BASIS)
LONGEST = {CODE: 40, PLACE: 100, UNIT: 100, BASIS: 1000}
MOST_PROBLEMS = 100
_SPLIT = str.maketrans("、，,；;", "|||||")


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may name: categories, districts, and the units by name (None: more than one)."""

    categories: frozenset[str]
    districts: frozenset[str]
    units: Mapping[str, int | None]


async def known(session: AsyncSession) -> Known:
    """Return what can be named now."""
    places = gazetteer.load()
    units: dict[str, int | None] = {}
    for unit_id, name in await session.execute(select(Unit.id, Unit.name).where(Unit.active)):
        units[name] = None if name in units else unit_id
    own = frozenset(places.districts) - places.neighbours
    return Known(frozenset(urgency.usual()), own, units)


def read(content: bytes, names: Known, *, unknown_units: bool = False) -> list[Duty]:
    """Return the entries of a file; Invalid with a problem for every wrong cell.

    With `unknown_units` an entry may name a unit that is not in the tree yet.
    """
    problems: list[Problem] = []
    duties: list[Duty] = []
    lines: dict[str, int] = {}
    for row in sheets.read(content, HEADINGS):
        found = list(_faults(row.cells, names, unknown_units=unknown_units))
        code = row.cells[CODE]
        if code and (earlier := lines.setdefault(code, row.line)) != row.line:
            found.append((CODE, f"编号{code}与第{earlier}行重复", "每个条目用一个不同的编号"))
        problems += [Problem(field=f"第{row.line}行 {c}", problem=p, remedy=r) for c, p, r in found]
        if not found:
            duties.append(_duty(row.cells, names))
    if problems:
        raise _refused(problems)
    return duties


def table(duties: Iterable[Duty]) -> Iterable[Sequence[object]]:
    """Return entries as rows under `HEADINGS`."""
    for one in duties:
        words = "、".join(one.words)
        where = (one.district, one.place)
        yield (one.code, one.category, words, *where, one.unit, one.tier, one.basis)


def _faults(
    cells: Mapping[str, str], names: Known, *, unknown_units: bool
) -> Iterable[tuple[str, str, str]]:
    for name in (CODE, MATTER, UNIT, BASIS):
        if not cells[name]:
            yield name, "没有填写", f"填写{name}"
    for name, most in LONGEST.items():
        if len(cells[name]) > most:
            yield name, f"超过{most}字", "缩短后再导入"
    if cells[MATTER] and cells[MATTER] not in names.categories:
        yield (
            MATTER,
            f"没有“{cells[MATTER]}”这一事项",
            f"选用：{'、'.join(sorted(names.categories))}",
        )
    if cells[DISTRICT] and cells[DISTRICT] not in names.districts:
        yield DISTRICT, f"本市没有“{cells[DISTRICT]}”", "填写区县全称，全市通用的留空"
    if cells[TIER] and cells[TIER] not in list(Tier):
        yield TIER, f"没有“{cells[TIER]}”这一时限", f"选用：{'、'.join(Tier)}，或者留空"
    unit = cells[UNIT]
    if unit and names.units.get(unit, 0) is None:
        yield UNIT, f"有多个单位名为“{unit}”", "先在承办单位中改用可区分的名称"
    elif unit and unit not in names.units and not unknown_units:
        remedy = "先添加该承办单位，或者导入时选择保留未知单位"
        yield UNIT, f"承办单位中没有“{unit}”", remedy


def _duty(cells: Mapping[str, str], names: Known) -> Duty:
    words = (word.strip() for word in cells[WORDS].translate(_SPLIT).split("|"))
    return Duty(
        code=cells[CODE],
        category=cells[MATTER],
        unit=cells[UNIT],
        basis=cells[BASIS],
        words=tuple(dict.fromkeys(word for word in words if word)),
        district=cells[DISTRICT] or None,
        place=cells[PLACE] or None,
        tier=cells[TIER] or None,
        unit_id=names.units.get(cells[UNIT]),
    )


def _refused(problems: Sequence[Problem]) -> Invalid:
    first = problems[0]
    refused = Invalid(
        "wrong_rows",
        f"{first.field}：{first.problem}；共有{len(problems)}处需要改正，没有导入任何条目",
        field=first.field,
        remedy=first.remedy,
    )
    refused.body.problems = list(problems[:MOST_PROBLEMS])
    return refused
