"""The entry that fits most closely is proposed, the next one of another unit beside it."""

import pytest

from backend.duties import starting
from backend.duties.matching import Duty, Matter, propose

CITY = Duty("ZS-01", "噪声油烟", "市生态环境局", "统一监督")
COUNTY = Duty("ZS-02", "噪声油烟", "莲池区城管局", "属地执法", district="莲池区")
BUILDING = Duty("ZS-03", "噪声油烟", "住建局", "施工许可", words=("施工", "工地"))
STREET = Duty("ZS-04", "噪声油烟", "裕华街道", "属地", district="莲池区", place="裕华路")


@pytest.mark.parametrize(
    ("matter", "entry", "runner_up"),
    [
        (Matter("噪声油烟"), CITY, None),
        (Matter("噪声油烟", "莲池区"), COUNTY, CITY),
        (Matter("噪声油烟", "竞秀区", "裕华路"), CITY, None),
        (Matter("噪声油烟", "莲池区", "裕华路12号"), STREET, COUNTY),
        (Matter("噪声油烟", "莲池区", "裕华路12号", "工地夜里施工"), BUILDING, STREET),
    ],
)
def test_the_narrower_entry_goes_first(matter: Matter, entry: Duty, runner_up: Duty | None) -> None:
    found = propose([CITY, COUNTY, BUILDING, STREET], matter)

    assert (found.entry, found.runner_up, found.clear) == (entry, runner_up, True)
    assert entry.code in found.why


def test_two_units_equally_close_are_not_clear() -> None:
    rival = Duty("ZS-05", "噪声油烟", "莲池区公安局", "社会生活噪声", district="莲池区")

    found = propose([COUNTY, rival], Matter("噪声油烟", "莲池区"))

    assert not found.clear
    assert (found.entry, found.runner_up) == (COUNTY, rival)
    assert "第十七条第三款" in found.why


def test_a_matter_without_an_entry_is_not_clear() -> None:
    found = propose([CITY], Matter("供热"))

    assert (found.entry, found.clear) == (None, False)


def test_the_starting_list_has_an_entry_for_every_matter_in_every_district() -> None:
    listed = starting.entries()

    assert len({one.code for one in listed}) == len(listed)
    found = propose(listed, Matter("供热", "涿州市"))
    assert found.clear
    assert found.entry
    assert found.entry.unit == "涿州市供热主管部门（住房和城乡建设局）"
    assert found.runner_up
    assert found.runner_up.district is None
