"""Rate settings: versions in force, faults in plain words, and what a digest names."""

from fractions import Fraction

import pytest

from backend.statistics import (
    DEFAULT,
    History,
    Month,
    RateSettings,
    SettingsFault,
    read_settings,
)

TWO_VERSIONS = """
- version: "2022"
- version: "2027"
  from_month: 2027-01
  contact_weight: 0.2
  solution_weight: 0.4
  satisfaction_weight: 2/5
  smallest_valid: 30
"""


def test_each_month_has_the_version_in_force_and_earlier_ones_the_first() -> None:
    history = read_settings(TWO_VERSIONS)

    found = [history.in_force(Month(*at)).version for at in ((1999, 1), (2026, 12), (2027, 1))]

    assert found == ["2022", "2022", "2027"]
    assert history.in_force(Month(2030, 1)).contact_weight == Fraction(1, 5)


def test_the_usual_settings_are_a_tenth_a_half_and_four_tenths() -> None:
    usual = DEFAULT.in_force(Month(2026, 11))

    weights = (usual.contact_weight, usual.solution_weight, usual.satisfaction_weight)
    assert weights == (Fraction(1, 10), Fraction(1, 2), Fraction(2, 5))
    assert usual.basically_satisfied == Fraction(9, 10)
    assert usual.month_begins_on == 19


def test_equal_settings_have_equal_digests_however_they_are_written() -> None:
    (one,) = read_settings('- {version: "1", basically_satisfied: "0.90"}').versions
    (other,) = read_settings('- {version: "1", basically_satisfied: 9/10}').versions
    (third,) = read_settings('- {version: "1", basically_satisfied: 8/10}').versions

    assert one.digest == other.digest
    assert one.digest != third.digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: 1", "must be a list"),
        ("- {version: a, contact_weight: 0.2}", "must add up to 1"),
        ("- {version: a, contact_weight: many}", "contact_weight"),
        ("- {version: a, contact_weight: 1/0}", "contact_weight"),
        ("- {version: a, contact_weight: 1e999999999}", "contact_weight"),
        ("- {version: a, contact_weight: -0.1}", "contact_weight"),
        ("- {version: a, contact_weight: ０.1}", "contact_weight"),
        ("- {version: a, contact_weight: 2}", "contact_weight"),
        ("- {version: a, smallest_valid: 0}", "smallest_valid"),
        ("- {version: a, smallest_public: 1}", "smallest_public"),
        ("- {version: a, month_begins_on: 29}", "month_begins_on"),
        ("- {version: a, month_begins_on: 0}", "month_begins_on"),
        ("- {version: a, from_month: 2026-13}", "2026-13"),
        ("- {version: a, colour: red}", "colour"),
        ("- {version: a, bands: []}", "last band must begin at 0"),
        ("- {version: a, bands: [{name: x, at_least: 0.5}]}", "last band must begin at 0"),
        (
            "- {version: a, bands: [{name: x, at_least: 0}, {name: y, at_least: 0}]}",
            "from the highest down",
        ),
        ("[]", "at least one"),
        ("- {version: a}\n- {version: b}", "in order"),
        ("- {version: a}\n- {version: a, from_month: 2027-01}", "same name"),
        ("- [", "not YAML"),
        ("- {from_month: 2026-01}", "version"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SettingsFault, match=told):
        read_settings(text)


def test_a_binary_number_is_refused_because_it_is_not_the_one_that_was_written() -> None:
    with pytest.raises(ValueError, match="in quotes"):
        RateSettings.model_validate({"version": "a", "basically_satisfied": 0.9})


def test_no_version_at_all_is_refused() -> None:
    with pytest.raises(SettingsFault):
        History(())
