"""Who leads, how fast, and by which entry."""

import pytest

from backend.intake import Kind, Tier, duties, urgency
from backend.intake.gazetteer import load
from backend.intake.lexicon import load as vocabulary
from backend.intake.rules import load as rules


def test_every_category_has_one_entry_with_a_unit_and_a_basis() -> None:
    entries = duties.load().entries

    assert sorted(entry.category for entry in entries) == sorted(urgency.usual())
    assert len({entry.id for entry in entries}) == len(entries)


@pytest.mark.parametrize("district", [None, *load().districts])
def test_a_unit_is_proposed_wherever_the_matter_is(district: str | None) -> None:
    for category in urgency.usual():
        unit, why = duties.lead(category, district)
        assert unit
        assert "{" not in unit
        assert duties.load().version in why


def test_a_neighbours_matter_goes_to_its_own_hotline() -> None:
    unit, why = duties.lead("供水", "定州市", neighbour=True)

    assert unit == "定州市政务服务便民热线"
    assert "第十六条" in why


def test_no_heating_for_a_whole_block_or_for_the_old_is_a_two_hour_matter() -> None:
    assert urgency.tier("整栋楼都没暖气", "供热", Kind.HELP, 0.9)[0] is Tier.TWO_HOURS
    assert urgency.tier("家里有老人冻得不行", "供热", Kind.HELP, 0.9)[0] is Tier.TWO_HOURS
    assert urgency.tier("温度差一点", "供热", Kind.HELP, 0.9)[0] is Tier.DAY


def test_danger_makes_a_matter_one_tier_faster_and_a_question_does_not() -> None:
    assert urgency.tier("井盖丢了", "市政设施", Kind.HELP, 0.9)[0] is Tier.TWO_HOURS
    assert urgency.tier("广告牌要掉下来砸到人", "城市管理", Kind.HELP, 0.9)[0] is Tier.DAY
    assert urgency.tier("井盖丢了问谁", "市政设施", Kind.QUESTION, 0.9)[0] is Tier.DAY


def test_vocabulary_and_rules_name_only_categories_that_exist() -> None:
    named = {category for topics in vocabulary().values() for category in topics}

    assert named == set(urgency.usual())
    assert {rule.category for rule in rules()} <= set(urgency.usual())
